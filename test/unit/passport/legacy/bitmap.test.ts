import { expect } from "chai";
import { id } from "ethers";
import fc from "fast-check";

import {
  decodeBits,
  decodeLegacyPassport,
  encodeBits,
  providerMap,
  type LegacyAttestation,
} from "../../../../src/passport/legacy/bitmap.js";
import { DomainError } from "../../../../src/shared/errors.js";

const names = providerMap([
  { bit: 0, index: 0, name: "SelfStakingBronze" },
  { bit: 255, index: 0, name: "Last" },
  { bit: 0, index: 1, name: "FirstOfTheSecondWord" },
]);

function attestation(positions: readonly number[]): LegacyAttestation {
  return {
    providers: encodeBits(positions),
    hashes: positions.map((position) => id(`stamp ${position}`)),
    issuanceDates: positions.map((position) => BigInt(1_700_000_000 + position)),
    expirationDates: positions.map((position) => BigInt(1_800_000_000 + position)),
  };
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return undefined;
}

describe("legacy bitmap", () => {
  it("legacy/decode-inverts-encode: for every set of bits 0 to 511", () => {
    const sets = fc.uniqueArray(fc.integer({ min: 0, max: 511 }), { maxLength: 512 });
    fc.assert(
      fc.property(sets, (set) => {
        const positions = [...set].sort((a, b) => a - b);
        expect(decodeBits(encodeBits(positions))).to.deep.equal(positions);
        const stamps = decodeLegacyPassport(attestation(positions), names);
        expect(stamps.map(({ position }) => position)).to.deep.equal(positions);
        expect(stamps.map(({ hash }) => hash)).to.deep.equal(positions.map((position) => id(`stamp ${position}`)));
      }),
    );
    const every = Array.from({ length: 512 }, (_, position) => position);
    expect(decodeBits(encodeBits(every))).to.deep.equal(every);
  });

  it("legacy/decode-inverts-encode-by-name: entries of the second word have their names", () => {
    const stamps = decodeLegacyPassport(attestation([0, 255, 256]), names);
    expect(stamps.map(({ provider }) => provider)).to.deep.equal(["SelfStakingBronze", "Last", "FirstOfTheSecondWord"]);
    expect(stamps[2]).to.deep.include({ position: 256, issuedAt: 1_700_000_256n, expiresAt: 1_800_000_256n });
  });

  it("legacy/unknown-bit-is-named: a bit beyond the map is an entry without a provider", () => {
    for (const position of [1, 254, 257, 511]) {
      const [stamp] = decodeLegacyPassport(attestation([position]), names);
      expect(stamp).to.deep.include({ position, provider: null });
    }
  });

  it("legacy/names-unique-per-version: a map that gives a name or a bit twice is refused", () => {
    const first = { bit: 0, index: 0, name: "Ens" };
    expect(codeOf(() => providerMap([first, { bit: 1, index: 0, name: "Ens" }]))).to.equal("legacy/ambiguous-map");
    expect(codeOf(() => providerMap([first, { bit: 0, index: 0, name: "Nft" }]))).to.equal("legacy/ambiguous-map");
    expect(providerMap([first, { bit: 0, index: 1, name: "Nft" }]).get(256)).to.equal("Nft");
  });

  it("refuses lists that do not fit the bits", () => {
    const whole = attestation([0, 255]);
    for (const broken of [
      { ...whole, hashes: whole.hashes.slice(1) },
      { ...whole, issuanceDates: [...whole.issuanceDates, 1n] },
      { ...whole, expirationDates: [] },
      { ...whole, providers: [1n << 256n] },
      { ...whole, providers: [-1n] },
    ]) {
      expect(codeOf(() => decodeLegacyPassport(broken, names))).to.equal("legacy/malformed-attestation");
    }
  });

  it("reads an empty attestation", () => {
    expect(encodeBits([])).to.deep.equal([]);
    expect(decodeLegacyPassport(attestation([]), names)).to.deep.equal([]);
  });
});
