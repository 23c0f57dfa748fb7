// The tree of the original distribution's generator: leaves in file order, an odd node moves up unhashed, sorted pairs.
// Built with the libraries that it was built with, for what is compatible with them by construction. Its file is
//   {"<user_id>": {"leaf": "0x…", "proof": ["0x…"]}}
// with an indent of four: no root, no amounts, no count; older ones say `claim` instead of `leaf`.
import keccak256 from "keccak256";
import { MerkleTree as GeneratorTree } from "merkletreejs";

import { parseDecimal } from "../shared/decimal.js";
import { MAX_USER_ID } from "./allocation.js";
import { MerkleError } from "./errors.js";
import type { OpenAllocations } from "./open-allocations.js";
import { rootFromProof, wordBytes } from "./proof.js";
import { nodeCount, nodeOf, type MerkleTree } from "./tree.js";

/** Builds the tree of `leaves` (32 bytes each) in the order given; leaf k stands at position k. */
export function buildGtcTree(leaves: Uint8Array): MerkleTree {
  const count = leaves.length / 32;
  const words = Array.from({ length: count }, (_, k) => Buffer.from(leaves.subarray(k * 32, (k + 1) * 32)));
  const layers = new GeneratorTree(words, keccak256, { sortPairs: true }).getLayers();
  const nodes = new Uint8Array(nodeCount("layers", count) * 32);
  layers.flat().forEach((node, index) => nodes.set(node, index * 32));
  return { shape: "layers", count, nodes };
}

/** The proofs file of a built list, piece by piece. */
export function* gtcProofsFile(book: OpenAllocations): Generator<string> {
  const { rows, positions } = book.entries;
  yield "{";
  for (let row = 0; row < rows.count; row++) {
    const entry = { leaf: nodeOf(book.tree, positions[row] as number), proof: book.proofAt(row) };
    const text = JSON.stringify(entry, null, 4).replaceAll("\n", "\n    ");
    yield `${row === 0 ? "" : ","}\n    "${rows.ids[row]}": ${text}`;
  }
  yield "\n}\n";
}

export interface GtcProofs {
  /** The root that all proofs lead to; the file does not say it. */
  readonly root: string;
  readonly entries: ReadonlyMap<number, { readonly leaf: string; readonly proof: readonly string[] }>;
}

/** Reads a generator's file; throws `merkle/bad-file` unless every proof leads to one root. */
export function readGtcProofs(document: unknown): GtcProofs {
  if (typeof document !== "object" || document === null || Array.isArray(document)) throw bad("it is not an object");
  const entries: [number, { leaf: string; proof: string[] }][] = [];
  let root: string | undefined;
  for (const [key, value] of Object.entries(document as Record<string, unknown>)) {
    const userId = parseDecimal(key);
    if (userId === undefined || userId > MAX_USER_ID) throw bad(`"${key}" is not a user id`);
    const { leaf, claim, proof } = (value ?? {}) as { leaf?: string; claim?: string; proof?: string[] };
    const word = leaf ?? claim;
    if (word === undefined || !Array.isArray(proof)) throw bad(`user ${key} has no leaf or no proof`);
    wordBytes(word);
    const own = rootFromProof(word, proof);
    if (own !== (root ??= own)) throw bad(`the proof of user ${key} leads to another root than those before`);
    entries.push([Number(userId), { leaf: word, proof }]);
  }
  if (root === undefined) throw bad("it is empty");
  return { root, entries: new Map(entries) };
}

const bad = (reason: string) => new MerkleError("merkle/bad-file", `gtc-v1 proofs file: ${reason}`);
