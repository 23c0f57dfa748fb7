import { expect } from "chai";
import fc from "fast-check";

import { bigEndian, fromLittleEndian } from "../../../src/stm/bytes.js";
import { scaledLogarithm } from "../../../src/stm/logarithm.js";
import { draw, Lottery, lotteryThreshold } from "../../../src/stm/lottery.js";
import { winsExactly } from "../../../src/stm/lottery-rational.js";
import { c120, checkParameters } from "../../../src/stm/parameters.js";
import { readData } from "../../support/data.js";
import { codeOf } from "../../support/stm/codes.js";

const SPACE = 1n << 512n;
const phis = [0.05, 0.2, 0.5, 0.65, 0.8, 0.93, 0.95];
const arbitraryStake = fc
  .tuple(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), fc.integer({ min: 1, max: 2 ** 31 }))
  .map(([total, share]) => ({ total, stake: (total * BigInt(share)) / 2n ** 31n || 1n }));
const little = (ev: bigint) => bigEndian(ev, 64).reverse();

describe("the lottery", () => {
  it("stm/logarithm-pinned: the pinned constants are the nearest doubles' logarithms", () => {
    for (const phi of [0.2, 0.5, 0.65, 0.8, 0.95]) {
      expect(scaledLogarithm(phi)).to.equal(c120(phi));
      expect(Number(c120(phi)) / 2 ** 120).to.be.closeTo(-Math.log(1 - phi), 1e-15);
    }
  });

  it("stm/lottery-fast-equals-exact: near the threshold, away from it and at the ends", () => {
    const check = fc.property(
      fc.constantFrom(...phis),
      arbitraryStake,
      fc.bigInt({ min: -600n, max: 600n }),
      fc.bigInt({ min: 0n, max: SPACE - 1n }),
      (phiF, { stake, total }, offset, anywhere) => {
        const lottery = new Lottery({ k: 1n, m: 1n, phiF }, stake, total);
        const threshold = lotteryThreshold(c120(phiF), stake, total);
        const near = ((threshold + offset) << 392n) + (anywhere & ((1n << 392n) - 1n));
        for (const ev of [anywhere, near, 0n, SPACE - 1n].filter((each) => each >= 0n && each < SPACE)) {
          expect(lottery.wins(little(ev))).to.equal(winsExactly(ev, c120(phiF), stake, total));
        }
      },
    );
    fc.assert(check, { numRuns: 150 });
  });

  it("stm/threshold-never-generous: what the contract's threshold admits, the exact rule admits", () => {
    const check = fc.property(fc.constantFrom(...phis), arbitraryStake, (phiF, { stake, total }) => {
      const threshold = lotteryThreshold(c120(phiF), stake, total);
      if (threshold > 0n) {
        expect(winsExactly((threshold << 392n) - 1n, c120(phiF), stake, total)).to.equal(true);
      }
      expect(winsExactly((threshold + 256n) << 392n, c120(phiF), stake, total)).to.equal(false);
    });
    fc.assert(check, { numRuns: 150 });
  });

  it("stm/threshold-ends: no stake wins nothing, phi_f of one wins everything", () => {
    expect(lotteryThreshold(c120(0.95), 0n, 10n)).to.equal(0n);
    expect(winsExactly(0n, c120(0.2), 0n, 10n)).to.equal(false);
    expect(new Lottery({ k: 1n, m: 1n, phiF: 1 }, 1n, 10n).wins(new Uint8Array(64).fill(255))).to.equal(true);
    // Where the exact rule is stricter than the formula: all the stake at 0.95 does not win with a chance of 0.95.
    const whole = lotteryThreshold(c120(0.95), 1n, 1n);
    expect(Number(whole) / 2 ** 120).to.be.closeTo(0.942718, 1e-6);
  });

  it("stm/draw-bytes: index little-endian, result little-endian", () => {
    const [message, sigma] = [new Uint8Array(96).fill(7), new Uint8Array(48).fill(9)];
    expect(draw(message, sigma, 1)).to.not.deep.equal(draw(message, sigma, 2 ** 32));
    const ev = Uint8Array.from({ length: 64 }, (_byte, i) => (i === 63 ? 1 : 0));
    expect(fromLittleEndian(ev)).to.equal(1n << 504n);
  });

  it("stm/threshold-series: follows another implementation's thresholds over a field of 255 bits", () => {
    const order = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
    const total = 45_000_000_000n;
    const files: [string, (i: bigint) => bigint][] = [
      ["min", (i) => i],
      ["medium", (i) => 100_000n + i],
      ["max", (i) => total - i],
    ];
    for (const [name, stake] of files) {
      const text = readData(`mithril/golden_vector_${name}_stake.txt`);
      if (text === undefined) return;
      const wanted = text
        .trim()
        .split("\n")
        .map((line) => fromLittleEndian(Uint8Array.from(JSON.parse(line) as number[])));
      const stakes = wanted.map((_value, i) => stake(BigInt(i)));
      const made = stakes.map((each) => (lotteryThreshold(c120(0.2), each, total) * order) >> 120n);
      made.forEach((value, i) => {
        const difference = value - (wanted[i] as bigint);
        // Ours rounds the logarithm to a double, relative 2^−54, theirs cuts the series after thirty terms, 2^−77.
        expect(difference < 0n ? -difference : difference).to.satisfy((size: bigint) => size <= order >> 54n);
      });
      const pairs = stakes
        .slice(1)
        .map((each, i) => [each > (stakes[i] as bigint), (made[i + 1] as bigint) > (made[i] as bigint)]);
      for (const [more, higher] of pairs) expect(higher).to.equal(more);
      expect(wanted).to.have.length(50);
    }
  });

  it("stm/parameters-checked: nothing outside the ranges", () => {
    const good = { k: 1n, m: 2n, phiF: 0.2 };
    checkParameters(good);
    const bad = [{ k: 0n }, { k: 3n }, { m: 2n ** 60n }, { phiF: 0 }, { phiF: 1.01 }, { phiF: Number.NaN }];
    for (const change of bad)
      expect(codeOf(() => checkParameters({ ...good, ...change }))).to.equal("stm/bad-parameters");
  });
});
