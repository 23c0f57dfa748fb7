// One root over every scorer's scores: what certificates certify and `PassportRegistry.anchorCertified` proves against. The
// leaf is that of contracts/passport/IScoresCertificates.sol; test/vectors/certificates.json ties both together.
import { buildHeapTree } from "../merkle/heap-tree.js";
import { fromHex } from "../merkle/hex.js";
import { proofOf, rootOf } from "../merkle/tree.js";
import { DomainError } from "../shared/errors.js";
import { keccak } from "../shared/keccak.js";
import type { CertificateErrorCode } from "./errors.js";

/** The `PassportRegistry` that ids of scorers belong to. */
export interface PassportRegistryDomain {
  readonly chainId: bigint;
  /** 20 bytes, 0x-prefixed hex of any case. */
  readonly address: string;
}

/** A scorer's root as a certificate covers it. */
export interface ScoresEntry {
  readonly registry: PassportRegistryDomain;
  readonly scorerId: bigint;
  /** The root of the scorer's score tree: 32 bytes, 0x-prefixed hex. */
  readonly root: string;
  /** Seconds since the epoch, a `uint64`. */
  readonly issuedAt: bigint;
  /** `hashRules` of the scorer version: 32 bytes, 0x-prefixed hex. */
  readonly rulesHash: string;
  /** How many leaves the score tree has, a `uint64`. */
  readonly count: bigint;
}

export interface ScoresTree {
  /** 32 bytes, 0x-prefixed hex. */
  readonly root: string;
  /** The way from a scorer's entry to the root; `undefined` for a scorer that is not in the tree. */
  proofOf(scorerId: bigint): readonly string[] | undefined;
}

/** `keccak(keccak(abi.encode(uint256, address, uint256, bytes32, uint64, bytes32, uint64)))`, 32 bytes. */
export function scoresLeaf({ registry, scorerId, root, issuedAt, rulesHash, count }: ScoresEntry): Uint8Array {
  const words = [
    word(registry.chainId, 256n, "chain id"),
    Buffer.concat([Buffer.alloc(12), bytesOf(registry.address, 20, "registry")]),
    word(scorerId, 256n, "scorer id"),
    bytesOf(root, 32, "root"),
    word(issuedAt, 64n, "issue time"),
    bytesOf(rulesHash, 32, "rules hash"),
    word(count, 64n, "count"),
  ];
  return keccak(keccak(Buffer.concat(words)));
}

/**
 * Builds the tree over the scorers' entries, in any order. Throws `certificates/no-scorers` without entries,
 * `certificates/duplicate-scorer` for a scorer that stands there twice, and `certificates/bad-value`.
 */
export function buildScoresTree(entries: readonly ScoresEntry[]): ScoresTree {
  if (entries.length === 0) throw fault("certificates/no-scorers", "There are no scorers to certify scores of.");
  const places = new Map<bigint, number>();
  entries.forEach(({ scorerId }, place) => {
    if (places.has(scorerId)) throw fault("certificates/duplicate-scorer", `The scorer ${scorerId} has two entries.`);
    places.set(scorerId, place);
  });
  const leaves = new Uint8Array(entries.length * 32);
  entries.forEach((entry, place) => leaves.set(scoresLeaf(entry), place * 32));
  const { tree, positions } = buildHeapTree(leaves);
  return {
    root: rootOf(tree),
    proofOf(scorerId) {
      const place = places.get(scorerId);
      return place === undefined ? undefined : proofOf(tree, positions[place] as number);
    },
  };
}

function word(value: bigint, bits: bigint, name: string): Uint8Array {
  if (value < 0n || value >= 1n << bits) {
    throw fault("certificates/bad-value", `An entry's ${name} is ${value}, which does not fit ${bits} bits.`);
  }
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));
}

function bytesOf(text: string, length: number, name: string): Uint8Array {
  const bytes = fromHex(text, length);
  if (bytes === undefined) throw fault("certificates/bad-value", `An entry's ${name} is not ${length} bytes of hex.`);
  return bytes;
}

const fault = (code: CertificateErrorCode, message: string) => new DomainError<CertificateErrorCode>(code, message);
