import { expect } from "chai";
import * as fc from "fast-check";

import type { Check } from "../../../src/certificates/check.js";
import type { LinkedCertificate } from "../../../src/certificates/link.js";
import { verifyChain } from "../../../src/certificates/verify-chain.js";

const key = { root: new Uint8Array(32), leaves: 1, totalStake: 1n };
const certificate = (hash: string, previousHash: string): LinkedCertificate => ({
  hash,
  previousHash,
  isGenesis: previousHash === "",
  epoch: 1n,
  aggregateKey: key,
  parameters: { k: 1n, m: 1n, phiF: 0.2 },
  vouched: { currentEpoch: 1n },
});
/** A format whose own checks all pass, so that only the shape of the chain matters. */
const verify = (certificates: readonly LinkedCertificate[], ownChecks: (hash: string) => readonly Check[] = () => []) =>
  verifyChain(certificates, ({ hash }) => ownChecks(hash), { strict: false });

describe("verifyChain", () => {
  it("certificates/circle-is-refused: whoever leads into one never reaches a genesis", () => {
    const chain = [certificate("a", "b"), certificate("b", "c"), certificate("c", "a"), certificate("d", "a")];
    for (const order of [chain, [...chain].reverse()]) {
      const verdict = verify([certificate("g", ""), certificate("h", "g"), ...order]);
      expect(verdict.verdicts.map(({ standing }) => standing)).to.deep.equal([
        "anchored",
        "anchored",
        ...Array(4).fill("broken"),
      ]);
      expect(verdict.ok).to.equal(false);
      for (const { checks } of verdict.verdicts.slice(2)) {
        const [reason] = checks.filter(({ name }) => name === "ancestors").map((check) => check.reason);
        expect(reason).to.match(/circle/);
      }
    }
    expect(verify([certificate("a", "a")]).verdicts[0]?.standing).to.equal("broken");
  });

  it("lets every descendant of a failing certificate fall, and nobody else", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), fc.nat(), (parents, chosen) => {
        const names = parents.map((_parent, i) => `c${i + 1}`);
        const all = [
          certificate("c0", ""),
          ...parents.map((parent, i) => certificate(names[i] ?? "", `c${parent % (i + 1)}`)),
        ];
        const bad = `c${chosen % all.length}`;
        const descends = (hash: string): boolean => {
          const previous = all.find((item) => item.hash === hash)?.previousHash;
          return hash === bad || (previous !== undefined && previous !== "" && descends(previous));
        };
        const verdict = verify([...all].reverse(), (hash) =>
          hash === bad ? [{ name: "message", outcome: "failed", reason: "bad" }] : [],
        );
        for (const item of verdict.verdicts) {
          expect(item.standing).to.equal(descends(item.certificate.hash) ? "broken" : "anchored");
        }
      }),
      { numRuns: 100 },
    );
  });

  it("walks a chain of many certificates without recursion", () => {
    const long = Array.from({ length: 20_000 }, (_, i) => certificate(`c${i}`, i === 0 ? "" : `c${i - 1}`));
    expect(verify(long.reverse()).ok).to.equal(true);
  });
});
