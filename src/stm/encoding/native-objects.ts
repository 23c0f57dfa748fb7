// Objects that the native scheme writes with the same members as JSON and as CBOR, from their decoded form.
import type { AggregateKey } from "../aggregate-key.js";
import type { SingleSignature } from "../proof.js";
import { signaturePoint } from "../signature-point.js";
import type { BatchPath } from "../tree.js";
import { byteList, list, members, ordinal, ordinals, refuse, soundAggregateKey, u64 } from "./fields.js";

/** `sigma` is a point of the curve's subgroup. */
export function signatureOf(value: unknown): SingleSignature {
  const object = members(value, "a single signature", "sigma", "indexes", "signer_index");
  const sigma = byteList(object.sigma, "sigma", 48);
  signaturePoint(sigma);
  const indexes = ordinals(object.indexes, "an index");
  return { sigma, indexes, signerIndex: ordinal(object.signer_index, "the signer's number") };
}

export function pathOf(value: unknown): BatchPath {
  const object = members(value, "the batch path", "values", "indices", "hasher");
  if (object.hasher !== null) refuse("the batch path's hasher", "is not null");
  return {
    values: list(object.values, "the batch path's values").map((item) =>
      byteList(item, "a value of the batch path", 32),
    ),
    indices: ordinals(object.indices, "a leaf of the batch path"),
  };
}

export function aggregateKeyOf(value: unknown): AggregateKey {
  const object = members(value, "the aggregate key", "mt_commitment", "total_stake");
  const tree = members(object.mt_commitment, "the aggregate key's tree", "root", "nr_leaves", "hasher");
  if (tree.hasher !== null) refuse("the aggregate key's hasher", "is not null");
  return soundAggregateKey({
    root: byteList(tree.root, "the aggregate key's root", 32),
    leaves: ordinal(tree.nr_leaves, "the aggregate key's number of leaves"),
    totalStake: u64(object.total_stake, "the aggregate key's total stake"),
  });
}
