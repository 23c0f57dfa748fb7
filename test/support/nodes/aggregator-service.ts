// An aggregator's store, machine and HTTP application over a fake chain, and stewards that send to it over HTTP.
import type { InjectOptions } from "fastify";
import type { Kysely } from "kysely";
import { sql } from "kysely";

import { DatabaseAggregatorStore } from "../../../src/database/nodes/aggregator-store.js";
import { openDatabase } from "../../../src/database/open-database.js";
import { RequestAdmission } from "../../../src/database/request-admission.js";
import type { Database } from "../../../src/database/schema.js";
import { createAggregatorApp, type AggregatorAppSettings } from "../../../src/http/aggregator/app.js";
import { createAggregatorMetrics } from "../../../src/http/aggregator/metrics.js";
import { parseRange, type AddressRange } from "../../../src/http/peers.js";
import { SignatureReceiver } from "../../../src/nodes/aggregator/receive-signature.js";
import { EpochViews } from "../../../src/nodes/protocol/epoch-views.js";
import { NodeStatus } from "../../../src/nodes/protocol/node-status.js";
import type { AggregatorState } from "../../../src/nodes/aggregator/machine.js";
import { silentLogger } from "../../../src/shared/logger.js";
import type { DatabaseLocation } from "../../../src/database/open-database.js";
import type { SnapshotFolder } from "../../../src/snapshots/files/snapshot-folder.js";
import { FakeChain } from "./fake-chain.js";
import { AggregatorNode, SignerNode, stepAll, TOY } from "./network.js";

export interface ServiceOptions {
  readonly maxMessages?: number;
  readonly signatureLimit?: number;
  readonly snapshots?: SnapshotFolder;
  readonly settings?: Partial<AggregatorAppSettings>;
}

/** The application over a store, as a process wires it. */
export async function aggregatorApp(
  chain: FakeChain,
  node: Pick<AggregatorNode<DatabaseAggregatorStore>, "now" | "state">,
  store: DatabaseAggregatorStore,
  db: Kysely<Database>,
  options: ServiceOptions = {},
) {
  const clock = { now: () => node.now };
  const views = new EpochViews(chain, clock);
  const status = new NodeStatus<AggregatorState>({ name: "IDLE" }, clock);
  const receiver = new SignatureReceiver(
    { maxMessages: options.maxMessages ?? 100 },
    { views, epoch: async () => (await chain.clock()).epoch, store, clock, logger: silentLogger },
  );
  const admission = new RequestAdmission(db);
  const metrics = createAggregatorMetrics();
  const app = await createAggregatorApp(
    {
      software: "0.1.0",
      role: "leader",
      scores: true,
      agenda: { confirmations: 2n, step: 10n },
      limits: {
        address: { requests: 100_000, windowSeconds: 60 },
        signatures: { requests: options.signatureLimit ?? 100_000, windowSeconds: 60 },
      },
      bodyLimit: 65_536,
      allowedPeers: [parseRange("127.0.0.0/8") as AddressRange],
      trustedProxies: [],
      publicStamps: false,
      upgradeUrl: "https://releases.example.org",
      ...options.settings,
    },
    {
      ...{ store, receiver, chain, views, status, metrics, clock, logger: silentLogger },
      chainClock: () => chain.clock(),
      snapshots: options.snapshots ?? null,
      admit: (request) => admission.admit(request),
      ping: async () => void (await sql`select 1`.execute(db)),
    },
  );
  return { app, receiver, metrics };
}

/** Five stewards and an aggregator on a database of its own, at the beginning of epoch 3, the first in which they sign. */
export async function createAggregatorWorld(location: DatabaseLocation, options: ServiceOptions = {}) {
  const db = await openDatabase(location);
  const chain = new FakeChain(TOY);
  const store = new DatabaseAggregatorStore(db);
  const node = new AggregatorNode("aggregator", chain, store);
  const { app, metrics } = await aggregatorApp(chain, node, store, db, options);
  const inject = (request: InjectOptions) => app.inject(request);
  const post = (document: unknown, headers: Record<string, string> = {}) =>
    inject({ method: "POST", url: "/v1/signatures", headers, payload: document as object });
  const get = async (url: string) => {
    const answer = await inject({ url });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  const receiver = {
    name: "aggregator",
    receive: async (document: unknown): Promise<"taken" | "late"> => {
      const { statusCode, body } = await post(document);
      if (statusCode === 410) return "late";
      if (statusCode !== 201 && statusCode !== 202) throw new Error(body);
      return "taken";
    },
  };
  const signers = Array.from({ length: 5 }, (_, n) => new SignerNode(n, chain, [receiver]));
  signers.forEach(({ account }, n) => chain.stakes.set(account, 1_000n + BigInt(n) * 100n));
  await stepAll(signers, 2);
  chain.nextEpoch();
  await stepAll([node, ...signers], 2);
  chain.nextEpoch();
  await stepAll([node], 2); // seals what the epoch needs
  return {
    ...{ db, chain, store, node, app, metrics, signers, inject, post, get },
    async close() {
      await app.close();
      await db.destroy();
    },
  };
}
