import { expect } from "chai";

import { breakEvenShare, failureExponent, securityLevel } from "../../../src/stm/security.js";
import { codeOf } from "../../support/stm/codes.js";

const SHARES = [0.2, 0.25, 0.3, 1 / 3, 0.4, 0.45];
const HONEST = [0.6, 0.7, 0.75, 0.8, 0.9];

/** k, m, phi_f; level at each adversarial share; failure exponent at each honest share; break-even share. */
const TABLE: [number, number, number, number[], number[], number][] = [
  [
    2422,
    20973,
    0.2,
    [1316.204, 854.214, 534.788, 378.348, 164.537, 70.199],
    [17.212, 115.369, 192.285, 284.637, 508.541],
    0.55,
  ],
  [
    1944,
    16948,
    0.2,
    [1044.719, 675.699, 421.098, 296.715, 127.439, 53.429],
    [16.398, 99.089, 162.735, 238.758, 422.24],
    0.546,
  ],
  [
    619,
    4994,
    0.2,
    [383.824, 259.725, 172.042, 128.015, 65.235, 34.966],
    [1.398, 16.551, 30.733, 48.751, 94.633],
    0.593,
  ],
  [410, 2880, 0.2, [316.167, 227.06, 162.075, 128.31, 77.532, 50.609], [0.005, 1.483, 4.749, 10.223, 27.316], 0.688],
  [182, 1365, 0.2, [129.625, 91.366, 63.801, 49.657, 28.775, 18.028], [0.314, 3.188, 6.157, 10.132, 20.776], 0.641],
  [440, 661, 0.8, [318.584, 226.489, 159.95, 125.665, 74.632, 47.953], [0.011, 1.876, 5.481, 11.228, 28.483], 0.681],
  [195, 306, 0.8, [129.409, 90.033, 61.968, 47.712, 26.939, 16.455], [0.472, 3.893, 7.158, 11.392, 22.388], 0.63],
  [70, 105, 0.95, [17.19, 8.584, 3.758, 1.934, 0.335, 0.053], [16.963, 27.75, 33.683, 39.899, 52.997], 0.367],
];

/** Σ over [from, to] of C(m, i) p^i (1 − p)^(m − i) in exact fractions, p = numerator / denominator. */
function exactSum(m: bigint, numerator: bigint, denominator: bigint, from: bigint, to: bigint): number {
  let sum = 0n;
  let binomial = 1n;
  for (let i = 0n; i <= m; i++) {
    if (i >= from && i <= to) sum += binomial * numerator ** i * (denominator - numerator) ** (m - i);
    binomial = (binomial * (m - i)) / (i + 1n);
  }
  return Number((sum * 10n ** 18n) / denominator ** m) / 1e18;
}

describe("the security of parameters", () => {
  for (const [k, m, phiF, levels, failures, even] of TABLE) {
    it(`stm/security-table: ${k} of ${m} at ${phiF}`, () => {
      const parameters = { k: BigInt(k), m: BigInt(m), phiF };
      SHARES.forEach((share, i) => expect(securityLevel(parameters, share)).to.be.closeTo(levels[i] as number, 0.001));
      HONEST.forEach((share, i) =>
        expect(failureExponent(parameters, share)).to.be.closeTo(failures[i] as number, 0.001),
      );
      expect(breakEvenShare(parameters)).to.be.closeTo(even, 0.001);
    });
  }

  it("stm/security-recommended: the recommended sets reach what they are recommended for", () => {
    const sets: [bigint, bigint, number, number, number, number, number][] = [
      [619n, 4994n, 0.2, 1 / 3, 128.0, 0.67, 10.1],
      [632n, 1877n, 0.5, 1 / 3, 128.9, 0.67, 10.3],
      [660n, 1075n, 0.8, 1 / 3, 128.3, 0.67, 10.4],
      [410n, 2880n, 0.2, 1 / 3, 128.3, 0.8, 10.2],
      [272n, 2088n, 0.2, 1 / 4, 128.8, 0.75, 10.1],
      [182n, 1365n, 0.2, 1 / 5, 129.6, 0.8, 10.1],
    ];
    for (const [k, m, phiF, share, level, honest, failure] of sets) {
      expect(securityLevel({ k, m, phiF }, share)).to.be.closeTo(level, 0.06);
      expect(failureExponent({ k, m, phiF }, honest)).to.be.closeTo(failure, 0.06);
    }
  });

  it("stm/security-exact: equals the sum in exact fractions", () => {
    // At phi_f 0.75 half of the stake wins with the chance of exactly one half.
    const parameters = { k: 14n, m: 20n, phiF: 0.75 };
    expect(2 ** -securityLevel(parameters, 0.5)).to.be.closeTo(exactSum(20n, 1n, 2n, 14n, 20n), 1e-12);
    expect(2 ** -failureExponent(parameters, 0.5)).to.be.closeTo(exactSum(20n, 1n, 2n, 0n, 13n), 1e-12);
    expect(2 ** -securityLevel(parameters, 1)).to.be.closeTo(exactSum(20n, 3n, 4n, 14n, 20n), 1e-12);
  });

  it("stm/security-ends: shares that are none are refused; one lottery for all is no security", () => {
    const parameters = { k: 5n, m: 10n, phiF: 0.2 };
    for (const share of [0, -0.1, 1.1, Number.NaN]) {
      expect(codeOf(() => securityLevel(parameters, share))).to.equal("stm/bad-parameters");
      expect(codeOf(() => failureExponent(parameters, share))).to.equal("stm/bad-parameters");
    }
    expect(securityLevel({ ...parameters, phiF: 1 }, 0.1)).to.equal(0);
    expect(failureExponent({ ...parameters, phiF: 1 }, 0.1)).to.equal(Number.POSITIVE_INFINITY);
    expect(securityLevel({ k: 1n, m: 1n, phiF: 0.5 }, 1)).to.be.closeTo(1, 1e-12);
  });
});
