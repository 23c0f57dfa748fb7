import { readFileSync } from "node:fs";

import { expect } from "chai";
import { hexlify, Wallet } from "ethers";

import type { ClaimDocument } from "../../../src/claims/claim-document.js";
import { claimDocumentText, parseClaimFile } from "../../../src/claims/claim-file.js";
import { createClaimHasher } from "../../../src/claims/claim-hasher.js";
import { ClaimError } from "../../../src/claims/errors.js";
import { signDigest } from "../../../src/claims/signature.js";
import { verifyClaimFile } from "../../../src/claims/verify-claim.js";
import { bookOfUsers } from "../../support/allocations.js";
import { aClaim, ALICE, BOB, CAROL, DOMAIN } from "../../support/claims.js";

const golden = readFileSync("test/vectors/gtc-first-claim.json", "utf8");
const signerKey = new Uint8Array(32).fill(0x17);
const signer = new Wallet(hexlify(signerKey)).address;

function signedDocument(changes: Partial<ClaimDocument> = {}): ClaimDocument {
  const book = bookOfUsers(5, { userId: 9, amount: 3n, account: ALICE });
  const claim = aClaim({ userId: 2, amount: 2n * 10n ** 18n, ...changes.claim });
  const digest = createClaimHasher(DOMAIN)(claim);
  return {
    format: "touchstone-claim-v1",
    kind: "signed",
    domain: DOMAIN,
    claim,
    merkleRoot: book.root,
    proof: book.proof(claim.userId),
    digest: hexlify(digest),
    signer,
    signature: hexlify(signDigest(digest, signerKey)),
    ...changes,
  };
}

function codeOf(text: string): string {
  try {
    verifyClaimFile(text);
  } catch (error) {
    if (error instanceof ClaimError) return error.code;
    throw error;
  }
  return "verified";
}

describe("verifyClaimFile", () => {
  it("recomputes leaf, digest and signer of the first mainnet claim", () => {
    const verified = verifyClaimFile(golden);
    expect(verified).to.include({
      format: "gtc-claim-v1",
      userId: 49909,
      amount: 9208256099999000035328n,
      leaf: "0x6832b71385c4d15b19a35ba4af189bbbfc252090166153387ebaaa70209b8fb3",
      digest: "0xf2686ee09b7bb6e7fdd8d20ad762a13535bb95bc1db1fdbe257e0afd706b510c",
      signer: "0x2A864f9B07c51480C62FE09601d4469DC95296f7",
    });
  });

  it("finds every change of that claim", () => {
    const changes: [string, string][] = [
      ["49909", "49908"],
      ["9208256099999000035328", "9208256099999000035329"],
      ["0x25468E86ED8eC296de39FcB798C7f212924443AB", ALICE],
      ["0x4C0a466DF0628FE8699051b3Ac6506653191cc21", BOB],
      ["0x6832b7", "0x6832b8"],
      ["0xf2686e", "0xf2686f"],
      ["0x0e96e6", "0x0e96e7"],
      ["4b22e1b", "4b22e1c"],
      ["0x2A864f", "0x2A864e"],
      ["1.0.0", "1.0.1"],
      ['"chainId": 1', '"chainId": 2'],
      ["0xDE3e5a990bCE7fC60a6f017e7c4a95fc4939299E", ALICE],
    ];
    for (const [from, to] of changes) {
      expect(golden).to.include(from);
      expect(codeOf(golden.replace(from, to)), to).to.equal("claims/signature-mismatch");
    }
  });

  it("verifies our own signed claim, and finds every change", () => {
    const document = signedDocument();
    expect(verifyClaimFile(claimDocumentText(document))).to.include({
      kind: "signed",
      signer,
      accountSignature: "none",
    });
    const { claim } = document;
    const altered: ClaimDocument[] = [
      { ...document, claim: { ...claim, userId: 3 } },
      { ...document, claim: { ...claim, amount: claim.amount + 1n } },
      { ...document, claim: { ...claim, account: CAROL, submitter: CAROL } },
      { ...document, claim: { ...claim, delegatee: CAROL } },
      { ...document, claim: { ...claim, submitter: CAROL } },
      { ...document, claim: { ...claim, deadline: claim.deadline + 1n } },
      { ...document, domain: { ...DOMAIN, chainId: 1n } },
      { ...document, signer: CAROL },
      { ...document, merkleRoot: `0x${"00".repeat(32)}` },
      { ...document, proof: document.proof.slice(1) },
      { ...document, kind: "bound" },
    ];
    for (const [index, other] of altered.entries()) {
      expect(codeOf(claimDocumentText(other)), String(index)).to.equal("claims/signature-mismatch");
    }
  });

  it("tells whether a sponsored claim's account signature can be checked here", async () => {
    const account = new Wallet(`0x${"22".repeat(32)}`);
    const claim = aClaim({ userId: 2, amount: 2n * 10n ** 18n, account: account.address, submitter: BOB });
    const digest = createClaimHasher(DOMAIN)(claim);
    const accountSignature = account.signingKey.sign(digest).serialized;
    const document = signedDocument({ kind: "sponsored", claim, accountSignature });
    expect(verifyClaimFile(claimDocumentText(document)).accountSignature).to.equal("valid");
    const contract = { ...document, accountSignature: "0x1234" };
    expect(verifyClaimFile(claimDocumentText(contract)).accountSignature).to.equal("needs-chain");
  });

  it("reads back what it writes", () => {
    const document = signedDocument();
    expect(parseClaimFile(claimDocumentText(document))).to.deep.equal(document);
  });

  it("refuses what is no claim file, naming the field", () => {
    const text = claimDocumentText(signedDocument());
    const broken = [
      "",
      "[]",
      "{}",
      "7",
      text.replace("claim-v1", "claim-v9"),
      text.replace('"userId": 2', '"userId": 2.5'),
    ];
    broken.push(text.replace('"deadline": "2000"', '"deadline": "2e3"'), text.replace('"proof": [', '"proofs": ['));
    for (const wrong of broken) expect(codeOf(wrong), wrong.slice(0, 60)).to.equal("claims/invalid-file");
  });
});
