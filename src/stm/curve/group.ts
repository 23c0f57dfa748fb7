// BLS12-381 over mcl's WebAssembly (docs/adr/0014). This folder alone knows the library: everything outside sees opaque
// points, bytes and bigints. Encodings are ZCash's compressed ones, G2 written as x.c1 ‖ x.c0.
import mcl from "mcl-wasm";

import { bigEndian, equalBytes, fromBigEndian, fromHex } from "../bytes.js";
import { StmError } from "../errors.js";

await mcl.init(mcl.BLS12_381);
mcl.setETHserialization(true);
mcl.setMapToMode(mcl.IRTF);
// Deserialising a point outside the prime-order subgroup then throws.
mcl.verifyOrderG1(true);
mcl.verifyOrderG2(true);

export type G1Point = mcl.G1;
export type G2Point = mcl.G2;
export type Scalar = mcl.Fr;

export const FIELD_PRIME =
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
export const GROUP_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

const COMPRESSED = 0x80;
const INFINITY = 0x40;

function parse<P extends G1Point | G2Point>(point: P, bytes: Uint8Array, length: number, what: string): P {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new StmError("stm/bad-point", `${what} ${problem}`, { what }, { cause });
  };
  if (bytes.length !== length) refuse(`has ${bytes.length} bytes instead of ${length}`);
  const flags = bytes[0] ?? 0;
  if ((flags & COMPRESSED) === 0) refuse("is not in compressed form");
  if ((flags & INFINITY) !== 0) refuse("is the point at infinity");
  try {
    point.deserialize(bytes);
  } catch (cause) {
    refuse("is not a point of the curve's prime-order subgroup", cause);
  }
  if (point.isZero()) refuse("is the point at infinity");
  // Coordinates at or above the field's prime must not be a second spelling of a point.
  if (!equalBytes(point.serialize(), bytes)) refuse("is not in canonical form");
  return point;
}

/** A point of G1 from its 48 compressed bytes: on the curve, in the subgroup, canonical, not infinity. */
export const parseG1 = (bytes: Uint8Array, what: string): G1Point => parse(new mcl.G1(), bytes, 48, what);

/** A point of G2 from its 96 compressed bytes, checked as in {@link parseG1}. */
export const parseG2 = (bytes: Uint8Array, what: string): G2Point => parse(new mcl.G2(), bytes, 96, what);

/** 48 bytes for G1, 96 for G2. */
export const compress = (point: G1Point | G2Point): Uint8Array => point.serialize();

export const G1_GENERATOR = parseG1(
  fromHex(
    "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb",
  ) as Uint8Array,
  "g1",
);
export const G2_GENERATOR = parseG2(
  fromHex(
    "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e" +
      "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8",
  ) as Uint8Array,
  "g2",
);
export const NEGATIVE_G2 = mcl.neg(G2_GENERATOR);

/** A scalar of the group's order from an integer, reduced. */
export function scalar(value: bigint): Scalar {
  const reduced = ((value % GROUP_ORDER) + GROUP_ORDER) % GROUP_ORDER;
  return scalarFromLittleEndian(bigEndian(reduced, 32).reverse());
}

/** A scalar from at most 64 little-endian bytes, reduced. */
export function scalarFromLittleEndian(bytes: Uint8Array): Scalar {
  const out = new mcl.Fr();
  out.setLittleEndianMod(bytes);
  return out;
}

export const add = <P extends G1Point | G2Point>(a: P, b: P): P => mcl.add(a, b);

export function multiply<P extends G1Point | G2Point>(point: P, by: Scalar): P {
  return (point instanceof mcl.G1 ? mcl.mul(point, by) : mcl.mul(point as G2Point, by)) as P;
}

/** The library copies all points onto its stack; 2,000 of G2 still fit (measured). */
const MULTIPLY_CHUNK = 1000;

/** Σ scalarᵢ · pointᵢ, for at least one point. */
export function multiScalar<P extends G1Point | G2Point>(points: readonly P[], scalars: readonly Scalar[]): P {
  let sum: P | undefined;
  for (let start = 0; start < points.length; start += MULTIPLY_CHUNK) {
    const end = start + MULTIPLY_CHUNK;
    const part = mcl.mulVec<P>(points.slice(start, end), scalars.slice(start, end));
    sum = sum === undefined ? part : add(sum, part);
  }
  if (sum === undefined) throw new RangeError("a sum needs at least one point");
  return sum;
}

/** Whether the product of the pairings e(Pᵢ, Qᵢ) is one. */
export function pairingsAreOne(pairs: readonly (readonly [G1Point, G2Point])[]): boolean {
  let product: mcl.GT | undefined;
  for (const [p, q] of pairs) {
    const loop = mcl.millerLoop(p, q);
    product = product === undefined ? loop : mcl.mul(product, loop);
  }
  return product === undefined || mcl.finalExp(product).isOne();
}

/** The sum of the images of two field elements, each of 64 big-endian bytes, as {@link G1Point}. */
export function mapPairToG1(u0: Uint8Array, u1: Uint8Array): G1Point {
  const [first, second] = [new mcl.Fp(), new mcl.Fp()];
  first.setBigEndianMod(u0);
  second.setBigEndianMod(u1);
  return mcl.add(first.mapToG1(), second.mapToG1());
}

const coordinate = (value: mcl.Fp): bigint => fromBigEndian(value.serialize());

/** Affine coordinates of a point of G1. */
export function affineG1(point: G1Point): { readonly x: bigint; readonly y: bigint } {
  const normal = mcl.normalize(point);
  return { x: coordinate(normal.getX()), y: coordinate(normal.getY()) };
}

/** Affine coordinates of a point of G2, each as [c0, c1]: the order of the EVM's precompiles. */
export function affineG2(point: G2Point): {
  readonly x: readonly [bigint, bigint];
  readonly y: readonly [bigint, bigint];
} {
  const normal = mcl.normalize(point);
  const pair = (value: mcl.Fp2): [bigint, bigint] => [coordinate(value.get_a()), coordinate(value.get_b())];
  return { x: pair(normal.getX()), y: pair(normal.getY()) };
}
