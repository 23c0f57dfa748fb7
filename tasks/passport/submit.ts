import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { type ListedScore, parseDropsFile, parseProofFile } from "../../src/passport/onchain/proof-file.js";
import { sendAll, simulateAll } from "../../src/chain/send-all.js";
import { sendingAccount } from "../accounts.js";
import { readText } from "../files.js";
import { parseNumber, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openRegistry, type RegistryArguments } from "./open.js";

interface SubmitArguments extends RegistryArguments {
  proof: string | undefined;
  drops: string | undefined;
  scorer: string | undefined;
  root: string | undefined;
  batch: string | undefined;
  from: string | undefined;
  dryRun: boolean;
  json: boolean;
}

/** Leaves of a tree of a million, and still half of what one transaction may cost. */
const BATCH = "100";

const submit: NewTaskActionFunction<SubmitArguments> = async (given, hre) =>
  run(async () => {
    const text = await readText(required(given.drops ?? given.proof, "--proof or --drops"), "The file with scores");
    const file = given.drops === undefined ? parseProofFile(text) : parseDropsFile(text);
    const size = Number(parseNumber(given.batch ?? BATCH, "--batch")) || 1;
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const registry = await openRegistry(hre, connection, given);
    const leaves = "scores" in file ? await findDrops(registry, file.scores, given) : file;
    const calls = await registry.submit(leaves, size);
    const { chainId } = await connection.ethers.provider.getNetwork();
    const [network, total] = [connection.networkName, leaves.submissions.length];
    const base = { network, chainId, account: signer.address, registry: registry.address, dryRun: given.dryRun, total };
    const announcement = `${signer.address} on ${network} (${chainId}): ${total} leaves in ${calls.length} transaction(s)`;
    if (calls.length === 0) {
      printResult(given.json, { ...base, sent: [] }, ["Nothing to do: none of the leaves is fresher."]);
    } else if (given.dryRun) {
      const gas = await simulateAll(signer, calls);
      const lines = [announcement, ...gas.map((each) => `Dry run: ${each} gas`), "Nothing was sent."];
      printResult(given.json, { ...base, sent: [], gas }, lines);
    } else {
      if (!given.json) console.log(announcement);
      const sent = await sendAll(signer, calls);
      const lines = sent.map((one) => `Mined in block ${one.blockNumber}: ${one.transactionHash}, ${one.gasUsed} gas`);
      printResult(given.json, { ...base, sent }, lines);
    }
  });

/** The drops of a listed root, by default the scorer's current one. */
async function findDrops(registry: PassportRegistryGateway, scores: readonly ListedScore[], given: SubmitArguments) {
  const scorerId = parseNumber(given.scorer ?? "1", "--scorer");
  const { number } = await registry.scorer(scorerId);
  return registry.drops(
    scorerId,
    given.root === undefined ? number : Number(parseNumber(given.root, "--root")),
    scores,
  );
}

export default submit;
