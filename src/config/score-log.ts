// What every node is told that keeps its own copy of the passport log.
import { getAddress } from "ethers";

import { DomainError } from "../shared/errors.js";
import { parseDecimal } from "../shared/decimal.js";
import { Secret } from "../shared/secret.js";
import type { EnvironmentReader } from "./environment-reader.js";

/** Where the log comes from. */
export interface MirrorConfig {
  readonly url: string;
  /** Sent as a bearer token: what its keeper gave to those who may have stamps. */
  readonly token: Secret | null;
}

export interface ScoreLogConfig {
  /** Asked in their order. */
  readonly mirrors: readonly MirrorConfig[];
  /** Who signs the log: addresses of its keeper's keys, several while one is exchanged for another. */
  readonly keepers: readonly string[];
  /** The `PassportRegistry` that the log's scores are for; signatures of the log are bound to it. */
  readonly passportRegistry: string;
  /** Where chunks are kept. */
  readonly folder: string;
  /** A `touchstone-issuers-v1` file: whose stamps count. All nodes of a network have the same. */
  readonly issuersFile: string;
  /** Which scorers are certified: number in the log, id in the registry. */
  readonly scorers: ReadonlyMap<number, bigint>;
  /** Seconds that a score lives after its root's issue at most. */
  readonly maxLifetime: number;
}

const ID = 2n ** 256n;

/** Null where `WITHOUT_LOG` says so: nobody gets a node that certifies no scores by leaving a setting out. */
export function scoreLogConfig(env: EnvironmentReader, standardFolder: string): ScoreLogConfig | null {
  const config = {
    folder: env.text("LOG", standardFolder),
    maxLifetime: env.integer("MAX_LIFETIME", { default: 7_776_000, min: 60, max: 366 * 86_400 }),
  };
  const given = ["MIRRORS", "ISSUERS", "SCORERS", "LOG_KEEPERS", "PASSPORT_REGISTRY"].filter(
    (name) => env.optionalText(name) !== undefined,
  );
  if (env.flag("WITHOUT_LOG")) {
    if (given[0] === undefined) return null;
    throw new DomainError("config/invalid", `WITHOUT_LOG and ${given[0]} contradict each other; remove one of them`);
  }
  return {
    ...config,
    mirrors: env.list("MIRRORS", env.text("MIRRORS"), "http or https URLs", mirror),
    keepers: env.list("LOG_KEEPERS", env.text("LOG_KEEPERS"), "addresses with their EIP-55 checksum", addressOf),
    passportRegistry: env.address("PASSPORT_REGISTRY"),
    issuersFile: env.text("ISSUERS"),
    scorers: scorersOf(env),
  };
}

function addressOf(text: string): string | undefined {
  try {
    return getAddress(text);
  } catch {
    return undefined;
  }
}

function mirror(text: string): MirrorConfig | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const token = url.password === "" ? null : new Secret(decodeURIComponent(url.password));
  // Requests with a name and password in their URL are refused, and they would stand in logs.
  url.username = "";
  url.password = "";
  return { url: url.href.replace(/\/+$/, ""), token };
}

function scorersOf(env: EnvironmentReader): ReadonlyMap<number, bigint> {
  const what = "a comma-separated list such as 1:5,2:6, each number and id once";
  const pairs = env.list("SCORERS", env.text("SCORERS"), "numbers and ids such as 1:5,2:6", (text) => {
    const [number, id, ...rest] = text.split(":").map(parseDecimal);
    if (number === undefined || id === undefined || rest.length > 0) return undefined;
    return number === 0n || number > BigInt(Number.MAX_SAFE_INTEGER) || id >= ID
      ? undefined
      : ([Number(number), id] as const);
  });
  const scorers = new Map(pairs);
  if (scorers.size < pairs.length || new Set(scorers.values()).size < pairs.length) throw env.invalid("SCORERS", what);
  return scorers;
}
