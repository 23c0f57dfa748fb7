import { expect } from "chai";

import { aggregate } from "../../../src/stm/aggregate.js";
import { equalBytes, toHex } from "../../../src/stm/bytes.js";
import {
  aggregateFromBytes,
  aggregateKeyFromBytes,
  parametersFromBytes,
  partyFromBytes,
  pathFromBytes,
  proofFromBytes,
  singleSignatureFromBytes,
} from "../../../src/stm/encoding/binary.js";
import * as cbor from "../../../src/stm/encoding/cbor.js";
import * as json from "../../../src/stm/encoding/json.js";
import * as legacy from "../../../src/stm/encoding/legacy.js";
import { SigningKey } from "../../../src/stm/keys.js";
import { verifyProofOfPossession } from "../../../src/stm/possession.js";
import { closeRegistration } from "../../../src/stm/registration.js";
import { sign } from "../../../src/stm/sign.js";
import { verifyProof } from "../../../src/stm/verify.js";
import { chachaDraws, Golden, readDocument } from "../../support/stm/golden.js";

describe("the native scheme's golden constants", () => {
  const document = readDocument("stm_golden_2026.json");
  if (document === undefined) return;
  const golden = new Golden(document);
  const keys = chachaDraws(2, 32).map((material) => SigningKey.fromKeyMaterial(material));
  const first = keys[0] as SigningKey;
  const message = new Uint8Array(16);
  const parameters = { k: 5n, m: 10n, phiF: 0.8 };
  const registration = closeRegistration(keys.map((key) => ({ verificationKey: key.verificationKey(), stake: 1n })));
  const proof = json.proofFromJson(golden.json("aggregate_signature_golden_concatenation::GOLDEN_JSON"));

  it("stm-golden/keys: key, possession and signature of the seeded generator", () => {
    expect(json.signingKeyToJson(first)).to.equal(golden.json("signing_key.rs::golden::GOLDEN_JSON"));
    const withProof = { verificationKey: first.verificationKey(), proof: first.prove() };
    expect(json.keyWithProofToJson(withProof)).to.equal(golden.json("verification_key.rs::golden::GOLDEN_JSON"));
    expect(`[${[...withProof.proof.bytes].join(",")}]`).to.equal(
      golden.json("proof_of_possession.rs::golden::GOLDEN_JSON"),
    );
    verifyProofOfPossession(json.keyWithProofFromJson(golden.json("verification_key.rs::golden::GOLDEN_JSON")));
    expect(`[${[...first.sign(new Uint8Array(32))].join(",")}]`).to.equal(
      golden.json("bls_multi_signature/signature.rs::golden::GOLDEN_JSON"),
    );
  });

  it("stm-golden/aggregate: the same winners, the same proof, and it verifies", () => {
    const singles = keys.map((key) => sign(key, message, registration, parameters));
    const byNumber = Object.fromEntries(singles.map((single) => [single?.signerIndex, single?.indexes]));
    expect(byNumber).to.deep.equal({ 0: [1, 4, 5, 8], 1: [0, 3, 4, 5, 6] });
    const made = aggregate(
      singles.flatMap((single) => single ?? []),
      message,
      registration,
      parameters,
    );
    expect(made.signatures.map(({ signature }) => signature.indexes)).to.deep.equal([
      [1, 4, 5, 8],
      [0, 3, 6],
    ]);
    expect(json.proofToJson(made)).to.equal(golden.json("aggregate_signature_golden_concatenation::GOLDEN_JSON"));
    verifyProof(proof, message, registration.aggregateKey, parameters);
  });

  it("stm-golden/bytes: every byte form decodes and is written again byte for byte", () => {
    const same = (made: Uint8Array, end: string) => expect(toHex(made), end).to.equal(toHex(golden.bytes(end)));
    const read = <T>(decode: (bytes: Uint8Array) => T, encode: (value: T) => Uint8Array, end: string): T => {
      const value = decode(golden.bytes(end));
      same(encode(value), end);
      return value;
    };
    const readParameters = read(parametersFromBytes, cbor.parametersToCbor, "parameters.rs::cbor::GOLDEN_CBOR_BYTES");
    expect(json.parametersToJson(readParameters)).to.equal(golden.json("parameters.rs::golden::GOLDEN_JSON"));
    const plain = "[not future_snark]";
    read(singleSignatureFromBytes, cbor.singleSignatureToCbor, `/signature.rs::golden::GOLDEN_CBOR_BYTES${plain}`);
    read(singleSignatureFromBytes, legacy.singleSignatureToLegacy, `/signature.rs::golden::GOLDEN_BYTES${plain}`);
    read(partyFromBytes, cbor.partyToCbor, `closed_registration_entry.rs::golden::GOLDEN_CBOR_BYTES${plain}`);
    read(partyFromBytes, legacy.partyToLegacy, `closed_registration_entry.rs::golden::GOLDEN_BYTES${plain}`);
    read(pathFromBytes, cbor.pathToCbor, "path.rs::golden_cbor_batch_path::GOLDEN_CBOR_BYTES");
    read(proofFromBytes, cbor.proofToCbor, "concatenation/proof.rs::golden_cbor::GOLDEN_CBOR_BYTES");
    const fromCbor = read(
      aggregateFromBytes,
      cbor.aggregateToCbor,
      "aggregate_signature_golden_concatenation::GOLDEN_CBOR_BYTES",
    );
    expect(json.proofToJson(fromCbor)).to.equal(json.proofToJson(proof));
    const keyForms = "concatenation/aggregate_key.rs::golden";
    const key = read(aggregateKeyFromBytes, cbor.aggregateKeyToCbor, `${keyForms}::GOLDEN_CBOR_BYTES`);
    read(aggregateKeyFromBytes, legacy.aggregateKeyToLegacy, `${keyForms}::GOLDEN_BYTES`);
    expect(json.aggregateKeyToJson(key)).to.equal(golden.json(`${keyForms}_json::GOLDEN_JSON`));
    expect(equalBytes(key.root, registration.aggregateKey.root)).to.equal(true);
  });

  it("stm-golden/samples: the sample keys and signatures of the native fixtures decode", () => {
    const samples = readDocument("fake_keys.json");
    if (samples === undefined) return;
    const list = (name: string) => samples[name] as unknown as string[];
    for (const text of list("signer_verification_key")) {
      const key = json.keyWithProofFromHex(text);
      verifyProofOfPossession(key);
      expect(json.keyWithProofToHex(key)).to.equal(text);
    }
    for (const text of list("aggregate_verification_key_for_concatenation")) {
      expect(json.aggregateKeyToHex(json.aggregateKeyFromHex(text))).to.equal(text);
    }
    for (const text of list("single_signature")) {
      expect(json.singleSignatureToHex(json.singleSignatureFromHex(text))).to.equal(text);
    }
    for (const text of list("multi_signature")) expect(json.proofToHex(json.proofFromHex(text))).to.equal(text);
    expect(list("signer_verification_key")).to.have.length(4);
  });
});
