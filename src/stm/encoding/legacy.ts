// The native scheme's byte form up to 2025: fixed layouts, every integer a u64, most significant byte first.
import { type AggregateKey } from "../aggregate-key.js";
import { concat, equalBytes, u64be } from "../bytes.js";
import { StmError } from "../errors.js";
import { VerificationKey } from "../keys.js";
import { checkParameters, type StmParameters } from "../parameters.js";
import type { ConcatenationProof, SingleSignature } from "../proof.js";
import { checkStake, type Party } from "../registration.js";
import { signaturePoint } from "../signature-point.js";
import { type BatchPath, MerkleTree } from "../tree.js";
import { ordinal, refuse, soundAggregateKey } from "./fields.js";

/** The type byte of a concatenation proof in an aggregate signature. */
const CONCATENATION = 0;
const SIGNATURE_LENGTH = 48;
const ENTRY_LENGTH = 104;

class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) refuse(this.#what, "ends too early");
    const part = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return part;
  }

  u64(): bigint {
    const bytes = this.take(8);
    return new DataView(bytes.buffer).getBigUint64(0);
  }

  ordinal(): number {
    return ordinal(this.u64(), `a number of ${this.#what}`);
  }

  /** As many items as the bytes can hold: a count is not believed before that. */
  items<T>(count: number, length: number, read: () => T): T[] {
    if (count * length > this.#bytes.length - this.#at) refuse(this.#what, `cannot hold ${count} items`);
    return Array.from({ length: count }, read);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) refuse(this.#what, "has bytes left over");
  }
}

function whole<T>(bytes: Uint8Array, what: string, read: (reader: ByteReader) => T): T {
  const reader = new ByteReader(bytes, what);
  const value = read(reader);
  reader.end();
  return value;
}

/** m ‖ k ‖ phi_f as a double: 24 bytes. */
export function parametersToLegacy({ k, m, phiF }: StmParameters): Uint8Array {
  const phi = new DataView(new ArrayBuffer(8));
  phi.setFloat64(0, phiF);
  return concat(u64be(m), u64be(k), new Uint8Array(phi.buffer));
}

export const parametersFromLegacy = (bytes: Uint8Array): StmParameters =>
  whole(bytes, "the parameters", (reader) => {
    const [m, k] = [reader.u64(), reader.u64()];
    const parameters = { k, m, phiF: new DataView(reader.take(8).buffer).getFloat64(0) };
    checkParameters(parameters);
    return parameters;
  });

/** nIdx ‖ indices ‖ σ ‖ signer number. */
export const singleSignatureToLegacy = ({ sigma, indexes, signerIndex }: SingleSignature): Uint8Array =>
  concat(u64be(indexes.length), ...indexes.map(u64be), sigma, u64be(signerIndex));

export const singleSignatureFromLegacy = (bytes: Uint8Array): SingleSignature =>
  whole(bytes, "a single signature", (reader) => {
    const indexes = reader.items(reader.ordinal(), 8, () => reader.ordinal());
    const sigma = reader.take(SIGNATURE_LENGTH);
    signaturePoint(sigma);
    return { sigma, indexes, signerIndex: reader.ordinal() };
  });

/** vk ‖ stake: 104 bytes. */
export const partyToLegacy = ({ verificationKey, stake }: Party): Uint8Array =>
  concat(verificationKey.bytes, u64be(stake));

export const partyFromLegacy = (bytes: Uint8Array): Party =>
  whole(bytes, "a registered party", (reader) => {
    const party = { verificationKey: VerificationKey.parse(reader.take(96)), stake: reader.u64() };
    checkStake(party.stake);
    return party;
  });

/** nValues ‖ nIndices ‖ values ‖ indices. */
export const pathToLegacy = ({ values, indices }: BatchPath): Uint8Array =>
  concat(u64be(values.length), u64be(indices.length), ...values, ...indices.map(u64be));

function readPath(reader: ByteReader): BatchPath {
  const [values, indices] = [reader.ordinal(), reader.ordinal()];
  return {
    values: reader.items(values, 32, () => reader.take(32)),
    indices: reader.items(indices, 8, () => reader.ordinal()),
  };
}

export const pathFromLegacy = (bytes: Uint8Array): BatchPath => whole(bytes, "the batch path", readPath);

/** count ‖ (length ‖ signature with party)… ‖ path; a signature with party is 104 ‖ entry ‖ length ‖ signature. */
export function proofToLegacy({ signatures, path }: ConcatenationProof): Uint8Array {
  const items = signatures.map(({ signature, party }) => {
    const bytes = singleSignatureToLegacy(signature);
    const item = concat(u64be(ENTRY_LENGTH), partyToLegacy(party), u64be(bytes.length), bytes);
    return concat(u64be(item.length), item);
  });
  return concat(u64be(items.length), ...items, pathToLegacy(path));
}

export const proofFromLegacy = (bytes: Uint8Array): ConcatenationProof =>
  whole(bytes, "the proof", (reader) => {
    const signatures = reader.items(reader.ordinal(), 8, () =>
      whole(reader.take(reader.ordinal()), "a signature with its party", (item) => ({
        party: partyFromLegacy(item.take(item.ordinal())),
        signature: singleSignatureFromLegacy(item.take(item.ordinal())),
      })),
    );
    return { signatures, path: readPath(reader) };
  });

/** The type byte 0 ‖ proof. */
export const aggregateToLegacy = (proof: ConcatenationProof): Uint8Array =>
  concat(Uint8Array.of(CONCATENATION), proofToLegacy(proof));

export function aggregateFromLegacy(bytes: Uint8Array): ConcatenationProof {
  if (bytes[0] !== CONCATENATION) refuse("the aggregate signature", "is not a concatenation proof");
  return proofFromLegacy(bytes.subarray(1));
}

/** nr_leaves ‖ root ‖ total stake: 48 bytes. */
export const aggregateKeyToLegacy = ({ root, leaves, totalStake }: AggregateKey): Uint8Array =>
  concat(u64be(leaves), root, u64be(totalStake));

export const aggregateKeyFromLegacy = (bytes: Uint8Array): AggregateKey =>
  whole(bytes, "the aggregate key", (reader) =>
    soundAggregateKey({ leaves: reader.ordinal(), root: reader.take(32), totalStake: reader.u64() }),
  );

/** n ‖ all nodes from the root down. */
export const treeToLegacy = (tree: MerkleTree): Uint8Array => concat(u64be(tree.leaves), ...tree.nodes);

/** Builds the tree again from its leaves and refuses nodes that differ. */
export const treeFromLegacy = (bytes: Uint8Array): MerkleTree =>
  whole(bytes, "the tree", (reader) => {
    const leaves = reader.ordinal();
    if (leaves < 1) refuse("the tree", "has no leaves");
    const count = Math.floor((bytes.length - 8) / 32);
    if (leaves > count) refuse("the tree", "has fewer nodes than leaves");
    const nodes = reader.items(count, 32, () => reader.take(32));
    const tree = new MerkleTree(nodes.slice(count - leaves));
    if (!equalBytes(treeToLegacy(tree), bytes))
      throw new StmError("stm/malformed", "the tree's nodes contradict its leaves");
    return tree;
  });
