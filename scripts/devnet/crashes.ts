// Who is killed in which epoch, when, and when it is back.
import { DevnetError, must } from "./errors.js";
import type { LogLine } from "./node-process.js";
import type { Node, Nodes } from "./nodes.js";

export interface Crash {
  /** Names of nodes; all are killed in one moment. */
  readonly victims: readonly string[];
  /**
   * The line of the first victim's log at which that is; as the epoch begins without one. `since` is the block of the newest snapshot
   * by then: with each epoch that one is certified once more, before people submit anything.
   */
  readonly at?: (line: LogLine, since: number) => boolean;
  readonly story: string;
  /** `at once`: as soon as all are dead. `certified`: when the others certified the epoch. `next`: in the next epoch. */
  readonly back: "at once" | "certified" | "next";
  /** Whose certificates it fetches when it is back, having slept through an epoch. */
  readonly follows?: "follower";
}

const says =
  (what: string) =>
  ({ msg }: LogLine): boolean =>
    msg === what;

/** About a snapshot that is new in this epoch. */
const saysOfScores =
  (what: string) =>
  ({ msg, entity = "" }: LogLine, since: number): boolean =>
    msg === what && Number(/^scores-\d+-(\d+)-/.exec(entity)?.[1] ?? 0) > since;

/** For any number of epochs: they come again after the last one. Never more than two signers are down, and one aggregator is up or back. */
export const CRASHES: readonly Crash[] = [
  { victims: ["Ada"], at: says("key registered"), story: "killed when its key is on the chain", back: "at once" },
  {
    victims: ["aggregator"],
    at: saysOfScores("message opened"),
    story: "killed with a message open",
    back: "at once",
  },
  { victims: ["Frances", "Radia"], story: "killed as the epoch begins", back: "certified" },
  {
    victims: ["follower"],
    at: ({ msg }) => msg === "certificate taken from the leader" || msg === "certificate made",
    story: "killed with a new certificate in its store",
    back: "at once",
  },
  {
    victims: ["aggregator"],
    story: "killed as the epoch begins, and down all through it",
    back: "next",
    follows: "follower",
  },
  { victims: ["watcher"], at: says("certificates verified"), story: "killed while it verifies", back: "at once" },
  {
    victims: ["Grace"],
    at: saysOfScores("signed"),
    story: "killed with a signature nobody heard of",
    back: "at once",
  },
  {
    victims: ["aggregator", "follower"],
    at: says("certificate made"),
    story: "killed with a certificate nobody sent",
    back: "at once",
  },
  {
    victims: ["passport service"],
    at: says("snapshot taken"),
    story: "killed when it sealed the log",
    back: "at once",
  },
  {
    victims: ["Barbara", "aggregator", "watcher"],
    at: saysOfScores("signature published"),
    story: "killed in one moment",
    back: "at once",
  },
];

export const crashOf = (epoch: bigint, first: bigint): Crash => {
  const crash = CRASHES[Number(epoch - first) % CRASHES.length];
  if (crash === undefined) throw new DevnetError("devnet/bad-option", `There is no epoch ${epoch} here`);
  return crash;
};

/** The node of that name. */
export function nodeOf({ passport, aggregator, follower, watcher, signers }: Nodes, name: string): Node {
  const others = new Map([passport, aggregator, follower, watcher].map((node) => [node.process.name, node]));
  const found = others.get(name) ?? signers.get(name);
  must(found !== undefined, `nobody is called ${name}`);
  return found;
}

/** Kills whom a crash names, at its moment; resolves when all are dead. Call it before the epoch begins. */
export async function strike(nodes: Nodes, { victims, at }: Crash, since: number): Promise<void> {
  const processes = victims.map((name) => nodeOf(nodes, name).process);
  if (at !== undefined) await processes[0]?.says((line) => at(line, since));
  await Promise.all(processes.map((process) => process.kill()));
}

export async function bringBack(nodes: Nodes, { victims, follows }: Crash): Promise<void> {
  const changes = follows === undefined ? {} : { AGGREGATOR_LEADER_URL: nodes[follows].url };
  await Promise.all(victims.map((name) => nodeOf(nodes, name).process.start(changes)));
}

/** How the story names the victims, and what it says of them. */
export function tell({ victims }: Crash, what: string): [who: string, what: string] {
  const [only, ...others] = victims;
  return only !== undefined && others.length === 0
    ? [only, what]
    : [`${victims.length} processes`, `${victims.join(", ")}: ${what}`];
}
