import { expect } from "chai";

import { readStakeDistributions, verifyStakeDistribution } from "../../../src/mithril/stake-distribution.js";
import { keyWithProofToHex } from "../../../src/stm/encoding/json.js";
import { type WideJson, writeWideJson } from "../../../src/shared/wide-json.js";
import { hashOf, makeChain, PARAMETERS, parseAll, type Raw, signersOf } from "../../support/mithril-chain.js";

const chain = makeChain();
const certificates = parseAll(chain);

/** The distribution that the genesis certificate vouches for: the signers of epoch 11. */
function distribution(): Raw & { signers: Raw[] } {
  const { keys, registration } = signersOf("11");
  return {
    hash: "cd".repeat(32),
    epoch: 11,
    certificate_hash: hashOf(chain[0]),
    protocol_parameters: { k: Number(PARAMETERS.k), m: Number(PARAMETERS.m), phi_f: PARAMETERS.phiF },
    signers: keys.map((key, i) => {
      const verificationKey = key.verificationKey();
      const party = registration.parties.find((item) => item.verificationKey.equals(verificationKey));
      return {
        party_id: `pool ${i}`,
        stake: party?.stake,
        verification_key: keyWithProofToHex({ verificationKey, proof: key.prove() }),
      };
    }),
  };
}

function problemsOf(value: Raw): readonly string[] {
  const [parsed] = readStakeDistributions(writeWideJson(value as WideJson), "stakes.json");
  if (parsed === undefined) throw new Error("nothing was read");
  return verifyStakeDistribution(parsed, certificates).problems;
}

describe("verifyStakeDistribution", () => {
  it("mithril/synthetic-distribution: keys and stakes add up to what the certificate names, in any order", () => {
    const value = distribution();
    expect(problemsOf(value)).to.deep.equal([]);
    expect(problemsOf({ ...value, signers: [...value.signers].reverse() })).to.deep.equal([]);
  });

  it("mithril/altered-distributions-are-refused: each for what was altered", () => {
    const value = distribution();
    const [first, ...rest] = value.signers;
    if (first === undefined) throw new Error("nobody signs");
    const stranger = signersOf("strangers").keys[0];
    if (stranger === undefined) throw new Error("there are no strangers");
    const foreign = { verificationKey: stranger.verificationKey(), proof: stranger.prove() };
    const borrowed = {
      verificationKey: signersOf("11").keys[0]?.verificationKey() ?? foreign.verificationKey,
      proof: stranger.prove(),
    };
    const cases: [Raw, RegExp][] = [
      [
        { ...value, signers: [{ ...first, stake: BigInt(first.stake as bigint) + 1n }, ...rest] },
        /^its keys and stakes/,
      ],
      [{ ...value, signers: rest }, /^its keys and stakes/],
      [
        { ...value, signers: [{ ...first, verification_key: keyWithProofToHex(foreign) }, ...rest] },
        /^its keys and stakes/,
      ],
      [
        { ...value, signers: [{ ...first, verification_key: keyWithProofToHex(borrowed) }, ...rest] },
        /pool 0 has no valid/,
      ],
      [{ ...value, signers: [first, ...value.signers] }, /cannot be rebuilt/],
      [{ ...value, signers: [] }, /cannot be rebuilt/],
      [{ ...value, protocol_parameters: { k: 11, m: 30, phi_f: 0.95 } }, /^its parameters/],
    ];
    for (const [altered, problem] of cases) {
      const problems = problemsOf(altered);
      expect(problems).to.have.length(1);
      expect(problems[0]).to.match(problem);
    }
  });

  it("does not go without the certificate that it names", () => {
    expect(() => problemsOf({ ...distribution(), certificate_hash: "ab".repeat(32) }))
      .to.throw()
      .with.property("code", "mithril/no-certificate");
  });
});
