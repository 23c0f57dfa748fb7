// The stamp list of the existing ecosystem's retired attestation: one bit per provider, spread over 256-bit words, with
// one hash and two dates for every set bit, in the order of the bits. Read-only: nothing of ours writes or anchors it.
import { DomainError } from "../../shared/errors.js";

export type LegacyErrorCode =
  /** A map gives one bit, or one name, twice. */
  | "legacy/ambiguous-map"
  /** The attestation's lists do not have one entry per set bit, or hold what is no word. */
  | "legacy/malformed-attestation";

const WORD_BITS = 256n;

/** One entry of a published provider map: bit `bit` of word `index`. */
export interface MappedProvider {
  readonly bit: number;
  readonly index: number;
  readonly name: string;
}

/** The decoded attestation's fields: `providers` are words; times are seconds since the epoch. */
export interface LegacyAttestation {
  readonly providers: readonly bigint[];
  readonly hashes: readonly string[];
  readonly issuanceDates: readonly bigint[];
  readonly expirationDates: readonly bigint[];
}

export interface LegacyStamp {
  /** Position over all words: bit 0 of word 1 is 256. */
  readonly position: number;
  /** `null` for a bit that the map does not know: newer than the map, or removed from it. */
  readonly provider: string | null;
  readonly hash: string;
  readonly issuedAt: bigint;
  readonly expiresAt: bigint;
}

/** Provider names by position, each name once. */
export function providerMap(entries: readonly MappedProvider[]): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { bit, index, name } of entries) {
    const position = index * Number(WORD_BITS) + bit;
    if (names.has(position) || [...names.values()].includes(name)) {
      throw new DomainError("legacy/ambiguous-map", `the map names ${name} or bit ${position} twice`, {
        name,
        position,
      });
    }
    names.set(position, name);
  }
  return names;
}

/** The positions of the set bits over all words, ascending. */
export function decodeBits(words: readonly bigint[]): number[] {
  return words.flatMap((word, index) => {
    if (word < 0n || word >> WORD_BITS !== 0n) {
      throw new DomainError("legacy/malformed-attestation", `word ${index} does not have 256 bits`, { index });
    }
    const positions: number[] = [];
    for (let bit = 0, rest = word; rest !== 0n; bit++, rest >>= 1n) {
      if (rest & 1n) positions.push(index * Number(WORD_BITS) + bit);
    }
    return positions;
  });
}

/** The words that hold these positions; what {@link decodeBits} undoes. */
export function encodeBits(positions: readonly number[]): bigint[] {
  const words: bigint[] = Array.from({ length: 1 + Math.floor(Math.max(-1, ...positions) / 256) }, () => 0n);
  for (const position of positions) {
    const index = Math.floor(position / 256);
    words[index] = (words[index] ?? 0n) | (1n << BigInt(position % 256));
  }
  return words;
}

/** The stamps of an attestation, in the order of their bits. */
export function decodeLegacyPassport(
  attestation: LegacyAttestation,
  names: ReadonlyMap<number, string>,
): LegacyStamp[] {
  const { hashes, issuanceDates, expirationDates } = attestation;
  const positions = decodeBits(attestation.providers);
  return positions.map((position, i) => {
    const [hash, issuedAt, expiresAt] = [hashes[i], issuanceDates[i], expirationDates[i]];
    const lengths = [hashes.length, issuanceDates.length, expirationDates.length];
    if (
      hash === undefined ||
      issuedAt === undefined ||
      expiresAt === undefined ||
      lengths.some((length) => length !== positions.length)
    ) {
      const message = `${positions.length} bits are set, but the lists have ${lengths.join(", ")} entries`;
      throw new DomainError("legacy/malformed-attestation", message, { bits: positions.length, lengths });
    }
    return { position, provider: names.get(position) ?? null, hash, issuedAt, expiresAt };
  });
}
