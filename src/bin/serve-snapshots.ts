import { timingSafeEqual } from "node:crypto";

import type { Provider } from "ethers";
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Kysely } from "kysely";

import type { SnapshotPublishing } from "../config/snapshot-publishing.js";
import type { Database } from "../database/schema.js";
import { DatabaseLogSource } from "../database/snapshot-log.js";
import { snapshotRoutes } from "../http/snapshots/routes.js";
import { memorySigner } from "../passport/signature.js";
import type { Clock } from "../shared/clock.js";
import { keccak } from "../shared/keccak.js";
import type { Logger } from "../shared/logger.js";
import { BlockSealer } from "../snapshots/block-sealer.js";
import { SnapshotFolder } from "../snapshots/files/snapshot-folder.js";
import { LogKeeper } from "../snapshots/keeper.js";

export interface SnapshotServingPorts {
  readonly db: Kysely<Database>;
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Takes a snapshot of the passport log at each step of the chain, signs it as the log's keeper, and serves them with the service's
 * other routes. Call it before the application listens. Gives what stops it.
 */
export async function serveSnapshots(
  app: Pick<FastifyInstance, "register">,
  publishing: SnapshotPublishing,
  { db, provider, chainId, clock, logger }: SnapshotServingPorts,
): Promise<() => Promise<void>> {
  const folder = new SnapshotFolder(publishing.folder);
  const mayReadStamps = (request: FastifyRequest) => publishing.publicStamps || hasToken(request, publishing);
  const routes: FastifyPluginAsync = async (scope) => {
    // Nodes look for the next snapshot again and again, and what they get never changes: that is for a cache to bound.
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, unlimited: true };
    });
    await scope.register(snapshotRoutes({ folder, mayReadStamps }));
  };
  await app.register(routes);
  const head = async () => BigInt(await provider.getBlockNumber());
  const timeOf = async (block: number) => {
    const found = await provider.getBlock(block);
    if (found === null) throw new Error(`the chain's node does not have block ${block}`);
    return found.timestamp;
  };
  const signer = memorySigner(publishing.logKey.expose());
  const keeper = new LogKeeper({ chainId, registry: publishing.registry }, signer, clock);
  logger.info({ keeper: keeper.address, registry: publishing.registry }, "snapshots of the log are signed");
  const source = new DatabaseLogSource(db);
  const sealer = new BlockSealer(publishing, { source, folder, head, timeOf, keeper, logger });
  return repeat(publishing.pollMilliseconds, () =>
    sealer.step().catch((error: unknown) => {
      logger.warn({ message: String(error) }, "no snapshot taken, tried again");
    }),
  );
}

function hasToken({ headers }: FastifyRequest, { stampsToken }: SnapshotPublishing): boolean {
  if (stampsToken === null) return false;
  // Hashes have one length, whatever is compared.
  return timingSafeEqual(keccak(headers.authorization ?? ""), keccak(`Bearer ${stampsToken.expose()}`));
}

/** Does something, and again so long after it is done, until it is stopped; stopping waits for what is under way. */
function repeat(milliseconds: number, work: () => Promise<unknown>): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let under: Promise<unknown> = Promise.resolve();
  const next = () => {
    under = work().finally(() => {
      if (!stopped) timer = setTimeout(next, milliseconds);
    });
  };
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await under;
  };
}
