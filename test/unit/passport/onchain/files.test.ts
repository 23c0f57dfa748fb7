import { readFileSync } from "node:fs";

import { expect } from "chai";
import { id } from "ethers";

import { anchorFile, parseAnchorFile } from "../../../../src/passport/onchain/anchor-file.js";
import { hashRules, type Anchor } from "../../../../src/passport/onchain/anchor-typed-data.js";
import { preparedToWire, proofToWire } from "../../../../src/http/passport/wire.js";
import { parseDropsFile, parseProofFile } from "../../../../src/passport/onchain/proof-file.js";
import { DomainError } from "../../../../src/shared/errors.js";

const anchor: Anchor = {
  ...{ scorerId: 2n ** 200n, number: 7, root: id("root"), issuedAt: 1_800_000_000n, threshold: 200_000 },
  ...{ definition: id("rules"), count: 10_000n, uri: "ipfs://x", deadline: 1_800_003_600n },
};
const signature = `0x${"12".repeat(65)}`;

function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${String(error.details.path)}`;
    throw error;
  }
  return "accepted";
}

describe("a file with a signed root", () => {
  const changed = (changes: object) => JSON.stringify({ ...JSON.parse(anchorFile({ anchor, signature })), ...changes });

  it("is read as it was written, and shows the rules hash that was signed", () => {
    const text = anchorFile({ anchor, signature });
    expect(parseAnchorFile(text)).to.deep.equal({ anchor, signature });
    expect(text).to.contain(hashRules(anchor.threshold, anchor.definition));
    const wire = { format: undefined, rulesHash: undefined, issuedAt: 1_800_000_000, count: 10_000 };
    expect(parseAnchorFile(changed(wire))).to.deep.equal({ anchor, signature });
  });

  const wrong: [string, unknown][] = [
    ["format", "touchstone-anchor-v2"],
    ["scorerId", (2n ** 256n).toString()],
    ["scorerId", "0x1"],
    ["number", 0],
    ["number", 2 ** 32],
    ["root", "0x12"],
    ["issuedAt", -1],
    ["issuedAt", 1.5],
    ["threshold", 0],
    ["count", (2n ** 64n).toString()],
    ["uri", null],
    ["deadline", "soon"],
    ["rulesHash", id("other rules")],
    ["signature", "0x"],
    ["signature", "0x123"],
  ];
  for (const [field, value] of wrong) {
    it(`is refused with the ${field} ${JSON.stringify(value)}`, () => {
      expect(refused(() => parseAnchorFile(changed({ [field]: value })))).to.equal(
        `passport/anchor-malformed anchor.${field}`,
      );
    });
  }

  it("is refused with a member that nobody reads, or that is no JSON", () => {
    expect(refused(() => parseAnchorFile(changed({ epoch: 1 })))).to.equal("passport/anchor-malformed anchor.epoch");
    expect(refused(() => parseAnchorFile("{"))).to.equal("passport/anchor-malformed anchor");
  });
});

describe("a file with leaves and proofs", () => {
  const account = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
  const leaf = { account, score: 0, expiresAt: "0", proof: [id("sibling")] };
  const submission = { account, score: 0, expiresAt: 0n, rootNumber: 3, proof: [id("sibling")] };

  it("holds one leaf, many, or one on each line", () => {
    const one = { scorerId: "1", rootNumber: 3, ...leaf };
    const expected = { scorerId: 1n, submissions: [submission] };
    expect(parseProofFile(JSON.stringify(one))).to.deep.equal(expected);
    expect(parseProofFile(JSON.stringify([one, one])).submissions).to.have.length(2);
    expect(parseProofFile(`${JSON.stringify(one)}\n${JSON.stringify(one)}\n`).submissions).to.have.length(2);
    expect(parseProofFile(JSON.stringify({ scorerId: 1, rootNumber: 3, leaves: [leaf] }))).to.deep.equal(expected);
  });

  it("is refused without a leaf, with two scorers, or with what no leaf can hold", () => {
    const whole = (changes: object) => JSON.stringify([{ scorerId: 1, rootNumber: 3, ...leaf, ...changes }]);
    const code = (text: string) => refused(() => parseProofFile(text)).split(" ")[0];
    expect(parseProofFile(whole({})).submissions).to.have.length(1);
    const two = [JSON.parse(whole({})) as unknown[], JSON.parse(whole({ scorerId: 2 })) as unknown[]].flat();
    for (const text of [
      "[]",
      "",
      "{",
      JSON.stringify(two),
      ...[{ score: -1 }, { score: 2 ** 32 }, { score: 0.5 }, { expiresAt: (2n ** 64n).toString() }].map(whole),
      ...[{ rootNumber: 0 }, { rootNumber: undefined }, { scorerId: undefined }, { proof: "0x" }].map(whole),
      ...[{ proof: ["0x12"] }, { account: "0x12" }, { account: account.replace("C", "c") }].map(whole),
    ]) {
      expect(code(text), text).to.equal("passport/proof-malformed");
    }
  });

  it("may be all scores of a root without proofs, where drops are asked for", () => {
    const scores = [account, "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"].map((one, score) => ({
      ...{ account: one.toLowerCase(), score, expiresAt: 7 },
    }));
    const listed = parseDropsFile(scores.map((score) => JSON.stringify(score)).join("\n"));
    expect(listed).to.deep.equal({
      scores: [
        { account, score: 0, expiresAt: 7n },
        { account: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", score: 1, expiresAt: 7n },
      ],
    });
    const proved = JSON.stringify({ scorerId: 1, rootNumber: 3, ...leaf });
    expect(parseDropsFile(proved)).to.deep.equal(parseProofFile(proved));
    expect(refused(() => parseDropsFile(""))).to.equal("passport/proof-malformed the file");
  });

  it("are taken as the service answers them", () => {
    const rulesHash = hashRules(anchor.threshold, anchor.definition);
    const prepared = preparedToWire({ ...anchor, rulesHash, signature });
    expect(parseAnchorFile(JSON.stringify(prepared))).to.deep.equal({ anchor, signature });
    const proof = proofToWire({ scorerId: 1n, root: id("root"), ...submission, proof: [...submission.proof] });
    expect(parseProofFile(JSON.stringify(proof))).to.deep.equal({ scorerId: 1n, submissions: [submission] });
  });

  it("takes the leaves of the golden vectors", () => {
    const { scores } = JSON.parse(readFileSync("test/vectors/passport-registry.json", "utf8")) as {
      scores: { leaves: object[] };
    };
    const text = JSON.stringify({ rootNumber: 1, leaves: scores.leaves });
    expect(parseProofFile(text).submissions).to.have.length(5);
  });
});
