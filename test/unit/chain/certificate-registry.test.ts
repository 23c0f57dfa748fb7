import { expect } from "chai";
import fc from "fast-check";

import { securityReport } from "../../../src/certificates/security-report.js";
import { parametersHash } from "../../../src/certificates/parameters-hash.js";
import { planCertificates } from "../../../src/chain/deployment/certificates.js";
import { parseParameters } from "../../../src/chain/deployment/parameters.js";
import { fromFixedPhi, toFixedPhi } from "../../../src/chain/phi.js";
import {
  farthestProgress,
  keyWords,
  NOTHING_READ,
  orderRegistrants,
  type SealProgress,
  type StakedRegistrant,
} from "../../../src/chain/seal-pages.js";
import { DomainError } from "../../../src/shared/errors.js";
import { c120 } from "../../../src/stm/parameters.js";
import { localParameters } from "../../support/deployment-plan.js";

const registrant = (stake: bigint, first: number, last: number): StakedRegistrant => {
  const verificationKey = new Uint8Array(96);
  [verificationKey[0], verificationKey[95]] = [first, last];
  return { steward: `0x${first.toString(16)}${last.toString(16)}`, verificationKey, stake };
};

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return `${error.code}: ${String(error.details.field ?? "")}`;
    throw error;
  }
  return "accepted";
}

describe("phi_f on-chain", () => {
  it("is 8.24 fixed point, ties to even", () => {
    expect([0.2, 0.5, 0.65, 0.8, 0.95].map(toFixedPhi)).to.deep.equal([
      ...[0x333333, 0x800000, 0xa66666, 0xcccccd, 0xf33333],
    ]);
    expect([1.5, 2.5, 3.5].map((ulps) => toFixedPhi(ulps / 2 ** 24))).to.deep.equal([2, 2, 4]);
  });

  it("comes back as it was, for decimals of up to seven digits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_500_000 }), (units) => {
        const phiF = Number((units / 1e7).toFixed(7));
        // A shorter decimal with the same 24 bits has another logarithm.
        expect(fromFixedPhi(toFixedPhi(phiF), c120(phiF))).to.equal(phiF);
      }),
      { numRuns: 200 },
    );
  });

  it("is refused with the logarithm of another", () => {
    expect(codeOf(() => fromFixedPhi(toFixedPhi(0.2), c120(0.5)))).to.match(/^certificate\/unknown-phi/);
  });
});

describe("pages of a seal", () => {
  const ordered = orderRegistrants([
    registrant(2n, 9, 1),
    registrant(1n, 8, 2),
    registrant(2n, 8, 3),
    registrant(2n, 8, 1),
  ]);
  const upTo = (read: number, key = ordered[read - 1]!.verificationKey): SealProgress => ({
    ...NOTHING_READ,
    read,
    lastKey: keyWords(key),
  });

  it("are in the order of stake, then key", () => {
    expect(ordered.map(({ steward }) => steward)).to.deep.equal(["0x82", "0x81", "0x83", "0x91"]);
  });

  it("go on from the farthest progress that skips nobody", () => {
    const skipping = upTo(2, ordered[3]!.verificationKey);
    expect(farthestProgress(ordered, [])).to.equal(NOTHING_READ);
    expect(farthestProgress(ordered, [skipping])).to.equal(NOTHING_READ);
    expect(farthestProgress(ordered, [upTo(1), upTo(3), skipping, upTo(2)]).read).to.equal(3);
    expect(farthestProgress(ordered, [{ ...upTo(1), read: 9 }])).to.equal(NOTHING_READ);
  });
});

describe("parameters of the certificates", () => {
  const timelock = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
  const with_ = (field: string, value: unknown) => {
    const document = JSON.parse(localParameters()) as { certificates: Record<string, unknown> };
    document.certificates[field] = value;
    return JSON.stringify(document);
  };

  it("are planned in the contract's units, and the same on a rerun", () => {
    const { certificates } = parseParameters(localParameters());
    const plan = planCertificates(certificates, { timelock, token: timelock }, 1_800_000_000);
    expect(plan).to.include({ k: 20, m: 60, genesis: 1_800_000_600, phiF: 0xcccccd, minimumShare: 1000 });
    expect(plan.minimumStake).to.equal(1000n * 10n ** 9n);
    expect(codeOf(() => planCertificates(null, { timelock, token: timelock }, 0))).to.equal(
      "deployment/bad-parameters: certificates",
    );
  });

  for (const [field, value] of [
    ...([
      ["k", 61],
      ["k", 0],
      ["m", 65_536],
      ["phiF", 0.8],
      ["phiF", "0.96"],
      ["phiF", "0"],
    ] as const),
    ...([
      ["minimumStake", "0"],
      ["minimumStake", "0.0000000001"],
      ["minimumSharePermille", 0],
    ] as const),
    ...([
      ["epochLength", 3],
      ["era", ""],
      ["genesis", 5],
      ["firstAnchorUntil", -1],
    ] as const),
  ]) {
    it(`refuse ${field} ${JSON.stringify(value)}`, () => {
      expect(codeOf(() => parseParameters(with_(field, value)))).to.equal(
        `deployment/bad-parameters: certificates.${field}`,
      );
    });
  }

  it("are unsafe below 100 bits against a third of the stake", () => {
    expect(securityReport({ k: 619n, m: 4994n, phiF: 0.2 }).unsafe).to.equal(false);
    expect(securityReport({ k: 20n, m: 60n, phiF: 0.8 }).unsafe).to.equal(true);
    expect(parametersHash({ k: 2422n, m: 20_973n, phiF: 0.2 })).to.equal(
      "176001033ad0eef6cbcafbd98145f19042bb4d43198cbefd2872cbc16f51b098",
    );
  });
});
