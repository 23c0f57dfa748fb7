import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import { DomainError } from "../../shared/errors.js";
import { toJson } from "../../shared/json.js";

export const RECORD_FORMAT = "touchstone-deployment-v1";
const FILE = "touchstone.json";

/** What is written beside Ignition's journal before the first transaction; a resumed deployment starts from it. */
export interface DeploymentRecord {
  readonly format: typeof RECORD_FORMAT;
  readonly chainId: number;
  /** Block 0's hash: two chains may share an id, and a development chain is another one after each restart. */
  readonly genesis: string;
  readonly deployer: string;
  /** Newest block when the deployment began; events of the contracts come later. */
  readonly fromBlock: number;
  /** Its time in seconds, from which relative times count. */
  readonly now: number;
  /** The plan in JSON, with wei as text. */
  readonly plan: unknown;
}

/** Ids that development nodes use; only there may a deployment of a chain that is gone be thrown away. */
const DEVELOPMENT_CHAINS = [1337, 31337, 31338];

/**
 * `deployment/other-chain`: the folder belongs to another chain with the same id.
 * `deployment/differs`: a deployment was begun here with another plan or by another account.
 */
export type RecordErrorCode = "deployment/other-chain" | "deployment/differs";

/** Reads the record of a deployment folder; undefined when there is none. */
export async function readRecord(directory: string): Promise<DeploymentRecord | undefined> {
  try {
    return JSON.parse(await readFile(path.join(directory, FILE), "utf8")) as DeploymentRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Where a deployment starts: here and now, or where an interrupted one on the same chain did. */
export async function startingPoint(
  directory: string,
  here: Omit<DeploymentRecord, "format" | "plan">,
): Promise<Pick<DeploymentRecord, "fromBlock" | "now">> {
  const earlier = await readRecord(directory);
  if (earlier === undefined) return here;
  if (earlier.genesis !== here.genesis || earlier.chainId !== here.chainId) {
    if (!DEVELOPMENT_CHAINS.includes(here.chainId)) {
      const message = `${directory} records a deployment to another chain with the id ${here.chainId}.`;
      throw new DomainError<RecordErrorCode>("deployment/other-chain", message, { directory });
    }
    await rm(directory, { recursive: true });
    return here;
  }
  if (earlier.deployer !== here.deployer) {
    const message = `The deployment in ${directory} was begun by ${earlier.deployer}; only that account can go on with it.`;
    throw new DomainError<RecordErrorCode>("deployment/differs", message, { field: "deployer" });
  }
  return earlier;
}

/** Refuses a folder whose deployment is on another chain; a folder without a record is anybody's. */
export async function checkSameChain(
  directory: string | undefined,
  here: Pick<DeploymentRecord, "chainId" | "genesis">,
): Promise<void> {
  const earlier = directory === undefined ? undefined : await readRecord(directory);
  if (earlier === undefined || (earlier.genesis === here.genesis && earlier.chainId === here.chainId)) return;
  const message = `${directory} records a deployment to another chain with the id ${here.chainId}.`;
  throw new DomainError<RecordErrorCode>("deployment/other-chain", message, { directory });
}

/** Writes the record once; refuses when the one that is there has another plan. */
export async function keepRecord(directory: string, record: DeploymentRecord): Promise<void> {
  const earlier = await readRecord(directory);
  if (earlier === undefined) {
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, FILE), `${toJson(record)}\n`);
    return;
  }
  const field = firstDifference(earlier.plan, JSON.parse(toJson(record.plan)), "");
  if (field !== undefined) {
    const message = `A deployment with another ${field} was begun in ${directory}: resume it with the same list and parameters.`;
    throw new DomainError<RecordErrorCode>("deployment/differs", message, { field });
  }
}

/** The dotted path of the first field in which two JSON values differ; undefined when they are equal. */
function firstDifference(left: unknown, right: unknown, at: string): string | undefined {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return left === right ? undefined : at;
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) {
    const inside = at === "" ? key : `${at}.${key}`;
    const found = firstDifference(left[key as never], right[key as never], inside);
    if (found !== undefined) return found;
  }
  return undefined;
}
