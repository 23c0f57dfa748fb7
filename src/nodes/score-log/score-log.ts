// A node's own copy of the log: chunks from mirrors that nobody trusts, every credential verified, every score computed again.
import type { VerificationSource } from "../../scoring/service/ports.js";
import { DomainError, InvariantError } from "../../shared/errors.js";
import type { Logger } from "../../shared/logger.js";
import { downloadSnapshot } from "../../snapshots/files/download.js";
import type { SnapshotFolder } from "../../snapshots/files/snapshot-folder.js";
import type { Manifest } from "../../snapshots/manifest.js";
import type { SnapshotMirror } from "../../snapshots/ports.js";
import { continuesLog, SignerLog } from "../../snapshots/signer-log.js";
import type { Block } from "../protocol/chain.js";
import type { ComputedScores } from "../protocol/compose-message.js";
import { NodeError } from "../protocol/errors.js";
import type { OfferedSnapshot, ScoreView } from "../protocol/score-view.js";
import { certifiedScores, type CertifiedScorers } from "./certified-scores.js";

export interface ScoreLogPorts {
  /** Asked in their order. */
  readonly mirrors: readonly SnapshotMirror[];
  /** Where chunks stay: what was fetched once is not fetched again. */
  readonly folder: SnapshotFolder;
  /** Issuers as they stood at a time, in seconds. */
  readonly trust: VerificationSource;
  readonly logger: Logger;
}

/** Whoever lies with ever new digests does not fill the memory. */
const MAX_AVOIDED = 1_000;

export class ScoreLog implements ScoreView {
  readonly #settings: CertifiedScorers;
  readonly #ports: ScoreLogPorts;
  #log: SignerLog | undefined;
  readonly #offered = new Map<string, Manifest>();
  /** Digests of what does not hold, and of what nobody had all of. */
  readonly #refused = new Set<string>();
  readonly #unfetched = new Set<string>();

  constructor(settings: CertifiedScorers, ports: ScoreLogPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  async offered(epoch: bigint, block: Block): Promise<OfferedSnapshot | undefined> {
    const { mirrors, logger } = this.#ports;
    let failures = 0;
    let second: Manifest | undefined;
    this.#offered.clear(); // what was offered before is of no use any more, and must not add up
    for (const mirror of mirrors) {
      const manifest = await mirror.manifestAt(Number(block.number)).catch((error: unknown) => {
        failures += 1;
        logger.warn({ mirror: mirror.name, message: String(error) }, "a mirror gives no manifest");
        return undefined;
      });
      if (manifest === undefined || this.#refused.has(manifest.digest)) continue;
      if (manifest.block !== Number(block.number)) {
        logger.warn({ mirror: mirror.name, block: manifest.block }, "a mirror gives the manifest of another block");
        continue;
      }
      // A mirror whose offer could not be fetched must not keep the node from what others have; but it may be all there is.
      if (!this.#unfetched.has(manifest.digest)) return this.#offer(manifest, epoch, block);
      second ??= manifest;
    }
    if (second !== undefined) return this.#offer(second, epoch, block);
    if (mirrors.length === 0 || failures < mirrors.length) return undefined;
    throw new NodeError("nodes/log-unavailable", "No mirror of the passport log answers");
  }

  #offer(manifest: Manifest, epoch: bigint, block: Block): OfferedSnapshot {
    this.#offered.set(manifest.digest, manifest);
    const chunk = BigInt(Math.ceil(manifest.sequence / manifest.chunkSequences) - 1);
    return { point: { epoch, block: block.number, chunk }, digest: manifest.digest };
  }

  async compute({ digest, point }: OfferedSnapshot, block: Block): Promise<ComputedScores> {
    const manifest = this.#offered.get(digest);
    if (manifest === undefined) throw new NodeError("nodes/log-unavailable", `Nobody offered the snapshot ${digest}`);
    try {
      await this.#follow(manifest);
    } catch (error) {
      this.#avoid(digest, error);
      throw error;
    }
    const { replay } = await this.#current();
    const computed = certifiedScores(replay, block, this.#settings);
    if (computed === undefined)
      throw new NodeError("nodes/log-unavailable", "The certified scorers have no scores yet");
    this.#offered.clear();
    this.#unfetched.clear();
    return { scoresRoot: computed.tree.root, snapshotDigest: digest, snapshotBlock: point.block };
  }

  /** Remembers what did not hold, so that a mirror that lies first does not keep the node from one that is right. */
  #avoid(digest: string, error: unknown): void {
    const code = error instanceof NodeError ? error.code : undefined;
    if (code !== "nodes/log-mismatch" && code !== "nodes/log-unavailable") return;
    const avoided = code === "nodes/log-mismatch" ? this.#refused : this.#unfetched;
    if (avoided.size >= MAX_AVOIDED) avoided.clear();
    avoided.add(digest);
    this.#offered.delete(digest);
  }

  /** Fetches what is new and replays it. */
  async #follow(manifest: Manifest): Promise<void> {
    const { mirrors, folder } = this.#ports;
    const before = this.#log?.manifest ?? (await folder.followed());
    if (before !== undefined && !continuesLog(before, manifest)) {
      // Refused before a byte of it is fetched, and what was replayed stays good.
      throw new NodeError("nodes/log-mismatch", "The snapshot does not go on from what this node followed");
    }
    try {
      await downloadSnapshot(mirrors, folder, { digest: manifest.digest });
    } catch (cause) {
      throw translated(cause, "nodes/log-unavailable");
    }
    try {
      const log = await this.#current();
      if (manifest.digest === log.manifest?.digest) return;
      await log.advance(folder, manifest);
      await folder.keepFollowed(manifest.digest);
    } catch (error) {
      this.#log = undefined; // half replayed: of no use
      throw translated(error, "nodes/log-mismatch");
    }
  }

  /**
   * The log as far as this node followed it, replayed anew after a restart and after a snapshot that did not hold. A later one has
   * to go on from here: history that is written anew is not accepted because a process began anew.
   */
  async #current(): Promise<SignerLog> {
    if (this.#log !== undefined) return this.#log;
    const { folder, trust } = this.#ports;
    const log = new SignerLog({ trust });
    const followed = await folder.followed();
    if (followed !== undefined) await log.advance(folder, followed);
    this.#log = log;
    return log;
  }
}

/**
 * What is wrong with the log is a fault of the log, and so is whatever it makes a reader throw; what is wrong with this node (its
 * disk, a broken promise of its own) stays what it is.
 */
function translated(cause: unknown, code: "nodes/log-unavailable" | "nodes/log-mismatch"): unknown {
  if (!(cause instanceof Error) || cause instanceof NodeError || cause instanceof InvariantError) return cause;
  if (!(cause instanceof DomainError) && "errno" in cause) return cause;
  return new NodeError(code, cause.message, { cause });
}
