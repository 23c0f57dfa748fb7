// A node's own copy of the log: what its keeper signed or the registry certified, chunks from mirrors that nobody trusts, every
// credential verified, every score computed again.
import type { VerificationSource } from "../../scoring/service/ports.js";
import { DomainError, InvariantError } from "../../shared/errors.js";
import type { Logger } from "../../shared/logger.js";
import { SnapshotError } from "../../snapshots/errors.js";
import { downloadSnapshot, type DownloadOptions } from "../../snapshots/files/download.js";
import type { SnapshotFolder } from "../../snapshots/files/snapshot-folder.js";
import type { TrustedKeepers } from "../../snapshots/keeper.js";
import { manifestHash, type Manifest } from "../../snapshots/manifest.js";
import type { SnapshotMirror } from "../../snapshots/ports.js";
import { continuesLog, extendsLog, SignerLog } from "../../snapshots/signer-log.js";
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
  /** Who may sign what is followed. */
  readonly keepers: TrustedKeepers;
  /** The newest snapshot that the registry holds a certificate of: it needs no keeper. Undefined while there is none. */
  readonly certified: () => Promise<CertifiedDigest | undefined>;
  /** Issuers as they stood at a time, in seconds. */
  readonly trust: VerificationSource;
  readonly logger: Logger;
}

/** A certified snapshot; `digest` is 0x-prefixed lower-case hex. */
export interface CertifiedDigest {
  readonly digest: string;
  readonly block: bigint;
}

/** Whoever lies with ever new digests does not fill the memory. */
const MAX_AVOIDED = 1_000;

export class ScoreLog implements ScoreView {
  readonly #settings: CertifiedScorers;
  readonly #ports: ScoreLogPorts;
  #log: SignerLog | undefined;
  readonly #offered = new Map<string, Manifest>();
  /** What does not hold, and what nobody had all of. */
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
    let refusal: NodeError | undefined;
    this.#offered.clear(); // what was offered before is of no use any more, and must not add up
    for (const mirror of mirrors) {
      const manifest = await mirror.manifestAt(Number(block.number)).catch((error: unknown) => {
        failures += 1;
        logger.warn({ mirror: mirror.name, message: String(error) }, "a mirror gives no manifest");
        return undefined;
      });
      if (manifest === undefined || this.#refused.has(nameOf(manifest))) continue;
      if (manifest.block !== Number(block.number)) {
        logger.warn({ mirror: mirror.name, block: manifest.block }, "a mirror gives the manifest of another block");
        continue;
      }
      const reason = await this.#reasonAgainst(manifest);
      if (reason !== undefined) {
        logger.warn(
          { mirror: mirror.name, code: reason.code, message: reason.message },
          "a mirror's snapshot is refused",
        );
        refusal ??= reason;
        continue;
      }
      // A mirror whose offer could not be fetched must not keep the node from what others have; but it may be all there is.
      if (!this.#unfetched.has(nameOf(manifest))) return this.#offer(manifest, epoch, block);
      second ??= manifest;
    }
    if (second !== undefined) return this.#offer(second, epoch, block);
    if (refusal !== undefined) throw refusal;
    if (mirrors.length === 0 || failures < mirrors.length) return undefined;
    throw new NodeError("nodes/log-unavailable", "No mirror of the passport log answers");
  }

  /** Why a snapshot is not even looked at: nobody who answers for the log signed it, or it is less than what was followed. */
  async #reasonAgainst(manifest: Manifest): Promise<NodeError | undefined> {
    const { keepers, certified } = this.#ports;
    try {
      keepers.check(manifest);
    } catch (cause) {
      if (!(cause instanceof SnapshotError)) throw cause;
      const held = await certified();
      if (held?.digest !== manifest.digest || held.block !== BigInt(manifest.block ?? -1)) {
        return new NodeError("nodes/log-untrusted", cause.message, { cause });
      }
    }
    const before = await this.#followed();
    if (before === undefined || before.sequence <= manifest.sequence) return undefined;
    // What is longer may be false: a node that it caught would refuse the true log until that had outgrown it.
    const left = await this.#leftForCertified(before);
    const now = left ? await this.#followed() : before;
    if (now === undefined || now.sequence <= manifest.sequence) return undefined;
    const message = `The snapshot ends at entry ${manifest.sequence}, and this node followed the log to ${now.sequence}`;
    return new NodeError("nodes/log-mismatch", message);
  }

  /** As `#returnToCertified`; where the certified log cannot be had, the next mirror's offer is still looked at. */
  async #leftForCertified(before: Manifest): Promise<boolean> {
    try {
      return await this.#returnToCertified(before);
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      const { code, message } = error;
      this.#ports.logger.warn({ code, message }, "what was followed cannot be compared with the certified log");
      return false;
    }
  }

  async #followed(): Promise<Manifest | undefined> {
    return this.#log?.manifest ?? (await this.#ports.folder.followed());
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
      await this.#follow(manifest, Number(block.timestamp));
    } catch (error) {
      this.#avoid(manifest, error);
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
  #avoid(manifest: Manifest, error: unknown): void {
    const code = error instanceof NodeError ? error.code : undefined;
    if (code !== "nodes/log-mismatch" && code !== "nodes/log-unavailable") return;
    const avoided = code === "nodes/log-mismatch" ? this.#refused : this.#unfetched;
    if (avoided.size >= MAX_AVOIDED) avoided.clear();
    avoided.add(nameOf(manifest));
    this.#offered.delete(manifest.digest);
  }

  /** Fetches what is new and replays it; nothing in it is later than `latest`, the time of its block in seconds. */
  async #follow(manifest: Manifest, latest: number): Promise<void> {
    const before = await this.#followed();
    try {
      await this.#advance(before, manifest, latest);
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const other = cause instanceof SnapshotError && cause.code === "snapshots/other-log";
      if (!other || before === undefined) throw error;
      await this.#accuse(before, manifest);
      if (!(await this.#returnToCertified(before))) throw error;
      await this.#advance(await this.#followed(), manifest, latest);
    }
  }

  async #advance(before: Manifest | undefined, manifest: Manifest, latest: number): Promise<void> {
    const { folder } = this.#ports;
    // Refused before a byte of it is fetched, and what was replayed stays good.
    if (before !== undefined && !continuesLog(before, manifest)) throw translated(otherLog(), "nodes/log-mismatch");
    // What is followed already keeps its own manifest: another one of its digest may have false sizes and counts.
    const known = before?.digest === manifest.digest;
    await this.#download({ manifest: known ? before : manifest });
    try {
      const log = await this.#current();
      if (known) return;
      await log.advance(folder, manifest, latest);
      await folder.keepFollowed(manifest.digest);
    } catch (error) {
      this.#log = undefined; // half replayed: of no use
      throw translated(error, "nodes/log-mismatch");
    }
  }

  async #download(which: Pick<DownloadOptions, "digest" | "manifest" | "accept">): Promise<Manifest> {
    const { mirrors, folder } = this.#ports;
    try {
      return await downloadSnapshot(mirrors, folder, which);
    } catch (cause) {
      throw translated(cause, "nodes/log-unavailable");
    }
  }

  /** A keeper who signed two logs lied to somebody. Both are kept: with them, anybody can show it. */
  async #accuse(before: Manifest, after: Manifest): Promise<void> {
    const { keepers, folder, logger } = this.#ports;
    if (!keepers.vouchFor(before) || !keepers.vouchFor(after)) return;
    const evidence = await folder.keepEvidence(before, after);
    const digests = { followed: before.digest, offered: after.digest };
    logger.error({ ...digests, evidence }, "the keeper of the log signed two logs that contradict each other");
  }

  /**
   * What the registry certified counts, whatever this node followed before: where the two contradict each other, the certified log is
   * followed from its beginning. So a node that a false log caught gets out by itself, and nobody else moves it. Gives whether it did.
   */
  async #returnToCertified(before: Manifest): Promise<boolean> {
    const { folder, certified, logger } = this.#ports;
    const held = await certified();
    if (held === undefined || held.digest === before.digest) return false;
    let log: SignerLog | undefined;
    const accept = async (manifest: Manifest) => {
      const agrees =
        manifest.sequence < before.sequence
          ? await extendsLog(folder, manifest, before)
          : await extendsLog(folder, before, manifest);
      log = agrees ? undefined : await this.#replayed(manifest);
    };
    const manifest = await this.#download({ digest: held.digest, accept });
    if (log === undefined) return false;
    await folder.keepFollowed(manifest.digest);
    this.#log = log;
    logger.warn({ from: before.digest, to: manifest.digest }, "what was followed contradicts the certified log: left");
    return true;
  }

  /** A log from its beginning. A manifest that does not hold is thrown as one that its mirror should not have given. */
  async #replayed(manifest: Manifest): Promise<SignerLog> {
    const log = new SignerLog({ trust: this.#ports.trust });
    try {
      await log.advance(this.#ports.folder, manifest);
    } catch (error) {
      const cause = translated(error, "nodes/log-mismatch");
      if (!(cause instanceof NodeError)) throw cause;
      throw new SnapshotError("snapshots/mirror-failed", cause.message, {}, { cause });
    }
    return log;
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

/** A manifest and its very words: sizes and counts of an unsigned one are anybody's, and must not discredit a true one. */
const nameOf = manifestHash;

const otherLog = () =>
  new SnapshotError("snapshots/other-log", "The snapshot does not go on from what this node followed");

/**
 * What is wrong with the log is a fault of the log, and so is whatever it makes a reader throw; what is wrong with this node (its
 * disk, a broken promise of its own) stays what it is.
 */
function translated(cause: unknown, code: "nodes/log-unavailable" | "nodes/log-mismatch"): unknown {
  if (!(cause instanceof Error) || cause instanceof NodeError || cause instanceof InvariantError) return cause;
  if (!(cause instanceof DomainError) && "errno" in cause) return cause;
  return new NodeError(code, cause.message, { cause });
}
