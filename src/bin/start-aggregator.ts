import { Wallet, type JsonRpcProvider } from "ethers";
import type { FastifyInstance } from "fastify";
import { sql } from "kysely";

import { CertificateRegistryGateway } from "../chain/certificate-registry.js";
import { connectRpc } from "../chain/provider.js";
import { certificateSender, RegistryView, stewardTransactions } from "../chain/steward-chain.js";
import type { AggregatorConfig } from "../config/aggregator.js";
import { DatabaseAggregatorStore } from "../database/nodes/aggregator-store.js";
import { openDatabase } from "../database/open-database.js";
import { RequestAdmission } from "../database/request-admission.js";
import { showEras } from "../http/era-metrics.js";
import { createAggregatorApp } from "../http/aggregator/app.js";
import { createAggregatorMetrics, type AggregatorMetrics } from "../http/aggregator/metrics.js";
import { HttpAggregator } from "../http/aggregator-client/http-aggregator.js";
import { AggregatorMachine, type AggregatorState } from "../nodes/aggregator/machine.js";
import { Follower, type FollowerPorts } from "../nodes/aggregator/follower.js";
import { messageAllowance } from "../nodes/aggregator/message-allowance.js";
import { SignatureReceiver } from "../nodes/aggregator/receive-signature.js";
import { Agenda } from "../nodes/protocol/agenda.js";
import { API_VERSION } from "../nodes/protocol/api-version.js";
import type { ChainClock, StewardChain } from "../nodes/protocol/chain.js";
import { EpochViews } from "../nodes/protocol/epoch-views.js";
import { NodeStatus } from "../nodes/protocol/node-status.js";
import { NO_SCORES } from "../nodes/protocol/score-view.js";
import type { GossipSettings } from "../p2p/settings.js";
import { systemClock, unixSeconds, type Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import { remembered } from "../shared/remembered.js";
import { SnapshotFolder } from "../snapshots/files/snapshot-folder.js";
import { openEras } from "./open-eras.js";
import { openNodeGossip } from "./open-node-gossip.js";
import { openScoreLog } from "./open-score-log.js";
import { startMachine } from "./node-process.js";
import { listen, startUp } from "./start-up.js";
import { softwareVersion } from "./version.js";

/** What a caller may bring along instead of what the configuration leads to. */
export interface AggregatorParts {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** What `NODE_GOSSIP_…` says; without it there is no gossip. */
  readonly gossip?: GossipSettings | null;
}

export interface RunningAggregator {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly store: DatabaseAggregatorStore;
  readonly status: NodeStatus<AggregatorState>;
  /** Rejects when the machine ended by itself. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

const PURGE_MILLISECONDS = 60_000;
/** How old the chain's clock may be that strangers' requests are answered with. */
const CLOCK_MILLISECONDS = 1_000;
/** How often it is found out how many snapshots an epoch has. */
const ALLOWANCE_MILLISECONDS = 3_600_000;

/** Wires the aggregator and starts it. */
export async function startAggregator(config: AggregatorConfig, parts: AggregatorParts): Promise<RunningAggregator> {
  const { logger } = parts;
  const clock = parts.clock ?? systemClock;
  return startUp(async (onClose) => {
    const db = await openDatabase(config.database);
    onClose(() => db.destroy());
    const store = new DatabaseAggregatorStore(db);
    const provider = connectRpc(config.rpcUrl, config.chainId);
    onClose(() => provider.destroy());
    const gateway = new CertificateRegistryGateway(config.registry, provider, config.startBlock);
    const chain = new RegistryView(config.chainId, gateway, provider);
    const eras = openEras(config, provider, logger);
    const views = new EpochViews(chain, clock, eras);
    const chainClock = remembered(() => chain.clock(), CLOCK_MILLISECONDS, clock);
    const metrics = createAggregatorMetrics();
    const scores = config.log === null ? NO_SCORES : await openScoreLog(config.log, chain, logger);
    const machine = new AggregatorMachine({
      ...{ chain, store, views, eras, clock, logger },
      ...(await account(config, gateway, provider)),
      agenda: new Agenda(config, { chain, scores, logger }),
      follower: follower(config, { chain, views, store, clock, logger }, metrics),
      retainedEpochs: config.retainedEpochs,
      protocolVersion: API_VERSION,
      observer: () => metrics.postponed.inc(),
    });
    const status = new NodeStatus<AggregatorState>(machine.initial, clock);
    const allowance = async () => messageAllowance(chain, (await gateway.clock()).epochLength, config.step);
    const maxMessages = config.maxMessages ?? remembered(allowance, ALLOWANCE_MILLISECONDS, clock);
    const receiver = new SignatureReceiver(
      { maxMessages },
      {
        ...{ views, store, clock, logger },
        epoch: async () => (await chainClock()).epoch,
      },
    );
    const gossip = await openNodeGossip(parts.gossip, { chain, views, clock, logger, register: metrics.registry });
    if (gossip !== null) onClose(() => gossip.close());
    gossip?.subscribe(async (signature) => void (await receiver.receive(signature)));
    const admission = new RequestAdmission(db);
    const app = await createAggregatorApp(
      {
        ...config,
        software: softwareVersion(),
        role: config.leaderUrl === null ? "leader" : "follower",
        scores: config.log !== null,
        agenda: config,
      },
      {
        ...{ store, receiver, chain, views, eras, chainClock, status, metrics, clock, logger },
        snapshots: config.snapshots === null ? null : new SnapshotFolder(config.snapshots),
        admit: (request) => admission.admit(request),
        ping: async () => void (await sql`select 1`.execute(db)),
      },
    );
    const purge = setInterval(() => {
      // A purge that fails is tried again: it only frees space.
      admission.purge(unixSeconds(clock)).catch(() => logger.warn({}, "old counters stay"));
    }, PURGE_MILLISECONDS);
    onClose(() => clearInterval(purge));
    const url = await listen(app, config);
    onClose(() => app.close());
    const each = () => {
      showEras(metrics, eras?.report);
      void show(metrics, status, store, chainClock, config.accountKey !== null).catch(() => {});
    };
    const running = startMachine(machine, config, { logger, status, each });
    onClose(() => running.stop());
    logger.info({ url, registry: config.registry, leader: config.leaderUrl }, "aggregator listens");
    return { url, app, store, status, failed: running.failed };
  });
}

/** Takes what the leader certified; nobody's without a leader. */
function follower(
  { leaderUrl, pollMilliseconds }: AggregatorConfig,
  ports: Omit<FollowerPorts, "source" | "observer">,
  metrics: AggregatorMetrics,
): Follower | null {
  if (leaderUrl === null) return null;
  const events = { followed: metrics.followed, away: metrics.leaderFailures, lied: metrics.leaderLies };
  // A slow leader must not hold up what is done besides.
  const source = new HttpAggregator({ url: leaderUrl, timeoutMilliseconds: 5_000, sleep: null });
  return new Follower(
    {
      intervalMilliseconds: 2 * pollMilliseconds,
      distrustMilliseconds: 60 * pollMilliseconds,
      batch: 200,
      patienceMilliseconds: 5_000,
    },
    { ...ports, source, observer: (event) => events[event].inc() },
  );
}

/** Seals and sends with the configured account, or leaves both to others. */
async function account(
  { accountKey }: AggregatorConfig,
  gateway: CertificateRegistryGateway,
  provider: JsonRpcProvider,
) {
  if (accountKey === null) return { transactions: null, sender: null };
  const signer = new Wallet(accountKey.expose(), provider);
  return { transactions: await stewardTransactions(gateway, signer), sender: certificateSender(gateway, signer) };
}

/** Brings the gauges up to date; what does not answer leaves them as they were. */
async function show(
  metrics: AggregatorMetrics,
  { state, failures }: NodeStatus<AggregatorState>,
  store: DatabaseAggregatorStore,
  chainClock: () => ReturnType<StewardChain["clock"]>,
  sends: boolean,
): Promise<void> {
  metrics.state.reset();
  metrics.state.set({ state: state.name }, 1);
  metrics.failuresInARow.set(failures);
  const { epoch, lastCertified, head }: ChainClock = await chainClock();
  metrics.epoch.set(Number(epoch));
  metrics.lastCertified.set(Number(lastCertified));
  metrics.headBlock.set(Number(head.number));
  metrics.openMessages.set((await store.openMessages()).length);
  const { unsent, refused } = await store.countOutcomes();
  if (sends) metrics.unsent.set(unsent); // else nobody here brings them
  metrics.refused.set(refused);
}
