// A concatenation proof as the contract StmVerifier reads it. All integers are big-endian and nothing is padded:
//
//   2       n, the number of signers
//   302·n   per signer, by ascending leaf: σ.x σ.y (48 each), vk.x.c0 vk.x.c1 vk.y.c0 vk.y.c1 (48 each), stake (8), how many
//           indices it won (2), its leaf (4)
//   2·t     all indices, signer after signer
//   32·v    the batch path
//
// Points are affine here and compressed everywhere else: a square root costs more on-chain than the bytes.
import { hexlify } from "ethers";

import type { AggregateKey } from "../stm/aggregate-key.js";
import { bigEndian, concat, equalBytes, fromBigEndian } from "../stm/bytes.js";
import { affineG1, affineG2, FIELD_PRIME } from "../stm/curve/group.js";
import { StmError } from "../stm/errors.js";
import { VerificationKey } from "../stm/keys.js";
import { c120, type StmParameters } from "../stm/parameters.js";
import type { ConcatenationProof } from "../stm/proof.js";
import { signaturePoint } from "../stm/signature-point.js";

type Entry = ConcatenationProof["signatures"][number];

const FIELD = 48;
const RECORD = 302;
const U16 = 2 ** 16 - 1;
const U32 = 2 ** 32 - 1;

const refuse = (problem: string): never => {
  throw new StmError("stm/malformed", `the proof's calldata ${problem}`);
};

function fitting(value: number, limit: number, what: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= limit) return value;
  throw new StmError("stm/malformed", `${what} ${value} does not fit the calldata, which ends at ${limit}`);
}

const integer = (value: number | bigint, length: number): Uint8Array => bigEndian(BigInt(value), length);
const field = (value: bigint): Uint8Array => bigEndian(value, FIELD);

function record({ signature, party }: Entry): Uint8Array {
  const sigma = affineG1(signaturePoint(signature.sigma));
  const key = affineG2(party.verificationKey.point);
  return concat(
    ...[sigma.x, sigma.y, ...key.x, ...key.y].map(field),
    integer(party.stake, 8),
    integer(fitting(signature.indexes.length, U16, "the number of indices"), 2),
    integer(fitting(signature.signerIndex, U32, "the leaf"), 4),
  );
}

/** The bytes of the contract's `proof`. Throws `stm/malformed` for a number that its fields cannot hold. */
export function encodeProof({ signatures, path }: ConcatenationProof): Uint8Array {
  return concat(
    integer(fitting(signatures.length, U16, "the number of signers"), 2),
    ...signatures.map(record),
    ...signatures.flatMap(({ signature }) =>
      signature.indexes.map((index) => integer(fitting(index, U16, "the index"), 2)),
    ),
    ...path.values,
  );
}

/** x with the flags of the compressed form; the root's flag looks at the first part of y that is not zero. */
function compressed(x: readonly bigint[], y: readonly bigint[]): Uint8Array {
  const bytes = concat(...x.map(field));
  const part = y.find((value) => value !== 0n) ?? 0n;
  bytes[0] = (bytes[0] ?? 0) | 0x80 | (part > (FIELD_PRIME - 1n) / 2n ? 0x20 : 0);
  return bytes;
}

function readEntry(bytes: Uint8Array): { entry: Omit<Entry, "indexes">; count: number } {
  const coordinates = Array.from({ length: 6 }, (_, i) => fromBigEndian(bytes.subarray(i * FIELD, (i + 1) * FIELD)));
  const [x, y, x0, x1, y0, y1] = coordinates as [bigint, bigint, bigint, bigint, bigint, bigint];
  if (coordinates.some((value) => value >= FIELD_PRIME)) refuse("has a coordinate beyond the field's prime");
  const sigma = compressed([x], [y]);
  const verificationKey = VerificationKey.parse(compressed([x1, x0], [y1, y0]));
  signaturePoint(sigma);
  const number = (from: number, to: number) => fromBigEndian(bytes.subarray(from, to));
  const signature = { sigma, indexes: [], signerIndex: Number(number(298, 302)) };
  return {
    entry: { signature, party: { verificationKey, stake: number(288, 296) } },
    count: Number(number(296, 298)),
  };
}

/**
 * The proof behind the contract's bytes. Points are checked, the proof is not. Throws `stm/malformed` for bytes that
 * {@link encodeProof} would not have written, `stm/bad-point` for a point that is none of the subgroup.
 */
export function decodeProof(bytes: Uint8Array): ConcatenationProof {
  if (bytes.length < 2) refuse("is empty");
  const signers = Number(fromBigEndian(bytes.subarray(0, 2)));
  let cursor = 2 + signers * RECORD;
  if (bytes.length < cursor) refuse(`ends within the record of one of ${signers} signers`);
  const signatures = Array.from({ length: signers }, (_, i) => {
    const { entry, count } = readEntry(bytes.subarray(2 + i * RECORD, 2 + (i + 1) * RECORD));
    if (bytes.length < cursor + 2 * count) refuse("ends within the indices");
    const indexes = Array.from({ length: count }, (_each, j) =>
      Number(fromBigEndian(bytes.subarray(cursor + 2 * j, cursor + 2 * j + 2))),
    );
    cursor += 2 * count;
    return { ...entry, signature: { ...entry.signature, indexes } };
  });
  if ((bytes.length - cursor) % 32 !== 0) refuse("ends within a value of the path");
  const values: Uint8Array[] = [];
  for (; cursor < bytes.length; cursor += 32) values.push(bytes.slice(cursor, cursor + 32));
  const proof = { signatures, path: { values, indices: signatures.map(({ signature }) => signature.signerIndex) } };
  // A y that is not the one of x, whose sign alone the compressed form keeps.
  if (!equalBytes(encodeProof(proof), bytes))
    throw new StmError("stm/bad-point", "a point of the calldata has another y");
  return proof;
}

/** The contract's `Parameters`. It takes phi_f up to 0.95 and m up to 65,535, and refuses all else itself. */
export function contractParameters({ k, m, phiF }: StmParameters): { k: bigint; m: bigint; c120: bigint } {
  return { k, m, c120: c120(phiF) };
}

/** The contract's `AggregateKey`. */
export function contractKey({ root, leaves, totalStake }: AggregateKey): {
  root: string;
  leaves: number;
  totalStake: bigint;
} {
  return { root: hexlify(root), leaves, totalStake };
}
