import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { utf8 } from "../../../src/stm/bytes.js";
import {
  aggregateKeyFromHex,
  aggregateKeyToHex,
  keyWithProofFromHex,
  proofFromHex,
  proofToHex,
} from "../../../src/stm/encoding/json.js";
import { verifyProofsOfPossession } from "../../../src/stm/possession.js";
import { closeRegistration } from "../../../src/stm/registration.js";
import { type Claim, verifyProof, verifyProofs } from "../../../src/stm/verify.js";
import { dataFolder } from "../../support/data.js";
import { codeOf } from "../../support/stm/codes.js";
import { type Node, readDocument } from "../../support/stm/golden.js";

const text = (node: Node | undefined): string => node as unknown as string;

/** The multi-signatures of a file of certificates. */
function claimsOf(certificates: Node): { claim: Claim; source: Node }[] {
  return Object.values(certificates)
    .filter((source) => text(source.multi_signature) !== "")
    .map((source) => {
      const { k, m, phi_f } = (source.metadata as Node).parameters as unknown as Record<"k" | "m" | "phi_f", number>;
      const claim = {
        proof: proofFromHex(text(source.multi_signature)),
        message: utf8(text(source.signed_message)),
        key: aggregateKeyFromHex(text(source.aggregate_verification_key)),
        parameters: { k: BigInt(k), m: BigInt(m), phiF: phi_f },
      };
      return { claim, source };
    });
}

function verifyAll(name: string): { claims: Claim[]; single: number } {
  const certificates = readDocument(name);
  if (certificates === undefined) return { claims: [], single: 0 };
  const found = claimsOf(certificates);
  for (const { claim, source } of found) {
    verifyProof(claim.proof, claim.message, claim.key, claim.parameters);
    expect(proofToHex(claim.proof)).to.equal(text(source.multi_signature));
    expect(aggregateKeyToHex(claim.key)).to.equal(text(source.aggregate_verification_key));
  }
  const claims = found.map(({ claim }) => claim);
  return { claims, single: claims.filter(({ proof }) => proof.signatures.length === 1).length };
}

describe("real proofs", () => {
  it("stm-real/devnet: all 42 proofs of 2026 verify, one by one and together", () => {
    const { claims, single } = verifyAll("devnet_2026_certificates.json");
    if (claims.length === 0) return;
    expect([claims.length, single]).to.deep.equal([42, 33]);
    verifyProofs(claims, randomBytes);
    const spoiled = claims.map((claim, i) =>
      i === 17 ? { ...claim, proof: { ...claim.proof, signatures: claims[16]?.proof.signatures ?? [] } } : claim,
    );
    expect(codeOf(() => verifyProofs(spoiled, randomBytes))).to.not.equal("none");
  });

  it("stm-real/history: all 440 proofs of ten generations verify", () => {
    const folder = path.join(dataFolder, "mithril/devnet_history");
    const files = existsSync(folder) ? readdirSync(folder).sort() : [];
    if (files.length === 0) return console.log(`      no checks: ${folder} is not there`);
    const results = files.map((file) => verifyAll(`devnet_history/${file}`));
    const [all, single] = [results.flatMap(({ claims }) => claims), results.map((result) => result.single)];
    expect([all.length, single.reduce((sum, count) => sum + count, 0)]).to.deep.equal([440, 347]);
  }).timeout(60_000);

  it("stm-real/distributions: 18 proofs of possession, 9 rebuilt aggregate keys", () => {
    const distributions = readDocument("devnet_2026_mithril_stake_distributions.json");
    const certificates = readDocument("devnet_2026_certificates.json");
    if (distributions === undefined || certificates === undefined) return;
    let proven = 0;
    for (const distribution of Object.values(distributions)) {
      const signers = Object.values(distribution.signers as Node);
      const keys = signers.map((signer) => keyWithProofFromHex(text(signer.verification_key)));
      verifyProofsOfPossession(keys);
      proven += keys.length;
      const { aggregateKey } = closeRegistration(
        signers.map((signer, i) => ({
          verificationKey: (keys[i] as (typeof keys)[number]).verificationKey,
          stake: BigInt(signer.stake as unknown as number),
        })),
      );
      const certificate = certificates[text(distribution.certificate_hash)] as Node;
      const parts = (certificate.protocol_message as Node).message_parts as Node;
      expect(aggregateKeyToHex(aggregateKey)).to.equal(text(parts.next_aggregate_verification_key));
    }
    expect([proven, Object.keys(distributions).length]).to.deep.equal([18, 9]);
  });

  it("stm-real/preview: a public network's certificate with 2,984 indices verifies, and none of its mutations", () => {
    const certificates = readDocument("preview_real_2024_full_params.json");
    if (certificates === undefined) return;
    const { claim } = claimsOf(certificates)[0] as { claim: Claim };
    const { proof, message, key, parameters } = claim;
    const verify = (change: Partial<Claim>) => {
      const changed = { ...claim, ...change };
      return codeOf(() => verifyProof(changed.proof, changed.message, changed.key, changed.parameters));
    };
    expect(verify({})).to.equal("none");
    expect(proof.signatures.map(({ signature }) => signature.indexes.length)).to.deep.equal([1410, 1574]);
    type Entry = (typeof proof.signatures)[number];
    const [first, second] = proof.signatures as [Entry, Entry];
    const withFirst = (entry: Entry) => ({ proof: { ...proof, signatures: [entry, second] } });
    const withIndex = (index: number) =>
      withFirst({ ...first, signature: { ...first.signature, indexes: [index, ...first.signature.indexes.slice(1)] } });
    const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    const swapped = [first, second].map((entry, i) => ({
      ...entry,
      signature: { ...entry.signature, sigma: (i === 0 ? second : first).signature.sigma },
    }));
    expect(verify({ parameters: { ...parameters, k: 2985n } })).to.equal("stm/not-enough-signatures");
    expect(verify({ message: flipped(message) })).to.equal("stm/lottery-lost");
    expect(verify(withFirst({ ...first, party: { ...first.party, stake: first.party.stake + 1n } }))).to.equal(
      "stm/bad-path",
    );
    expect(verify(withIndex(second.signature.indexes[0] as number))).to.equal("stm/lottery-lost");
    expect(verify(withIndex(20973))).to.equal("stm/index-out-of-range");
    const values = proof.path.values.map(flipped);
    expect(verify({ proof: { ...proof, path: { ...proof.path, values } } })).to.equal("stm/bad-path");
    expect(verify({ key: { ...key, totalStake: 2n * key.totalStake } })).to.equal("stm/lottery-lost");
    expect(verify({ proof: { ...proof, signatures: swapped } })).to.equal("stm/lottery-lost");
    expect(verify({ parameters: { ...parameters, phiF: 0.1 } })).to.equal("stm/lottery-lost");
  });
});
