import { checksumAddress } from "../../merkle/address.js";
import { anchorDigest, anchorDomain, hashRules, type Anchor } from "../../passport/onchain/anchor-typed-data.js";
import {
  proveScore,
  scoresOfTree,
  ScoreTreeBuilder,
  type ScoreTree,
  type TreeScore,
} from "../../passport/onchain/score-tree.js";
import type { DigestSigner } from "../../passport/signature.js";
import { unixSeconds, type Clock } from "../../shared/clock.js";
import { PassportServiceError } from "./errors.js";
import type { PassportService } from "./passport-service.js";
import type { ScorerSummary } from "./ports.js";

/** A root that was signed, without its tree. */
export interface StoredAnchor {
  readonly scorerId: number;
  readonly version: number;
  readonly number: number;
  readonly root: string;
  readonly issuedAt: number;
  readonly threshold: number;
  readonly definition: string;
  readonly rulesHash: string;
  readonly count: number;
  readonly uri: string;
  readonly deadline: number;
  readonly signature: string;
}

export interface AnchorStore {
  /** All scores of a scorer with anything to anchor, in the order of accounts, as of one moment. */
  readScores(scorerId: number, visit: (score: AnchorableScore) => void): Promise<void>;
  /** The newest anchor, or that of a number. */
  anchor(scorerId: number, number?: number): Promise<StoredAnchor | undefined>;
  tree(anchor: StoredAnchor): Promise<ScoreTree>;
  /**
   * Keeps a root with its tree. One of the same number gives way, but where `replaces` is told only if it has that root (null:
   * none may be there); false when it was kept.
   */
  saveAnchor(anchor: StoredAnchor, tree: ScoreTree, replaces?: string | null): Promise<boolean>;
}

export interface AnchorableScore extends Omit<TreeScore, "expiresAt"> {
  readonly expiresAt: number | null;
  readonly version: number;
  readonly status: string;
}

export interface AnchorSettings {
  readonly chainId: bigint;
  /** The registry's address. */
  readonly registry: string;
  /** Seconds: how long the registry lets a score live after its root's issue. */
  readonly maxLifetime: number;
  /** Seconds: how long a signature may be used. */
  readonly signatureLifetime: number;
  /** Where trees can be found; `{scorer}`, `{number}` and `{root}` are filled in. */
  readonly uri: string;
}

export interface AnchorPorts {
  readonly store: AnchorStore;
  readonly service: PassportService;
  /** The scorer's operator. */
  readonly signer: DigestSigner;
  readonly clock: Clock;
}

/** What `PassportRegistry.anchor` takes, and the signature beside it. */
export interface PreparedAnchor extends Anchor {
  readonly rulesHash: string;
  readonly signature: string;
}

/** What `PassportRegistry.submitScore` takes. */
export interface ScoreProof {
  readonly scorerId: bigint;
  /** EIP-55. */
  readonly account: string;
  readonly score: number;
  readonly expiresAt: bigint;
  readonly rootNumber: number;
  readonly root: string;
  readonly proof: string[];
}

/** Builds, signs and keeps the trees that go to the registry. */
export class AnchorService {
  readonly #settings: AnchorSettings;
  readonly #ports: AnchorPorts;
  /** The tree that was asked for last. */
  #open: { readonly root: string; readonly tree: ScoreTree } | undefined;

  constructor(settings: AnchorSettings, ports: AnchorPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /**
   * Builds the tree over all scores as they stand, with a score of 0 for whoever had one in an earlier tree and has none now,
   * and signs its root. `number` is what the registry expects; without it, the one after the newest that is stored. The same
   * number again replaces a root that never reached the chain.
   *
   * Throws `scoring/stale-scores` when scores of an older version of the rules would be signed under the newest one. An account
   * whose newest run failed, and whose last good score is of an older version, has no score in the tree: signing it would say
   * that the newest rules made it, and waiting for it would let one account stop all others.
   */
  prepareAnchor(scorerId: number, { number }: { number?: number } = {}): Promise<PreparedAnchor> {
    return this.#prepare(scorerId, number);
  }

  /** What {@link prepareLater} needs to do its work once, however often it is called: noted when the work is asked for. */
  async noteAnchor(scorerId: number, number?: number): Promise<{ number: number; replaces: string | null }> {
    const ours = number ?? (await this.nextNumber(scorerId));
    return { number: ours, replaces: (await this.#ports.store.anchor(scorerId, ours))?.root ?? null };
  }

  /**
   * As {@link prepareAnchor}, once: nothing happens when the number has another root by now than the one that was there when the
   * work was noted. A queue may deliver a piece twice, and a root that went to the registry meanwhile must keep its tree.
   */
  async prepareLater(scorerId: number, note: { number: number; replaces: string | null }): Promise<void> {
    const stored = await this.#ports.store.anchor(scorerId, note.number);
    if ((stored?.root ?? null) === note.replaces) await this.#prepare(scorerId, note.number, note.replaces);
  }

  async #prepare(scorerId: number, number: number | undefined, replaces?: string | null): Promise<PreparedAnchor> {
    const { store, service, signer, clock } = this.#ports;
    const scorer = await service.scorer(scorerId);
    const registryId = registryIdOf(scorer);
    const { rules, rulesHash: definition } = await service.version(scorerId);
    const ours = number ?? (await this.nextNumber(scorerId));
    const [before, replaced, newest] = await Promise.all([
      store.anchor(scorerId, ours - 1),
      store.anchor(scorerId, ours),
      store.anchor(scorerId),
    ]);
    // The registry may be ahead of us: then the newest root that we know says who had a score.
    const previous = before ?? (newest !== undefined && newest.number < ours ? newest : undefined);
    const issuedAt = Math.max(unixSeconds(clock), (previous?.issuedAt ?? 0) + 1);

    const earlier = new Set<string>();
    for (const anchor of [previous, replaced]) {
      if (anchor === undefined) continue;
      for (const { account } of scoresOfTree(await store.tree(anchor))) earlier.add(account);
    }
    const tree = await this.#build(scorer, registryId, earlier, issuedAt);
    const uri = this.#settings.uri
      .replaceAll("{scorer}", String(scorerId))
      .replaceAll("{number}", String(ours))
      .replaceAll("{root}", tree.root);
    const anchor: Anchor = {
      scorerId: registryId,
      number: ours,
      root: tree.root,
      issuedAt: BigInt(issuedAt),
      threshold: rules.threshold,
      definition,
      count: BigInt(tree.count),
      uri,
      deadline: BigInt(issuedAt + this.#settings.signatureLifetime),
    };
    const { chainId, registry } = this.#settings;
    const digest = anchorDigest(anchorDomain(chainId, registry), anchor);
    const signature = await signer.sign(Buffer.from(digest.slice(2), "hex"));
    const prepared = { ...anchor, rulesHash: hashRules(anchor.threshold, definition), signature };
    const saved = await store.saveAnchor(storedFrom(prepared, scorer), tree, replaces);
    if (saved) this.#open = { root: tree.root, tree };
    return prepared;
  }

  /** The number after the newest that is stored. */
  async nextNumber(scorerId: number): Promise<number> {
    return ((await this.#ports.store.anchor(scorerId))?.number ?? 0) + 1;
  }

  async #build(
    scorer: ScorerSummary,
    registryId: bigint,
    earlier: ReadonlySet<string>,
    issuedAt: number,
  ): Promise<ScoreTree> {
    const lost = [...earlier].sort();
    const builder = new ScoreTreeBuilder();
    let next = 0;
    const tombstonesBelow = (account: string | null) => {
      for (; next < lost.length && (account === null || (lost[next] as string) < account); next++) {
        builder.add({ account: lost[next] as string, score: 0, expiresAt: 0 });
      }
    };
    const latest = issuedAt + this.#settings.maxLifetime;
    await this.#ports.store.readScores(scorer.id, ({ account, score, expiresAt, version, status }) => {
      if (version !== scorer.version) {
        if (status !== "DONE") return;
        throw new PassportServiceError("scoring/stale-scores", "scores of an older version are there: rescore first");
      }
      if (score === 0 || expiresAt === null || expiresAt <= issuedAt) return;
      tombstonesBelow(account);
      if (lost[next] === account) next += 1;
      builder.add({ account, score, expiresAt: Math.min(expiresAt, latest) });
    });
    tombstonesBelow(null);
    if (builder.count === 0)
      throw new PassportServiceError("scoring/nothing-to-anchor", "nobody has a score to anchor");
    return builder.build(registryId);
  }

  /** The newest anchor, or that of a number. Throws `scoring/not-anchored`. */
  async anchor(scorerId: number, number?: number): Promise<StoredAnchor> {
    const anchor = await this.#ports.store.anchor(scorerId, number);
    if (anchor === undefined) {
      throw new PassportServiceError("scoring/not-anchored", "there is no such root of this scorer", { scorerId });
    }
    return anchor;
  }

  /** An account's leaf and proof in the newest tree or in that of a number. Throws `scoring/not-anchored`. */
  async proofOf(scorerId: number, account: string, number?: number): Promise<ScoreProof> {
    const anchor = await this.anchor(scorerId, number);
    const scorer = await this.#ports.service.scorer(scorerId);
    const proved = proveScore(await this.#tree(anchor), account);
    if (proved === undefined) {
      throw new PassportServiceError("scoring/not-anchored", "the account is not in the tree of this root", {
        rootNumber: anchor.number,
      });
    }
    return {
      scorerId: registryIdOf(scorer),
      account: checksumAddress(Buffer.from(proved.account.slice(2), "hex")),
      score: proved.score,
      expiresAt: proved.expiresAt,
      rootNumber: anchor.number,
      root: anchor.root,
      proof: proved.proof,
    };
  }

  /** All leaves of a tree, so that nobody depends on this service to prove a score. */
  async scores(scorerId: number, number?: number): Promise<{ anchor: StoredAnchor; scores: Iterable<TreeScore> }> {
    const anchor = await this.anchor(scorerId, number);
    return { anchor, scores: scoresOfTree(await this.#tree(anchor)) };
  }

  async #tree(anchor: StoredAnchor): Promise<ScoreTree> {
    if (this.#open?.root !== anchor.root) {
      this.#open = { root: anchor.root, tree: await this.#ports.store.tree(anchor) };
    }
    return this.#open.tree;
  }
}

function registryIdOf({ registryId }: ScorerSummary): bigint {
  if (registryId !== null) return registryId;
  throw new PassportServiceError("scoring/not-linked", "the scorer has no id in the registry yet");
}

function storedFrom(prepared: PreparedAnchor, { id, version }: ScorerSummary): StoredAnchor {
  const { scorerId: _, count, issuedAt, deadline, ...anchor } = prepared;
  return {
    ...anchor,
    scorerId: id,
    version,
    count: Number(count),
    issuedAt: Number(issuedAt),
    deadline: Number(deadline),
  };
}
