import { mkdir, readFile } from "node:fs/promises";

import { Wallet, type JsonRpcProvider } from "ethers";

import { CertificateRegistryGateway } from "../chain/certificate-registry.js";
import { connectRpc } from "../chain/provider.js";
import { RegistryView, stewardTransactions } from "../chain/steward-chain.js";
import type { SecretSource, SignerConfig } from "../config/signer.js";
import { lockFolder } from "../database/folder-lock.js";
import { DatabaseSignedStore } from "../database/nodes/signed-store.js";
import { openDatabase } from "../database/open-database.js";
import { HttpPublisher } from "../http/aggregator/http-publisher.js";
import { showEras } from "../http/era-metrics.js";
import { createSignerApp, epochOf } from "../http/signer/app.js";
import { createSignerMetrics, type SignerMetrics } from "../http/signer/metrics.js";
import { Agenda } from "../nodes/protocol/agenda.js";
import { EpochViews } from "../nodes/protocol/epoch-views.js";
import { NodeError } from "../nodes/protocol/errors.js";
import { NodeStatus } from "../nodes/protocol/node-status.js";
import { NO_SCORES } from "../nodes/protocol/score-view.js";
import { KeyFolder } from "../nodes/signer/key-folder.js";
import { SignerMachine, type SignerState } from "../nodes/signer/machine.js";
import type { SignedStore, SignerObserver } from "../nodes/signer/ports.js";
import { systemClock, type Clock } from "../shared/clock.js";
import type { GossipSettings } from "../p2p/settings.js";
import { DomainError } from "../shared/errors.js";
import type { Logger } from "../shared/logger.js";
import { Secret } from "../shared/secret.js";
import { startMachine } from "./node-process.js";
import { openEras } from "./open-eras.js";
import { openNodeGossip } from "./open-node-gossip.js";
import { openScoreLog } from "./open-score-log.js";
import { listen, startUp } from "./start-up.js";
import { softwareVersion } from "./version.js";

/** What a caller may bring along instead of what the configuration leads to. */
export interface SignerParts {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** What `NODE_GOSSIP_…` says; without it there is no gossip. */
  readonly gossip?: GossipSettings | null;
  /** Wraps the store of signatures: tests stop the process between its steps. */
  readonly wrapSigned?: (store: SignedStore) => SignedStore;
}

export interface RunningSigner {
  /** Of health and metrics. */
  readonly url: string;
  /** The steward: 20 bytes, 0x-prefixed lower-case hex. */
  readonly account: string;
  readonly status: NodeStatus<SignerState>;
  /** What it signed, whether or not anybody took it. */
  readonly signed: Pick<SignedStore, "signed">;
  /** Rejects when the machine ended by itself. */
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

/** A step may wait for a transaction, or replay a log for the first time; a node that is silent for longer needs a look. */
const STALE_MILLISECONDS = 15 * 60_000;
/** How long a step under way may take to end when the node is told to stop; it may be cut off at any point. */
const STOP_MILLISECONDS = 10_000;

/** Wires the signer and starts it. */
export async function startSigner(config: SignerConfig, parts: SignerParts): Promise<RunningSigner> {
  const { logger } = parts;
  const clock = parts.clock ?? systemClock;
  return startUp(async (onClose) => {
    // Two processes with one folder of keys could sign two messages about one entity.
    await mkdir(config.keyFolder, { recursive: true, mode: 0o700 });
    onClose(await lockFolder(config.keyFolder));
    const passphrase = await secretOf(config.passphrase, "passphrase");
    const keys = await KeyFolder.open({ folder: config.keyFolder, passphrase });
    const db = await openDatabase(config.database);
    onClose(() => db.destroy());
    const stored = new DatabaseSignedStore(db);
    const provider = connectRpc(config.rpcUrl, config.chainId);
    provider.pollingInterval = Math.min(provider.pollingInterval, config.pollMilliseconds);
    onClose(() => provider.destroy());
    const gateway = new CertificateRegistryGateway(config.registry, provider, config.startBlock);
    await checkChain(provider, config, logger);
    const wallet = new Wallet(accountKey(await secretOf(config.accountKey, "account's key")), provider);
    const transactions = await stewardTransactions(gateway, wallet);
    await stored.requireSteward(transactions.account);
    const chain = new RegistryView(config.chainId, gateway, provider);
    const scores = config.log === null ? NO_SCORES : await openScoreLog(config.log, chain, logger);
    const software = softwareVersion();
    const metrics = createSignerMetrics();
    const eras = openEras(config, provider, logger);
    const views = new EpochViews(chain, clock, eras);
    const gossip = await openNodeGossip(parts.gossip, { chain, views, clock, logger, register: metrics.registry });
    if (gossip !== null) onClose(() => gossip.close());
    const http = config.aggregators.map((url) => new HttpPublisher({ url, software }));
    const publishers = gossip === null ? http : [...http, gossip];
    const machine = new SignerMachine({
      ...{ chain, views, eras, transactions, keys, publishers, clock, logger, software },
      agenda: new Agenda(config, { chain, scores, logger }),
      signed: parts.wrapSigned?.(stored) ?? stored,
      sealing: config.sealing,
      observer: counting(metrics),
    });
    const status = new NodeStatus<SignerState>(machine.initial, clock);
    let lastStep: number | undefined;
    const app = await createSignerApp({
      ...{ status, eras, metrics, clock, logger, allowedPeers: config.allowedPeers },
      lastStep: () => lastStep,
      staleMilliseconds: Math.max(STALE_MILLISECONDS, 3 * config.pollMilliseconds),
    });
    const url = await listen(app, config);
    onClose(() => app.close());
    const each = () => {
      if (status.failures === 0) lastStep = clock.now();
      show(metrics, status, lastStep);
      showEras(metrics, eras?.report);
    };
    const running = startMachine(machine, config, { logger, status, each });
    onClose(async () => {
      const stopped = running.stop();
      for (const publisher of publishers) await publisher.close();
      await Promise.race([stopped, new Promise((resolve) => setTimeout(resolve, STOP_MILLISECONDS).unref())]);
    });
    const { account } = transactions;
    logger.info({ url, account, registry: config.registry, scores: config.log !== null }, "signer runs");
    return { url, account, status, signed: stored, failed: running.failed };
  });
}

/** Stops what could never work. A chain that does not answer now may do so later. */
async function checkChain(
  provider: JsonRpcProvider,
  { chainId, registry }: SignerConfig,
  logger: Logger,
): Promise<void> {
  let id: bigint;
  let code: string;
  try {
    id = BigInt((await provider.send("eth_chainId", [])) as string);
    code = await provider.getCode(registry);
  } catch (error) {
    logger.warn({ message: String(error) }, "the chain does not answer yet");
    return;
  }
  if (id !== chainId) {
    throw new NodeError("nodes/wrong-registry", `The chain's node is of chain ${id}, configured is ${chainId}`);
  }
  if (code === "0x") {
    throw new NodeError("nodes/wrong-registry", `There is no contract at the registry's address ${registry}`);
  }
}

async function secretOf(source: SecretSource, what: string): Promise<Secret> {
  if (source.kind === "value") return source.value;
  const text = await readFile(source.file, "utf8").catch((cause: unknown) => {
    throw new DomainError("config/invalid", `The file with the ${what}, ${source.file}, cannot be read`, {}, { cause });
  });
  const line = text.replace(/\r?\n$/, "");
  if (line !== "") return new Secret(line);
  throw new DomainError("config/invalid", `The file with the ${what}, ${source.file}, is empty`);
}

function accountKey(key: Secret): string {
  if (/^0x[0-9a-fA-F]{64}$/.test(key.expose())) return key.expose();
  throw new DomainError("config/invalid", "The account's key must be 32 bytes of 0x hex");
}

/** Counts what the machine does. */
function counting(metrics: SignerMetrics): SignerObserver {
  return {
    registration: (epoch, outcome) =>
      (outcome === "registered" ? metrics.registeredEpoch : metrics.refusedEpoch).set(Number(epoch)),
    signed(entity) {
      metrics.signatures.inc({ kind: entity.kind });
      if (entity.kind === "scores") metrics.signedBlock.set(Number(entity.block));
    },
    skipped: () => metrics.skipped.inc(),
    published: (publisher, outcome) => metrics.published.inc({ publisher, outcome }),
  };
}

function show(metrics: SignerMetrics, status: NodeStatus<SignerState>, lastStep: number | undefined): void {
  const { state, failures } = status;
  metrics.state.reset();
  metrics.state.set({ state: state.name }, 1);
  metrics.epoch.set(Number(epochOf(state) ?? 0n));
  metrics.failuresInARow.set(failures);
  if (failures > 0) metrics.failures.inc();
  if (lastStep !== undefined) metrics.lastStep.set(lastStep / 1000);
}
