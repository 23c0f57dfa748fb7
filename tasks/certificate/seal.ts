import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { SEAL_PAGE, sealEpoch } from "../../src/chain/seal-epoch.js";
import { sendingAccount } from "../accounts.js";
import { parseNumber } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openRegistry, type SendingArguments } from "./open.js";

interface SealArguments extends SendingArguments {
  epoch: string | undefined;
  page: string | undefined;
}

const seal: NewTaskActionFunction<SealArguments> = async (given, hre) =>
  run(async () => {
    const page = Number(parseNumber(given.page ?? String(SEAL_PAGE), "--page")) || 1;
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const registry = await openRegistry(hre, connection, given);
    const epoch = given.epoch === undefined ? (await registry.clock()).epoch - 1n : parseNumber(given.epoch, "--epoch");
    if (given.dryRun) {
      await submit(await registry.seal(epoch, page), { connection, signer, ...given }, { registry: registry.address });
      return;
    }
    const { sent, seal: result } = await sealEpoch(registry, epoch, signer, page);
    const facts = { network: connection.networkName, account: signer.address, registry: registry.address, epoch };
    const key =
      result.key === undefined ? [] : [`  ${result.key.leaves} stewards with ${result.key.totalStake} of stake`];
    printResult(given.json, { ...facts, sent, ...result }, [
      ...sent.map((one) => `Mined in block ${one.blockNumber}: ${one.transactionHash}, ${one.gasUsed} gas`),
      `Epoch ${epoch} is ${result.status}; its key signs in epoch ${epoch + 2n}`,
      ...key,
    ]);
  });

export default seal;
