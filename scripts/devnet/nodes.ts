import { randomBytes } from "node:crypto";
import path from "node:path";

import { getAddress, hexlify } from "ethers";

import { memorySigner } from "../../src/passport/signature.js";
import { nodeSettings, type NetworkSettings } from "../demo/node-settings.js";
import { freePort } from "../../test/support/child-node.js";
import type { DevChain } from "./chain.js";
import { MAX_LIFETIME, type Contracts, type Steward } from "./contracts.js";
import type { NodeProcess } from "./node-process.js";
import type { Supervisor } from "./supervisor.js";

/** Snapshots of the log are taken at multiples of so many blocks, so many below the head. */
export const STEP = 100;
export const CONFIRMATIONS = 2;
const POLL_MILLISECONDS = 250;
const SECRET = () => randomBytes(32).toString("hex");

export interface Node {
  readonly process: NodeProcess;
  readonly url: string;
}

export interface Nodes {
  readonly passport: Node;
  readonly aggregator: Node;
  readonly follower: Node;
  readonly watcher: Node;
  /** By the steward's name. */
  readonly signers: ReadonlyMap<string, Node>;
  /** The bearer token of those who may have the log's stamps. */
  readonly logToken: string;
}

export interface NodesPlan {
  readonly chain: DevChain;
  readonly contracts: Contracts;
  readonly stewards: readonly Steward[];
  /** The scorer that is certified, by its number at the passport service. */
  readonly scorer: number;
  readonly issuers: string;
  readonly folder: string;
}

export interface PassportNode extends Node {
  readonly data: string;
  /** As in {@link Nodes}. */
  readonly logToken: string;
  /** The checksummed address of the key that signs the log. */
  readonly keeper: string;
}

/** The service that keeps and signs the score log. Its API key is made before it starts, by who operates it. */
export async function addPassportService(
  supervisor: Supervisor,
  { chain, contracts, issuers, folder }: Pick<NodesPlan, "chain" | "contracts" | "issuers" | "folder">,
): Promise<PassportNode> {
  const logToken = SECRET();
  const logKey = randomBytes(32);
  const data = path.join(folder, "passport", "database");
  const node = await add(
    supervisor,
    "passport service",
    "passport-service",
    "PASSPORT",
    prefixed("PASSPORT", {
      ...{ CHAIN_ID: `${chain.chainId}`, RPC_URL: chain.url, DATA: data, ISSUERS: issuers, SESSION_SECRET: SECRET() },
      ...{ REGISTRY: contracts.passports.address, LOG_KEY: hexlify(logKey) },
      ...{ SNAPSHOTS: path.join(folder, "passport", "snapshots"), SNAPSHOT_TOKEN: logToken, SNAPSHOT_STEP: `${STEP}` },
      ...{ SNAPSHOT_CONFIRMATIONS: `${CONFIRMATIONS}`, SNAPSHOT_POLL_MILLISECONDS: `${POLL_MILLISECONDS}` },
    }),
  );
  return { ...node, data, logToken, keeper: getAddress(memorySigner(logKey).address) };
}

/** Two aggregators, a signer for each steward, and a watcher; none of them runs yet. */
export async function addNodes(supervisor: Supervisor, plan: NodesPlan, passport: PassportNode): Promise<Nodes> {
  const { chain, contracts, stewards, folder, scorer, issuers } = plan;
  const { gateway } = contracts.network;
  const registry = { registry: gateway.address, startBlock: contracts.startBlock };
  const network: NetworkSettings = {
    ...{ rpcUrl: chain.url, chainId: chain.chainId, ...registry, issuers },
    mirrors: passport.url.replace("://", `://log:${passport.logToken}@`),
    ...{ keepers: passport.keeper, passportRegistry: contracts.passports.address },
    ...{ confirmations: CONFIRMATIONS, step: STEP, maxLifetime: MAX_LIFETIME, pollMilliseconds: POLL_MILLISECONDS },
  };
  const own = (prefix: "AGGREGATOR" | "SIGNER", name: string) =>
    nodeSettings(prefix, network, {
      folder: path.join(folder, name.toLowerCase()),
      scorers: `${scorer}:${contracts.registryId}`,
      port: 0,
    });
  // Everybody asks from one address.
  const limits = { LIMIT_SIGNATURES: "100000/60", LIMIT_ADDRESS: "100000/60" };
  const addAggregator = (name: string, account: number, leader: Record<string, string>) =>
    add(supervisor, name, "aggregator", "AGGREGATOR", {
      ...own("AGGREGATOR", name),
      ...prefixed("AGGREGATOR", { ...limits, ...leader, ACCOUNT_KEY: chain.account(account).privateKey }),
    });
  const aggregator = await addAggregator("aggregator", 7, {});
  const follower = await addAggregator("follower", 8, { LEADER_URL: aggregator.url });
  const signers = new Map<string, Node>();
  for (const { name, wallet } of stewards) {
    const variables = {
      ...{ KEYS: path.join(folder, name.toLowerCase(), "keys"), PASSPHRASE: SECRET(), ACCOUNT_KEY: wallet.privateKey },
      ...{ AGGREGATORS: `${aggregator.url},${follower.url}`, SEAL_AFTER: "never" },
    };
    const all = { ...own("SIGNER", name), ...prefixed("SIGNER", variables) };
    signers.set(name, await add(supervisor, name, "signer", "SIGNER", all));
  }
  const watcher = await add(
    supervisor,
    "watcher",
    "watcher",
    "WATCHER",
    prefixed("WATCHER", {
      ...{ RPC_URL: chain.url, CHAIN_ID: `${chain.chainId}`, DATA: path.join(folder, "watcher") },
      ...{ REGISTRY: gateway.address, START_BLOCK: `${contracts.startBlock}`, POLL_MILLISECONDS: "500" },
      // A quorum of the toy parameters is about a third of the stake.
      ...{ AGGREGATORS: `${aggregator.url},${follower.url}`, MINIMUM_SHARE: "2000", WINDOW: "1000" },
    }),
  );
  return { passport, aggregator, follower, watcher, signers, logToken: passport.logToken };
}

const prefixed = (prefix: string, variables: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([key, value]) => [`${prefix}_${key}`, value]));

/** An entry point of `src/bin` at a port of its own, which it keeps over its lives. */
async function add(
  supervisor: Supervisor,
  name: string,
  program: string,
  prefix: string,
  environment: Record<string, string>,
): Promise<Node> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = supervisor.add({
    name,
    command: [process.execPath, "--import", "tsx", `src/bin/${program}.ts`],
    environment: { ...environment, [`${prefix}_PORT`]: `${port}` },
    isUp: async () => (await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) })).status > 0,
  });
  return { process: child, url };
}
