// The proof of a certified score, for anyone who has the snapshot: nobody has to be asked for it.
import type { Certificate } from "../../certificates/certificate.js";
import { proveScore } from "../../passport/onchain/score-tree.js";
import type { Progress } from "../../shared/progress.js";
import type { SnapshotReader } from "../../snapshots/ports.js";
import { readSnapshot } from "../../snapshots/read-snapshot.js";
import { LogReplay } from "../../snapshots/replay-log.js";
import type { Block } from "../protocol/chain.js";
import { certifiedScores, type CertifiedScorers, type CertifiedScores } from "../score-log/certified-scores.js";
import { ClientError } from "./errors.js";

/** What `PassportRegistry.anchorCertified` takes: `CertifiedAnchor`, and the way from the scorer's entry to the scores root. */
export interface CertifiedAnchorArguments {
  readonly anchor: {
    readonly scorerId: bigint;
    readonly epoch: bigint;
    readonly root: string;
    /** Seconds since 1970: the time of the snapshot's block. */
    readonly issuedAt: bigint;
    /** In units of 1e-4. */
    readonly threshold: number;
    readonly definition: string;
    readonly count: bigint;
  };
  readonly proof: readonly string[];
}

/**
 * What `PassportRegistry.submitScore` takes, but for the root's number: the registry gives it when the root is anchored.
 */
export interface SubmitScoreArguments {
  readonly scorerId: bigint;
  readonly account: string;
  /** In units of 1e-4; 0 for somebody who lost the score. */
  readonly score: number;
  /** Seconds since 1970. */
  readonly expiresAt: bigint;
  readonly proof: readonly string[];
}

export interface ScoreProof {
  readonly anchorCertified: CertifiedAnchorArguments;
  readonly submitScore: SubmitScoreArguments;
}

/**
 * Replays a certified snapshot and builds the trees of its scores. Credentials are not verified again: the scores root has to be
 * the certified one, for which the stewards did. `block` is the certificate's, by the chain. Throws `client/without-scores`, and
 * `client/scores-differ` when the root is another: scorers or lifetime are not those that the network agreed on.
 */
export async function replayCertified(
  reader: SnapshotReader,
  { hash, content }: Certificate,
  block: Block,
  scorers: CertifiedScorers,
  progress?: Progress,
): Promise<CertifiedScores> {
  const certified = content.kind === "multisignature" ? content.message.scores : undefined;
  if (certified === undefined) {
    throw new ClientError("client/without-scores", `The certificate ${hash} is about no snapshot`, { hash });
  }
  const manifest = await reader.manifest(certified.snapshotDigest);
  if (manifest === undefined || manifest.digest !== certified.snapshotDigest) {
    const message = `The certified snapshot ${certified.snapshotDigest} is not here: download it first`;
    throw new ClientError("client/scores-differ", message, { digest: certified.snapshotDigest });
  }
  const replay = new LogReplay({ trust: null });
  const shown = { stage: "replaying entries", ...(progress === undefined ? {} : { progress }) };
  for await (const { records } of readSnapshot(reader, manifest, shown)) {
    for (const record of records) replay.apply(record);
  }
  const scores = certifiedScores(replay, block, scorers);
  if (scores?.tree.root === certified.scoresRoot && block.number === certified.snapshotBlock) return scores;
  throw new ClientError(
    "client/scores-differ",
    `The snapshot gives the scores root ${scores?.tree.root ?? "of no scorer"}, and ${certified.scoresRoot} is certified: the scorers and the lifetime must be those that the stewards certify`,
    { hash, certified: certified.scoresRoot },
  );
}

/** The proof of one account's score. `account` is 0x-prefixed hex of any case. Throws `client/no-score`. */
export function proveCertifiedScore(
  { epoch }: Pick<Certificate, "epoch">,
  { tree, scorers }: CertifiedScores,
  scorerId: bigint,
  account: string,
): ScoreProof {
  const scorer = scorers.get(scorerId);
  const way = tree.proofOf(scorerId);
  const leaf = scorer === undefined ? undefined : proveScore(scorer.tree, account);
  if (scorer === undefined || way === undefined) {
    throw new ClientError("client/no-score", `The certificate covers no scores of scorer ${scorerId}`, { scorerId });
  }
  if (leaf === undefined) {
    const message = `The account ${account} never had a score above 0 at scorer ${scorerId}`;
    throw new ClientError("client/no-score", message, { scorerId, account });
  }
  const { entry, threshold, definition } = scorer;
  const { root, issuedAt, count } = entry;
  return {
    anchorCertified: { anchor: { scorerId, epoch, root, issuedAt, threshold, definition, count }, proof: way },
    submitScore: {
      scorerId,
      account: leaf.account,
      score: leaf.score,
      expiresAt: leaf.expiresAt,
      proof: leaf.proof,
    },
  };
}
