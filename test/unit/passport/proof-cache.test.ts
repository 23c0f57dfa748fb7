import { expect } from "chai";

import { ProofCache } from "../../../src/passport/proof-cache.js";
import { proveHere, type Prover } from "../../../src/passport/prover.js";
import type { VerificationContext } from "../../../src/passport/verify.js";
import { accountOf, ALICE, context, issued, NOW, trust } from "../../support/passport/stamps.js";

describe("ProofCache", () => {
  const counting = (size?: number) => {
    const count = { proofs: 0 };
    const prove: Prover = (claims) => {
      count.proofs += claims.length;
      return proveHere(claims);
    };
    const cache = new ProofCache({ prove, ...(size === undefined ? {} : { size }) });
    const statusOf = async (stamp: unknown, account: string, given: VerificationContext) =>
      (await cache.verify([stamp], account, given))[0]?.status;
    return { cache, statusOf, count };
  };

  it("proves a stamp once, and asks everything else every time", async () => {
    const { statusOf, count } = counting();
    const stamp = await issued();
    expect(await statusOf(stamp, ALICE, context())).to.equal("valid");
    expect(await statusOf(stamp, ALICE, context())).to.equal("valid");
    expect(count.proofs).to.equal(1);
    expect(await statusOf(stamp, ALICE, context({ now: NOW + 91 * 86_400 }))).to.equal("expired");
    expect(await statusOf(stamp, ALICE, context({ issuers: trust() }))).to.equal("untrusted_issuer");
    expect(await statusOf(stamp, accountOf("bob"), context())).to.equal("wrong_subject");
  });

  it("remembers neither a bad proof nor a good one for another signature", async () => {
    const { statusOf, count } = counting();
    const stamp = await issued();
    await statusOf(stamp, ALICE, context());
    const other = await issued({ provider: "Discord" });
    const forged = { ...stamp, proof: { ...stamp.proof, proofValue: other.proof.proofValue } };
    expect(await statusOf(forged, ALICE, context())).to.equal("bad_proof");
    expect(await statusOf(forged, ALICE, context())).to.equal("bad_proof");
    expect(count.proofs).to.equal(3);
  });

  it("forgets the oldest when it is full", async () => {
    const { statusOf, count } = counting(2);
    const stamps = await Promise.all(["A", "B", "C"].map((provider) => issued({ provider })));
    for (const stamp of [...stamps, stamps[2], stamps[0]]) await statusOf(stamp, ALICE, context());
    expect(count.proofs).to.equal(4);
  });

  it("answers many in their order, each by itself, and asks once for what was sent twice", async () => {
    const { cache, count } = counting();
    const [good, other] = [await issued(), await issued({ provider: "Discord" })];
    const forged = { ...other, proof: { ...other.proof, proofValue: good.proof.proofValue } };
    const statuses = async () =>
      (await cache.verify([forged, {}, good, other, good], ALICE, context())).map(({ status }) => status);
    const expected = ["bad_proof", "malformed", "valid", "valid", "valid"];
    expect(await statuses()).to.deep.equal(expected);
    expect(count.proofs).to.equal(3);
    expect(await statuses()).to.deep.equal(expected);
    expect(count.proofs).to.equal(4);
  });

  it("takes nothing for proved when the proving fails", async () => {
    let broken = true;
    const prove: Prover = (claims) => (broken ? Promise.reject(new Error("no threads")) : proveHere(claims));
    const cache = new ProofCache({ prove });
    const stamp = await issued();
    const failure = await cache.verify([stamp], ALICE, context()).catch((error: Error) => error.message);
    expect(failure).to.equal("no threads");
    broken = false;
    expect((await cache.verify([stamp], ALICE, context()))[0]?.status).to.equal("valid");
  });
});
