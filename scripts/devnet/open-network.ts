import { randomBytes } from "node:crypto";
import path from "node:path";

import { DatabaseApiKeyStore } from "../../src/database/api-key-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import { PassportClient } from "../../src/http/passport/passport-client.js";
import { ApiKeys } from "../../src/scoring/service/api-keys.js";
import { systemClock } from "../../src/shared/clock.js";
import { Secret } from "../../src/shared/secret.js";
import { RULES } from "../demo/community.js";
import { newIssuer, writeIssuers } from "../demo/issuer.js";
import type { Narrator } from "../demo/narrator.js";
import { TOY } from "../demo/node-settings.js";
import { startChain } from "./chain.js";
import { deployContracts, enterEpoch } from "./contracts.js";
import { allRegistered, type World } from "./epoch.js";
import { Members } from "./members.js";
import { addNodes, addPassportService } from "./nodes.js";
import type { Supervisor } from "./supervisor.js";

const NAMES = ["Ada", "Grace", "Barbara", "Frances", "Radia"];

/** Starts every process; when it resolves, epoch 3 can begin: keys of two epochs are registered. */
export async function openNetwork(narrator: Narrator, supervisor: Supervisor, folder: string): Promise<World> {
  narrator.say("A network of processes on 127.0.0.1, killed and started again. Keys and parameters are a toy's.");
  narrator.chapter("The network starts");
  const chain = await startChain(supervisor);
  const stewards = NAMES.map((name, index) => ({ name, wallet: chain.account(index + 2) }));
  const contracts = await deployContracts(chain, stewards);
  narrator.step("deployer", "deploys the token and both registries", chain.url);
  narrator.step("five stewards", "hold and delegate to themselves 1,000 votes each", "");
  narrator.step(
    "Timelock",
    `makes scorer ${contracts.registryId}: only a certificate can anchor it`,
    "an account, here",
  );

  const authority = newIssuer();
  const issuers = path.join(folder, "issuers.json");
  writeIssuers(issuers, authority.issuer);
  const passport = await addPassportService(supervisor, { chain, contracts, issuers, folder });
  const apiKey = await makeKey(passport.data);
  await passport.process.start();
  const client = new PassportClient({ url: passport.url, access: { apiKey } });
  const { id: scorer } = await client.createScorer({ name: "Example", rules: RULES, reason: "presence and votes" });
  await client.linkRegistry(scorer, contracts.registryId);
  narrator.step("passport service", "keeps the log of scores", passport.url);

  const nodes = await addNodes(supervisor, { chain, contracts, stewards, scorer, issuers, folder }, passport);
  const { aggregator, follower, watcher, signers } = nodes;
  await Promise.all([aggregator, follower, watcher, ...signers.values()].map((node) => node.process.start()));
  const count = `${supervisor.count} processes`;
  narrator.step("nodes", "two aggregators, five signers and a watcher answer", count);
  const world = { narrator, chain, contracts, nodes, members: new Members(client, authority, scorer), scorer, folder };
  await allRegistered(world, 1n);
  await enterEpoch(chain, contracts, 2n);
  await allRegistered(world, 2n);
  narrator.step("five stewards", "register keys in epochs 1 and 2", `k ${TOY.k} of m ${TOY.m}: a toy`);
  return world;
}

/** The first key of a service is made on its database, before it runs. */
async function makeKey(folder: string): Promise<Secret> {
  const db = await openDatabase({ kind: "folder", folder });
  try {
    const keys = new ApiKeys({ store: new DatabaseApiKeyStore(db), clock: systemClock, randomBytes });
    return new Secret((await keys.create("devnet", ["scores", "submit", "scorers", "operator"], null)).text);
  } finally {
    await db.destroy();
  }
}
