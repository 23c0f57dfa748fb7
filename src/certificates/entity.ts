// What a certificate is about. An entity names a time point that every signer can choose by itself, so that all of them
// sign the same message without talking to each other.
import { concatBytes } from "@noble/hashes/utils.js";

import { u64 } from "../shared/big-endian.js";

/** Where the log stood: the contract's epoch, the block that chain data is read at, and the last sealed chunk. */
export interface TimePoint {
  readonly epoch: bigint;
  readonly block: bigint;
  readonly chunk: bigint;
}

/**
 * `scores`: the scores of all scorers and the snapshot they come from. `stake-distribution`: the keys of the next epoch and
 * nothing else, so that the chain goes on in an epoch without scores.
 */
export type Entity =
  ({ readonly kind: "scores" } & TimePoint) | { readonly kind: "stake-distribution"; readonly epoch: bigint };

export type EntityKind = Entity["kind"];

const KIND_IDS: Readonly<Record<EntityKind, number>> = { scores: 1, "stake-distribution": 2 };

/** One byte for the kind, then 8 bytes, big-endian, for each member: part of a certificate's hash. */
export function entityBytes(entity: Entity): Uint8Array {
  const members = entity.kind === "scores" ? [entity.epoch, entity.block, entity.chunk] : [entity.epoch];
  return concatBytes(Uint8Array.of(KIND_IDS[entity.kind]), ...members.map(u64));
}

/** The entity as a key of stores and routes: `scores-12-20480-7`. */
export const entityKey = (entity: Entity): string =>
  entity.kind === "scores"
    ? `scores-${entity.epoch}-${entity.block}-${entity.chunk}`
    : `stake-distribution-${entity.epoch}`;

/**
 * The block at which signers read the chain: far enough behind its head, and a multiple of `step`, so that all of them
 * choose the same one. `undefined` while the chain is too short; block 0 is none, because on-chain it stands for "no scores".
 */
export function snapshotBlock(head: bigint, confirmations: bigint, step: bigint): bigint | undefined {
  const settled = head - confirmations;
  return settled < step ? undefined : (settled / step) * step;
}
