import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { readTokenDonations } from "../../src/chain/token-donations.js";
import { readReceivers } from "../../src/funding/read-donations.js";
import { writeTable } from "../../src/sybil/tables/write-table.js";
import { checkedAddress, parseNumber, required } from "../options.js";
import { outputFile } from "../output-file.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface DonationsArguments extends Record<
  "out" | "token" | "fromBlock" | "toBlock" | "confirmations",
  string | undefined
> {
  file: string;
  json: boolean;
}

const CONFIRMATIONS = "12";

const donations: NewTaskActionFunction<DonationsArguments> = async (given, hre) =>
  run(async () => {
    const target = await outputFile(required(given.out, "--out"), [given.file]);
    const query = {
      token: checkedAddress(required(given.token, "--token")),
      fromBlock: Number(parseNumber(required(given.fromBlock, "--from-block"), "--from-block")),
      toBlock: given.toBlock === undefined ? undefined : Number(parseNumber(given.toBlock, "--to-block")),
      confirmations: Number(parseNumber(given.confirmations ?? CONFIRMATIONS, "--confirmations")),
      projects: await readReceivers(given.file),
    };
    const { ethers } = await hre.network.create();
    const read = await readTokenDonations(ethers.provider, query);
    const { donations: rows, transfers, leftOut, fromBlock, toBlock } = read;
    await writeTable(
      target,
      ["donor", "project", "amount"],
      rows.map(({ donor, project, amount }) => [donor, project, amount]),
    );
    const donors = new Set(rows.map(({ donor }) => donor)).size;
    printResult(given.json, { donations: rows.length, donors, transfers, leftOut, fromBlock, toBlock, out: target }, [
      `${transfers} transfers of blocks ${fromBlock} to ${toBlock} are ${rows.length} donations of ${donors} donors`,
      ...(leftOut === 0 ? [] : [`${leftOut} were no gifts (minted, of nothing, or between projects) and do not count`]),
      `The donations are in ${target}`,
    ]);
  });

export default donations;
