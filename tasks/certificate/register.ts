import { randomBytes } from "node:crypto";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { registrationOf } from "../../src/chain/key-registration.js";
import { sendingAccount } from "../accounts.js";
import { required } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openKey } from "./key-file.js";
import { openRegistry, type SendingArguments } from "./open.js";

interface RegisterArguments extends SendingArguments {
  key: string | undefined;
}

const register: NewTaskActionFunction<RegisterArguments> = async (given, hre) =>
  run(async () => {
    const file = required(given.key, "--key");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const registry = await openRegistry(hre, connection, given);
    const { epoch } = await registry.clock();
    const key = await openKey(file, randomBytes, !given.dryRun);
    const registration = registrationOf(key, await registry.bindingContext(epoch, signer.address));
    const step = await registry.register(epoch, signer.address, registration);
    const facts = { registry: registry.address, epoch, signsIn: epoch + 2n };
    await submit(step, { connection, signer, ...given }, facts);
  });

export default register;
