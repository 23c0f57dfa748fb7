import { expect } from "chai";
import fc from "fast-check";

import { aggregate } from "../../../src/stm/aggregate.js";
import { toHex, utf8 } from "../../../src/stm/bytes.js";
import * as binary from "../../../src/stm/encoding/binary.js";
import * as cbor from "../../../src/stm/encoding/cbor.js";
import { CborMap, decodeCbor, encodeCbor } from "../../../src/stm/encoding/cbor-format.js";
import * as json from "../../../src/stm/encoding/json.js";
import * as legacy from "../../../src/stm/encoding/legacy.js";
import { StmError } from "../../../src/stm/errors.js";
import { codeOf } from "../../support/stm/codes.js";
import { community, keyOf, signatures } from "../../support/stm/world.js";

const message = utf8("encodings");
const parameters = { k: 10n, m: 30n, phiF: 0.8 };
const world = community([7n, 2n ** 53n + 1n, 2n ** 62n]);
const proof = aggregate(signatures(world, message, parameters), message, world.registration, parameters);
const { signature, party } = proof.signatures[0] as (typeof proof.signatures)[number];
const key = world.registration.aggregateKey;

interface Form {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly again: (bytes: Uint8Array) => Uint8Array;
}

const form = <T>(name: string, value: T, write: (value: T) => Uint8Array, read: (bytes: Uint8Array) => T): Form => ({
  name,
  bytes: write(value),
  again: (bytes) => write(read(bytes)),
});
const text =
  <T>(write: (value: T) => string) =>
  (value: T) =>
    utf8(write(value));
const fromText =
  <T>(read: (text: string) => T) =>
  (bytes: Uint8Array) =>
    read(new TextDecoder().decode(bytes));

const forms: Form[] = [
  form("proof, JSON", proof, text(json.proofToJson), fromText(json.proofFromJson)),
  form("proof, hex of JSON", proof, text(json.proofToHex), fromText(json.proofFromHex)),
  form("signature, JSON", signature, text(json.singleSignatureToJson), fromText(json.singleSignatureFromJson)),
  form("aggregate key, JSON", key, text(json.aggregateKeyToJson), fromText(json.aggregateKeyFromJson)),
  form("parameters, JSON", parameters, text(json.parametersToJson), fromText(json.parametersFromJson)),
  form("proof, legacy", proof, legacy.proofToLegacy, binary.proofFromBytes),
  form("aggregate, legacy", proof, legacy.aggregateToLegacy, binary.aggregateFromBytes),
  form("signature, legacy", signature, legacy.singleSignatureToLegacy, binary.singleSignatureFromBytes),
  form("party, legacy", party, legacy.partyToLegacy, binary.partyFromBytes),
  form("path, legacy", proof.path, legacy.pathToLegacy, binary.pathFromBytes),
  form("aggregate key, legacy", key, legacy.aggregateKeyToLegacy, binary.aggregateKeyFromBytes),
  form("parameters, legacy", parameters, legacy.parametersToLegacy, binary.parametersFromBytes),
  form("tree, legacy", world.registration.tree, legacy.treeToLegacy, legacy.treeFromLegacy),
  form("proof, CBOR", proof, cbor.proofToCbor, binary.proofFromBytes),
  form("aggregate, CBOR", proof, cbor.aggregateToCbor, binary.aggregateFromBytes),
  form("signature, CBOR", signature, cbor.singleSignatureToCbor, binary.singleSignatureFromBytes),
  form("party, CBOR", party, cbor.partyToCbor, binary.partyFromBytes),
  form("path, CBOR", proof.path, cbor.pathToCbor, binary.pathFromBytes),
  form("aggregate key, CBOR", key, cbor.aggregateKeyToCbor, binary.aggregateKeyFromBytes),
  form("parameters, CBOR", parameters, cbor.parametersToCbor, binary.parametersFromBytes),
];

describe("encodings", () => {
  for (const each of forms) {
    it(`stm/encoding-round-trip: ${each.name}`, () => {
      expect(toHex(each.again(each.bytes))).to.equal(toHex(each.bytes));
    });
  }

  it("stm/encoding-fuzz: changed, cut and lengthened bytes give a value or a typed error, never another one", () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const check = fc.property(
      fc.constantFrom(...forms),
      edits,
      fc.nat(),
      fc.boolean(),
      (each, changes, cut, cutting) => {
        const bytes = cutting ? each.bytes.slice(0, cut % each.bytes.length) : Uint8Array.from(each.bytes);
        for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
        codeOf(() => each.again(bytes));
      },
    );
    fc.assert(check, { numRuns: 600 });
    const noise = fc.property(fc.constantFrom(...forms), fc.uint8Array({ maxLength: 200 }), (each, bytes) => {
      codeOf(() => each.again(bytes));
      codeOf(() => each.again(Uint8Array.of(1, ...bytes)));
    });
    fc.assert(noise, { numRuns: 600 });
  });

  it("stm/encoding-strict: trailing bytes, unknown members, wrong types and lengths are refused", () => {
    for (const each of forms.filter(({ name }) => !name.includes("JSON"))) {
      expect(
        codeOf(() => each.again(Uint8Array.of(...each.bytes, 0))),
        each.name,
      ).to.equal("stm/malformed");
    }
    const good = json.aggregateKeyToJson(key);
    const bad = [
      good.replace("}", ',"more":1}'),
      good.replace('"hasher":null', '"hasher":0'),
      good.replace(/"total_stake":[0-9]+/, '"total_stake":"1"'),
      good.replace(/"total_stake":[0-9]+/, '"total_stake":18446744073709551616'),
      good.replace(/"total_stake":[0-9]+/, '"total_stake":-1'),
      good.replace(/"total_stake":[0-9]+/, '"total_stake":1.5'),
      good.replace('"root":[', '"root":[1,'),
      good.replace(/"root":\[[0-9]+/, '"root":[256'),
      `${good}{}`,
      "[]",
    ];
    for (const document of bad)
      expect(
        codeOf(() => json.aggregateKeyFromJson(document)),
        document,
      ).to.equal("stm/malformed");
    expect(codeOf(() => json.aggregateKeyFromHex("7b7"))).to.equal("stm/malformed");
    expect(codeOf(() => json.aggregateKeyFromHex("fffe"))).to.equal("stm/malformed");
  });

  it("stm/encoding-counts-not-believed: a huge count in a short text allocates nothing", () => {
    const huge = new Uint8Array(16).fill(0x0f);
    for (const read of [legacy.proofFromLegacy, legacy.singleSignatureFromLegacy, legacy.treeFromLegacy]) {
      expect(codeOf(() => read(huge))).to.equal("stm/malformed");
    }
    expect(codeOf(() => decodeCbor(Uint8Array.of(0x9b, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0xff)))).to.equal(
      "stm/malformed",
    );
  });

  it("stm/cbor-shortest: longer spellings, repeated members, other types and deep nesting are refused", () => {
    const bad = [
      [0x18, 0x17],
      [0x19, 0, 0xff],
      [0x1a, 0, 0, 0xff, 0xff],
      [0x41, 0],
      [0x20],
      [0xf5],
      [0x9f, 0xff],
      [0xbf],
      [],
    ];
    for (const bytes of bad) expect(codeOf(() => decodeCbor(Uint8Array.from(bytes)))).to.equal("stm/malformed");
    const twice = new CborMap([
      ["a", 1],
      ["a", 2],
    ]);
    expect(codeOf(() => decodeCbor(encodeCbor(twice)))).to.equal("stm/malformed");
    expect(codeOf(() => decodeCbor(new Uint8Array(50).fill(0x81)))).to.equal("stm/malformed");
    for (const value of [0, 23, 24, 255, 256, 65535, 65536, 2 ** 32, 2n ** 64n - 1n]) {
      expect(decodeCbor(encodeCbor(value))).to.equal(value);
    }
  });

  it("stm/wide-stakes: 64-bit stakes keep every digit, quoted nowhere", () => {
    const written = json.proofToJson(proof);
    const stakes = proof.signatures.map((each) => each.party.stake);
    expect(stakes.some((stake) => stake > 2n ** 53n)).to.equal(true);
    for (const stake of stakes) expect(written).to.include(`],${stake}]`);
    expect(json.proofFromJson(written).signatures.map((each) => each.party.stake)).to.deep.equal(stakes);
    expect(json.parametersToJson({ k: 1n, m: 2n, phiF: 1 })).to.equal('{"m":2,"k":1,"phi_f":1.0}');
  });

  it("stm/signing-key-json: a signing key survives its JSON", () => {
    const again = json.signingKeyFromJson(json.signingKeyToJson(keyOf(1)));
    expect(toHex(again.toBytes())).to.equal(toHex(keyOf(1).toBytes()));
    expect(() => json.signingKeyFromJson("[1,2]")).to.throw(StmError);
  });
});
