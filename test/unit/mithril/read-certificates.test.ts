import { expect } from "chai";
import * as fc from "fast-check";

import { readCertificates } from "../../../src/mithril/read-certificates.js";
import { readStakeDistributions } from "../../../src/mithril/stake-distribution.js";
import { DomainError } from "../../../src/shared/errors.js";
import { type WideJson, writeWideJson } from "../../../src/shared/wide-json.js";
import { hashOf, makeChain, type Raw } from "../../support/mithril-chain.js";

const chain = makeChain();
const write = (value: unknown): string => writeWideJson(value as WideJson);
const certificate = chain[2] as Raw;
const short = hashOf(certificate).slice(0, 8);
const metadata = certificate.metadata as Raw;

/** The one sentence that a text is refused with. */
function refusal(text: string): string {
  try {
    readCertificates(text, "chain.json");
  } catch (error) {
    if (error instanceof DomainError && error.code === "mithril/malformed") return error.message;
    throw error;
  }
  throw new Error("it was read");
}

describe("readCertificates", () => {
  it("mithril/file-shapes: by hash, in a list, or one as an aggregator answers it", () => {
    const hashes = chain.map(hashOf);
    const byHash = Object.fromEntries(chain.map((raw) => [raw.hash, raw]));
    expect(readCertificates(write(byHash), "f").map(({ hash }) => hash)).to.deep.equal(hashes);
    expect(readCertificates(write(chain), "f").map(({ hash }) => hash)).to.deep.equal(hashes);
    expect(readCertificates(write(certificate), "f").map(({ hash }) => hash)).to.deep.equal([certificate.hash]);
  });

  it("keeps stakes above 2^53", () => {
    expect(readCertificates(write(certificate), "f")[0]?.signers[0]?.stake).to.equal(9_007_199_254_740_993n);
  });

  it("mithril/malformed-files: each with one sentence that names file, certificate and field", () => {
    const cases: [unknown, string][] = [
      [{ ...certificate, epoch: undefined }, "epoch"],
      [{ ...certificate, epoch: "11" }, "epoch"],
      [{ ...certificate, epoch: -1 }, "epoch"],
      [{ ...certificate, epoch: 2n ** 64n }, "epoch"],
      [{ ...certificate, previous_hash: "12" }, "previous_hash"],
      [{ ...certificate, signed_entity_type: { Weather: 3 } }, "signed_entity_type"],
      [{ ...certificate, signed_entity_type: { CardanoDatabase: { epoch: 1 } } }, "signed_entity_type.CardanoDatabase"],
      [{ ...certificate, signed_entity_type: { CardanoTransactions: [1] } }, "signed_entity_type.CardanoTransactions"],
      [{ ...certificate, metadata: { version: "0.1.0" } }, "metadata.network"],
      [{ ...certificate, metadata: { ...metadata, parameters: { k: 0, m: 3, phi_f: 0.2 } } }, "metadata.parameters"],
      [{ ...certificate, metadata: { ...metadata, parameters: { k: 4, m: 3, phi_f: 0.2 } } }, "metadata.parameters"],
      [
        { ...certificate, metadata: { ...metadata, parameters: { k: 1, m: 3, phi_f: 2 } } },
        "metadata.parameters.phi_f",
      ],
      [{ ...certificate, metadata: { ...metadata, sealed_at: "2026-02-30T00:00:00Z" } }, "metadata.sealed_at"],
      [{ ...certificate, metadata: { ...metadata, signers: [{ party_id: "x" }] } }, "metadata.signers[0].stake"],
      [{ ...certificate, protocol_message: { message_parts: { sudo: "1" } } }, "protocol_message.message_parts.sudo"],
      [
        { ...certificate, protocol_message: { message_parts: { current_epoch: "011" } } },
        "message_parts.current_epoch",
      ],
      [{ ...certificate, signed_message: "zz" }, "signed_message"],
      [{ ...certificate, aggregate_verification_key: "7b7d" }, "aggregate_verification_key"],
      [{ ...certificate, aggregate_verification_key: "" }, "aggregate_verification_key"],
      [{ ...certificate, aggregate_verification_key: "0012" }, "aggregate_verification_key"],
      [{ ...certificate, multi_signature: "7B" }, "multi_signature"],
      [{ ...certificate, multi_signature: "" }, "neither multi_signature nor genesis_signature"],
      [{ ...certificate, genesis_signature: "00" }, "both multi_signature and genesis_signature"],
      [{ ...chain[0], genesis_signature: "00" }, "genesis_signature"],
    ];
    for (const [value, field] of cases) {
      const text = write(Object.fromEntries(Object.entries(value as Raw).filter(([, member]) => member !== undefined)));
      const sentence = refusal(text);
      const called = (value as Raw).hash === certificate.hash ? short : hashOf(chain[0]).slice(0, 8);
      expect(sentence)
        .to.match(new RegExp(`^chain\\.json: certificate ${called}`))
        .and.to.include(field);
      expect(sentence).to.not.include("\n");
    }
    for (const text of ["", "{", "[]", "{}", "7", '"x"', "null", "[7]", '{"hello":{}}', '{"hash":"12"}']) {
      expect(refusal(text)).to.match(/^chain\.json/);
    }
  });

  it("refuses a certificate under another hash, or twice", () => {
    expect(refusal(write({ ["ab".repeat(32)]: certificate }))).to.include("filed under");
    expect(refusal(write([certificate, certificate]))).to.include("twice");
  });

  it("ends in a verdict or in one sentence, whatever is put in place of a field", () => {
    const places = Object.keys(certificate);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const text = JSON.stringify({ ...JSON.parse(write(certificate)), [place]: value });
        try {
          readCertificates(text, "chain.json");
        } catch (error) {
          expect(error).to.be.instanceOf(DomainError).with.property("code", "mithril/malformed");
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("readStakeDistributions", () => {
  it("names file, distribution and field", () => {
    for (const text of ["{}", "[]", '{"signers":7}', '{"a":{"signers":[{}]}}', "[3]"]) {
      expect(() => readStakeDistributions(text, "stakes.json"))
        .to.throw(/^stakes\.json/)
        .with.property("code", "mithril/malformed");
    }
  });
});
