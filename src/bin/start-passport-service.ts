import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";

import type { Provider } from "ethers";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";

import { contractSignatures } from "../chain/contract-signatures.js";
import { PassportRegistryGateway } from "../chain/passport-registry.js";
import { connectRpc, guardChain } from "../chain/provider.js";
import type { PassportServiceConfig } from "../config/passport-service.js";
import { DatabaseAnchorRequestStore } from "../database/anchor-request-store.js";
import { DatabaseApiKeyStore } from "../database/api-key-store.js";
import { DatabaseAnchorStore } from "../database/database-anchor-store.js";
import { DatabasePassportStore } from "../database/database-passport-store.js";
import { DatabaseNonceStore } from "../database/nonce-store.js";
import { openDatabase } from "../database/open-database.js";
import { DatabaseLogSource } from "../database/snapshot-log.js";
import { RequestAdmission } from "../database/request-admission.js";
import { openWorkQueue, type QueueTiming, type WorkQueue } from "../database/work-queue.js";
import { ANCHORS, createPassportApp, RESCORES } from "../http/passport/app.js";
import { createPassportMetrics } from "../http/passport/metrics.js";
import { parseIssuers } from "../passport/issuers.js";
import { ProofPool } from "../passport/proof-pool.js";
import { proveHere } from "../passport/prover.js";
import { SignIn } from "../passport/sign-in.js";
import { memorySigner, type DigestSigner } from "../passport/signature.js";
import { AnchorRequests } from "../scoring/service/anchor-requests.js";
import { AnchorService } from "../scoring/service/anchor.js";
import { ApiKeys } from "../scoring/service/api-keys.js";
import { PassportService } from "../scoring/service/passport-service.js";
import type { RulesApproval, VerificationSource } from "../scoring/service/ports.js";
import { Rescorer } from "../scoring/service/rescore.js";
import { RevocationLists } from "../scoring/service/revocation-lists.js";
import { steadyClock, systemClock, unixSeconds, type Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import { LOG_CLOCK_SKEW } from "../snapshots/log-times.js";
import { serveSnapshots } from "./serve-snapshots.js";
import { listen, startUp } from "./start-up.js";

/** What a caller may bring along instead of what the configuration leads to. */
export interface PassportServiceParts {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Instead of the configured file of issuers. */
  readonly verification?: VerificationSource;
  /** How soon the work of a process that was killed is done by another. */
  readonly queueTiming?: QueueTiming;
  /** A vault or a KMS that signs roots. */
  readonly operator?: DigestSigner;
}

export interface RunningPassportService {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly service: PassportService;
  readonly rescorer: Rescorer;
  /** Null where no registry is configured. */
  readonly anchors: AnchorService | null;
  readonly keys: ApiKeys;
  close(): Promise<void>;
}

const PURGE_MILLISECONDS = 60_000;

/** Wires the passport service and starts it. */
export async function startPassportService(
  config: PassportServiceConfig,
  parts: PassportServiceParts,
): Promise<RunningPassportService> {
  const { logger } = parts;
  const clock = parts.clock ?? systemClock;
  const verification = parts.verification ?? (await readTrust(config));
  return startUp(async (onClose) => {
    const db = await openDatabase(config.database);
    onClose(() => db.destroy());
    const queue = await openWorkQueue(config.database, db, logger, parts.queueTiming);
    onClose(() => queue.close());
    const proofs = config.proofThreads === 0 ? null : new ProofPool(config.proofThreads);
    onClose(() => proofs?.close());
    const store = new DatabasePassportStore(db);
    const logClock = await clockOfLog(new DatabaseLogSource(db), clock, logger);
    const provider = config.rpcUrl === null ? null : connectRpc(config.rpcUrl, config.chainId);
    onClose(() => provider?.destroy());
    const approval =
      provider === null || config.registry === null ? {} : { approval: approvalOn(config.registry, provider) };
    const prove = proofs?.prove ?? proveHere;
    const service = new PassportService({ store, verification, prove, clock: logClock, logger, ...approval });
    const sources = config.revocationFiles;
    const revocationLists = new RevocationLists({
      ...{ sources, read: readJson, service, verification, logger },
      clock: logClock,
    });
    const [unread] = (await revocationLists.reload()).refused;
    // Who starts a service sees at once what is wrong; later a list that is wrong must not end it.
    if (unread !== undefined) throw unread.error;
    const rescorer = new Rescorer({ store, service, clock: logClock });
    const anchors = anchorService(config, new DatabaseAnchorStore(db), service, parts.operator, clock);
    const anchorRequests = new AnchorRequests({
      ...{ store: new DatabaseAnchorRequestStore(db), service, anchors, clock },
      maxLifetime: config.registry?.maxLifetime ?? 0,
    });
    const nonces = new DatabaseNonceStore(db);
    const signIn = new SignIn(
      {
        domains: config.siteDomains,
        chainIds: config.siteChains,
        maxAge: config.nonceLifetime * 1000,
        nonceLifetime: config.nonceLifetime,
        sessionLifetime: config.sessionLifetime,
        sessionSecret: config.sessionSecret,
      },
      { nonces, contracts: provider === null ? null : contractSignatures(provider), clock, randomBytes },
    );
    const keyStore = new DatabaseApiKeyStore(db);
    const keys = new ApiKeys({ store: keyStore, clock, randomBytes });
    const admission = new RequestAdmission(db);
    const { limits, bodyLimit, allowedPeers, publicUrl, trustedProxies } = config;
    const app = await createPassportApp(
      { limits, bodyLimit, allowedPeers, publicUrl, trustedProxies },
      {
        service,
        store,
        rescorer,
        queue,
        anchors,
        signIn,
        keys,
        consents: keyStore,
        revocationLists,
        anchorRequests,
        admit: (request) => admission.admit(request),
        ping: async () => void (await sql`select 1`.execute(db)),
        metrics: createPassportMetrics(),
        clock,
        logger,
      },
    );
    await workInBackground(queue, rescorer, anchors);
    const purge = setInterval(() => {
      const now = unixSeconds(clock);
      // A purge that fails is tried again: it only frees space.
      Promise.all([admission.purge(now), nonces.purge(now)]).catch(() => logger.warn({}, "old nonces stay"));
    }, PURGE_MILLISECONDS);
    onClose(() => clearInterval(purge));
    if (config.snapshots !== null && provider !== null) {
      const given = { db, provider, chainId: config.chainId, clock: logClock, logger };
      onClose(await serveSnapshots(app, config.snapshots, given));
    }
    const reload = setInterval(() => {
      revocationLists.reload().catch((error: unknown) => logger.warn({ message: String(error) }, "no lists were read"));
    }, config.revocationsReload * 1000);
    onClose(() => clearInterval(reload));
    const url = await listen(app, config);
    onClose(() => app.close());
    logger.info({ url, registry: config.registry?.address ?? null }, "passport service listens");
    return { url, app, service, rescorer, anchors, keys };
  });
}

/** How long one piece of a rescore works before it makes way for the next. */
const PIECE_MILLISECONDS = 10_000;

/** What is done in the background: rescores piece by piece, and trees that are too large to wait for. */
async function workInBackground(queue: WorkQueue, rescorer: Rescorer, anchors: AnchorService | null): Promise<void> {
  await queue.work<{ id: number }>(RESCORES, async ({ id }) => {
    const end = Date.now() + PIECE_MILLISECONDS;
    let state = await rescorer.state(id);
    while (state.phase !== "done" && Date.now() < end) state = await rescorer.step(state);
    if (state.phase !== "done") return { id };
    const next = await rescorer.open();
    return next === undefined ? undefined : { id: next.id };
  });
  // A process may end between noting a rescore and queueing it, and an open one keeps the next from beginning. A piece that
  // is queued twice is done once.
  const left = await rescorer.open();
  if (left !== undefined) await queue.add(RESCORES, { id: left.id });
  await queue.work<{ scorerId: number; number: number; replaces?: string | null }>(ANCHORS, async (piece) => {
    const { scorerId, number, replaces = null } = piece;
    await anchors?.prepareLater(scorerId, { number, replaces });
    return undefined;
  });
}

function anchorService(
  config: PassportServiceConfig,
  store: DatabaseAnchorStore,
  service: PassportService,
  operator: DigestSigner | undefined,
  clock: Clock,
): AnchorService | null {
  const { registry, chainId } = config;
  if (registry === null) return null;
  const { address, operatorKey, maxLifetime, signatureLifetime, uri } = registry;
  const signer = operator ?? memorySigner(operatorKey.expose());
  return new AnchorService(
    { chainId, registry: address, maxLifetime, signatureLifetime, uri },
    { store, service, signer, clock },
  );
}

/**
 * The clock of what enters the log: it goes on from the log's end and never back, because nodes refuse a log whose times do
 * (`LOG_CLOCK_SKEW`), and nothing in a log can be changed.
 */
async function clockOfLog(log: DatabaseLogSource, clock: Clock, logger: Logger): Promise<Clock> {
  const newest = await log.newestTime();
  const ahead = newest - unixSeconds(clock);
  if (ahead > LOG_CLOCK_SKEW) logger.warn({ ahead }, "the log ends in the future: its time stands still until then");
  return steadyClock(clock, newest * 1000);
}

/** Asks the registry who decides about a scorer's rules, and what was decided. */
function approvalOn({ address }: { address: string }, provider: Provider): RulesApproval {
  const registry = new PassportRegistryGateway(address, provider);
  return (registryId, rules) =>
    guardChain(async () => {
      const authority = await registry.rulesAuthority(registryId);
      return authority === undefined || authority.isApproved(registryId, rules);
    });
}

/** Trust as configured; what is revoked and banned is in the database. */
async function readTrust(config: PassportServiceConfig): Promise<VerificationSource> {
  const issuers = parseIssuers(await readJson(config.issuersFile));
  return (now) => ({ now, issuers });
}

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, "utf8"));
