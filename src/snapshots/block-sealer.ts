import { snapshotBlock } from "../certificates/entity.js";
import type { Logger } from "../shared/logger.js";
import { createSnapshot, type CreateOptions } from "./create.js";
import { SnapshotError } from "./errors.js";
import type { SnapshotFolder } from "./files/snapshot-folder.js";
import type { LogKeeper } from "./keeper.js";
import type { LogSource } from "./ports.js";

export interface BlockSealerSettings {
  /** Blocks between the head and what counts as settled; as the network's nodes have it, or fewer. */
  readonly confirmations: bigint;
  /** A snapshot at each multiple of so many blocks. As the network's nodes have it. */
  readonly step: bigint;
  readonly chunkSequences?: number;
}

export interface BlockSealerPorts {
  readonly source: LogSource;
  readonly folder: SnapshotFolder;
  /** The number of the chain's newest block. */
  readonly head: () => Promise<bigint>;
  /** The time of a settled block, seconds since the epoch. */
  readonly timeOf: (block: number) => Promise<number>;
  readonly keeper: LogKeeper;
  readonly logger: Logger;
}

/**
 * Takes the snapshots that a network certifies, when a block at a multiple of the step is settled: the log as it stood at that block's
 * time, under that block's number, signed by its keeper. The folder keeps the first snapshot of a block, so that a process that is
 * killed at any point, or runs twice, offers one.
 */
export class BlockSealer {
  readonly #settings: BlockSealerSettings;
  readonly #ports: BlockSealerPorts;

  constructor(settings: BlockSealerSettings, ports: BlockSealerPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /** Takes the snapshot that is due; gives its block and digest, or undefined when none is. */
  async step(): Promise<{ readonly block: number; readonly digest: string } | undefined> {
    const { confirmations, step, chunkSequences } = this.#settings;
    const { source, folder, head, timeOf, keeper, logger } = this.#ports;
    const due = snapshotBlock(await head(), confirmations, step);
    if (due === undefined) return undefined;
    const block = Number(due);
    if ((await folder.manifestAt(block)) !== undefined) return undefined;
    const cut = await source.cutAt(await timeOf(block));
    const options: CreateOptions = { block, cut, keeper, ...(chunkSequences === undefined ? {} : { chunkSequences }) };
    try {
      const { manifest, sealed, kept } = await createSnapshot(source, folder, options);
      const { digest, sequence } = manifest;
      logger.info({ block, digest, sequence, sealed, kept }, "snapshot taken");
      return { block, digest };
    } catch (error) {
      if (error instanceof SnapshotError && error.code === "snapshots/empty-log") return undefined;
      throw error;
    }
  }
}
