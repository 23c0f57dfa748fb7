import { randomBytes } from "node:crypto";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { passportDatabase } from "../../src/config/passport-service.js";
import { DatabaseApiKeyStore } from "../../src/database/api-key-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import type { NewKey } from "../../src/http/passport/passport-client.js";
import { ApiKeys, SCOPES, type Scope } from "../../src/scoring/service/api-keys.js";
import { systemClock } from "../../src/shared/clock.js";
import { oneOf, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openService, type ServiceArguments } from "./open-service.js";

interface KeyArguments extends ServiceArguments {
  name: string | undefined;
  scopes: string | undefined;
}

const createKey: NewTaskActionFunction<KeyArguments> = async (given, hre) =>
  run(async () => {
    const name = required(given.name, "--name");
    const scopes = required(given.scopes, "--scopes").split(",");
    const key = await make(
      name,
      scopes.map((scope) => oneOf(SCOPES, scope.trim(), "--scopes")),
      given,
      hre,
    );
    printResult(given.json, key, [
      key.key,
      `Key ${key.id} (${key.scopes.join(", ")}); its text is shown this once and stored hashed`,
    ]);
  });

/** Through a service that runs, or on the database that its settings name: somebody has to make the first key. */
async function make(
  name: string,
  scopes: readonly Scope[],
  given: KeyArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<NewKey> {
  if (given.service !== undefined) return (await openService(hre, given)).createKey(name, scopes);
  const db = await openDatabase(passportDatabase(process.env));
  try {
    const keys = new ApiKeys({ store: new DatabaseApiKeyStore(db), clock: systemClock, randomBytes });
    const { text, ...key } = await keys.create(name, scopes, null);
    return { ...key, key: text };
  } finally {
    await db.destroy();
  }
}

export default createKey;
