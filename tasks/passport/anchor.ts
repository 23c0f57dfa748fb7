import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseAnchorFile } from "../../src/passport/onchain/anchor-file.js";
import { sendingAccount } from "../accounts.js";
import { readText } from "../files.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openRegistry, type RegistryArguments } from "./open.js";

interface AnchorArguments extends RegistryArguments {
  file: string;
  from: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const anchor: NewTaskActionFunction<AnchorArguments> = async (given, hre) =>
  run(async () => {
    const signed = parseAnchorFile(await readText(given.file, "The anchor"));
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const registry = await openRegistry(hre, connection, given);
    const { scorerId, number, root } = signed.anchor;
    const facts = { registry: registry.address, scorerId, number, root };
    await submit(await registry.anchor(signed), { connection, signer, ...given }, facts);
  });

export default anchor;
