import { expect } from "chai";

import { ProofCache } from "../../../src/passport/proof-cache.js";
import { proveStamp, type StampCandidate } from "../../../src/passport/verify.js";
import { accountOf, ALICE, context, issued, NOW, trust } from "../../support/passport/stamps.js";

describe("ProofCache", () => {
  const counting = (size?: number) => {
    const count = { proofs: 0 };
    const prove = (candidate: StampCandidate) => {
      count.proofs += 1;
      return proveStamp(candidate);
    };
    return { cache: new ProofCache({ prove, ...(size === undefined ? {} : { size }) }), count };
  };

  it("proves a stamp once, and asks everything else every time", async () => {
    const { cache, count } = counting();
    const stamp = await issued();
    expect(cache.verify(stamp, ALICE, context()).status).to.equal("valid");
    expect(cache.verify(stamp, ALICE, context()).status).to.equal("valid");
    expect(count.proofs).to.equal(1);
    expect(cache.verify(stamp, ALICE, context({ now: NOW + 91 * 86_400 })).status).to.equal("expired");
    expect(cache.verify(stamp, ALICE, context({ issuers: trust() })).status).to.equal("untrusted_issuer");
    expect(cache.verify(stamp, accountOf("bob"), context()).status).to.equal("wrong_subject");
  });

  it("remembers neither a bad proof nor a good one for another signature", async () => {
    const { cache, count } = counting();
    const stamp = await issued();
    cache.verify(stamp, ALICE, context());
    const other = await issued({ provider: "Discord" });
    const forged = { ...stamp, proof: { ...stamp.proof, proofValue: other.proof.proofValue } };
    expect(cache.verify(forged, ALICE, context()).status).to.equal("bad_proof");
    expect(cache.verify(forged, ALICE, context()).status).to.equal("bad_proof");
    expect(count.proofs).to.equal(3);
  });

  it("forgets the oldest when it is full", async () => {
    const { cache, count } = counting(2);
    const stamps = await Promise.all(["A", "B", "C"].map((provider) => issued({ provider })));
    for (const stamp of [...stamps, stamps[2], stamps[0]]) cache.verify(stamp, ALICE, context());
    expect(count.proofs).to.equal(4);
  });
});
