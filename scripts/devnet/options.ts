import path from "node:path";
import { parseArgs } from "node:util";

import { DevnetError } from "./errors.js";

export interface DevnetOptions {
  /** How many epochs are certified. */
  readonly epochs: number;
  /** Whether the network stays up afterwards, until it is interrupted. */
  readonly keep: boolean;
  /** Where logs and databases go. */
  readonly folder: string;
}

const STANDARD = "10";

/** Throws `devnet/bad-option`. */
export function readOptions(args: string[], standardFolder: string): DevnetOptions {
  const { epochs, keep, folder = standardFolder } = parse(args);
  if (!/^[1-9][0-9]{0,2}$/.test(epochs)) {
    throw new DevnetError("devnet/bad-option", `--epochs must be a whole number from 1 to 999, not "${epochs}"`);
  }
  return { epochs: Number(epochs), keep, folder: path.resolve(folder) };
}

function parse(args: string[]): { epochs: string; keep: boolean; folder?: string | undefined } {
  const options = {
    epochs: { type: "string", default: STANDARD },
    keep: { type: "boolean", default: false },
    folder: { type: "string" },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (cause) {
    const message = `${(cause as Error).message}; the options are --epochs N, --keep and --folder DIRECTORY`;
    throw new DevnetError("devnet/bad-option", message, {}, { cause });
  }
}
