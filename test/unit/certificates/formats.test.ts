import { readFileSync } from "node:fs";

import { expect } from "chai";

import { certificateFromJson, certificateToJson } from "../../../src/certificates/certificate-json.js";
import {
  certificateMessageHash,
  decodeMessage,
  encodeMessage,
  type CertificateMessage,
} from "../../../src/certificates/certificate-message.js";
import { entityKey, snapshotBlock } from "../../../src/certificates/entity.js";
import { isExpired, openMessage } from "../../../src/certificates/open-message.js";
import { fixedPhi, parametersHash } from "../../../src/certificates/parameters-hash.js";
import { buildScoresTree, scoresLeaf, type ScoresEntry } from "../../../src/certificates/scores-root.js";
import { makeOwnChain, messageOf, scores, stakes } from "../../support/certificate-chain.js";

interface EntryVector {
  readonly scorerId: string;
  readonly root: string;
  readonly issuedAt: string;
  readonly rulesHash: string;
  readonly count: string;
  readonly leaf: string;
  readonly proof: readonly string[];
}
interface Vectors {
  readonly passportRegistry: { readonly chainId: string; readonly address: string };
  readonly scoresRoots: readonly { readonly root: string; readonly entries: readonly EntryVector[] }[];
  readonly key: { readonly root: string; readonly leaves: number; readonly totalStake: string };
  readonly registry: { readonly chainId: string; readonly address: string };
  readonly parameters: { readonly k: string; readonly m: string; readonly phiF: number; readonly hash: string };
  readonly messages: readonly {
    readonly epoch: string;
    readonly blocked: boolean;
    readonly parts: Readonly<Record<string, string>>;
    readonly hash: string;
  }[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/certificates.json", import.meta.url), "utf8"),
) as Vectors;
const { passportRegistry } = vectors;
const entryOf = ({ scorerId, root, issuedAt, rulesHash, count }: EntryVector): ScoresEntry => ({
  registry: { chainId: BigInt(passportRegistry.chainId), address: passportRegistry.address },
  scorerId: BigInt(scorerId),
  root,
  issuedAt: BigInt(issuedAt),
  rulesHash,
  count: BigInt(count),
});

describe("the scores root", () => {
  it("certificates/scores-root-golden: leaves, roots and proofs of the vectors that Solidity reads too", () => {
    for (const { root, entries } of vectors.scoresRoots) {
      const tree = buildScoresTree(entries.map(entryOf));
      expect(tree.root).to.equal(root);
      for (const vector of entries) {
        expect(Buffer.from(scoresLeaf(entryOf(vector))).toString("hex")).to.equal(vector.leaf.slice(2));
        expect(tree.proofOf(BigInt(vector.scorerId))).to.deep.equal(vector.proof);
      }
      expect(buildScoresTree(entries.map(entryOf).reverse()).root).to.equal(root);
      expect(tree.proofOf(999_999n)).to.equal(undefined);
    }
  });

  it("certificates/one-entry-per-scorer", () => {
    const [entry] = (vectors.scoresRoots[0]?.entries ?? []).map(entryOf);
    if (entry === undefined) throw new Error("the vectors are empty");
    const refused = (entries: readonly ScoresEntry[], code: string) =>
      expect(() => buildScoresTree(entries))
        .to.throw()
        .with.property("code", code);
    refused([], "certificates/no-scorers");
    refused([entry, { ...entry, count: 9n }], "certificates/duplicate-scorer");
    for (const bad of [
      { scorerId: -1n },
      { scorerId: 2n ** 256n },
      { issuedAt: 2n ** 64n },
      { count: 2n ** 64n },
      { root: "0x12" },
      { rulesHash: entry.root.slice(2) },
      { registry: { ...entry.registry, address: "0x12" } },
      { registry: { ...entry.registry, chainId: -1n } },
    ]) {
      refused([{ ...entry, ...bad }], "certificates/bad-value");
    }
  });
});

describe("the message of a certificate", () => {
  const parsed = (parts: unknown): CertificateMessage => decodeMessage(parts, "message");

  it("certificates/message-golden: parts and hash of the vectors, with scores, without, and before a blocked epoch", () => {
    for (const { epoch, blocked, parts, hash } of vectors.messages) {
      const message = parsed(parts);
      expect(message.currentEpoch).to.equal(BigInt(epoch));
      expect(message.registry.chainId).to.equal(BigInt(vectors.registry.chainId));
      expect(message.registry.address).to.equal(vectors.registry.address.toLowerCase());
      expect(message.nextAggregateKey === undefined).to.equal(blocked);
      expect(encodeMessage(message)).to.deep.equal(parts);
      expect(certificateMessageHash(message)).to.equal(hash);
    }
    const [first] = vectors.messages;
    const key = parsed(first?.parts).nextAggregateKey;
    expect([Buffer.from(key?.root ?? []).toString("hex"), key?.leaves, key?.totalStake]).to.deep.equal([
      vectors.key.root.slice(2),
      vectors.key.leaves,
      BigInt(vectors.key.totalStake),
    ]);
  });

  it("certificates/parts-have-one-spelling: width, case, and the three of the scores together", () => {
    const parts = { ...vectors.messages[0]?.parts };
    for (const name of Object.keys(parts)) {
      const value = parts[name] ?? "";
      for (const bad of [`${value}0`, value.slice(1), "", `G${value.slice(1)}`, `0x${value.slice(2)}`, 7, undefined]) {
        const text = JSON.parse(JSON.stringify({ ...parts, [name]: bad })) as unknown;
        expect(() => parsed(text), `${name} ${bad}`)
          .to.throw(name)
          .with.property("code", "certificates/malformed");
      }
    }
    const zero = { ...parts, snapshot_block: "0".repeat(16) };
    expect(() => parsed(zero))
      .to.throw("snapshot_block")
      .with.property("code", "certificates/malformed");
    expect(() => parsed({ ...parts, weather: "00" }))
      .to.throw()
      .with.property("code", "certificates/malformed");
    expect(() => parsed({ ...parts, registry: parts.registry?.replace("a", "A") })).to.throw("registry");
  });

  it("refuses what no part can hold, instead of cutting it", () => {
    const message = messageOf(scores(20n));
    for (const bad of [
      { currentEpoch: 2n ** 64n },
      { currentEpoch: -1n },
      { stakeDistributionRoot: "0x12" },
      { nextParametersHash: "12" },
      { registry: { chainId: 2n ** 64n, address: message.registry.address } },
      { registry: { chainId: 1n, address: "0x12" } },
      {
        scores: {
          scoresRoot: message.stakeDistributionRoot,
          snapshotDigest: message.stakeDistributionRoot,
          snapshotBlock: 0n,
        },
      },
    ]) {
      expect(() => encodeMessage({ ...message, ...bad }))
        .to.throw()
        .with.property("code", "certificates/bad-value");
    }
  });
});

describe("the parameters' hash", () => {
  it("certificates/parameters-hash-golden", () => {
    const { k, m, phiF, hash } = vectors.parameters;
    expect(parametersHash({ k: BigInt(k), m: BigInt(m), phiF })).to.equal(hash.slice(2));
    expect(parametersHash({ k: 2422n, m: 20973n, phiF: 0.2 })).to.equal(
      "176001033ad0eef6cbcafbd98145f19042bb4d43198cbefd2872cbc16f51b098",
    );
    expect(fixedPhi(0.95)).to.equal(0x00f33333);
    // Half of a unit goes to the even neighbour.
    expect([0.5, 1.5, 2.5, 2.75].map((units) => fixedPhi(units / 2 ** 24))).to.deep.equal([0, 2, 2, 3]);
  });
});

describe("a certificate's document", () => {
  const chain = makeOwnChain([stakes(20n), scores(20n)]);

  it("certificates/document-reads-back: genesis, stake distribution and scores", () => {
    for (const certificate of chain) {
      const text = JSON.stringify(certificateToJson(certificate));
      expect(certificateFromJson(JSON.parse(text), "certificate")).to.deep.equal(certificate);
    }
  });

  it("certificates/malformed-documents: one sentence that names the field", () => {
    const [genesis, , signed] = chain.map(
      (certificate) => JSON.parse(JSON.stringify(certificateToJson(certificate))) as Record<string, unknown>,
    );
    const refused = (value: unknown, field: string) =>
      expect(() => certificateFromJson(value, "c"), field)
        .to.throw(field)
        .with.property("code", "certificates/malformed");
    for (const name of Object.keys(signed ?? {})) {
      refused({ ...signed, [name]: null }, name);
      const { [name]: _gone, ...rest } = signed ?? {};
      refused(rest, name);
    }
    refused({ ...signed, weather: 1 }, "weather");
    refused({ ...signed, anchor: 1 }, "entity");
    refused({ ...genesis, multisignature: "00" }, "multisignature");
    refused({ ...signed, epoch: "18446744073709551616" }, "epoch");
    refused({ ...signed, aggregateKey: "0".repeat(96) }, "aggregateKey");
    refused({ ...signed, parameters: { k: "5", m: "3", phiF: 0.2 } }, "parameters");
    refused({ ...signed, entity: { kind: "scores", epoch: "1" } }, "entity.block");
    refused([], "c");
  });
});

describe("entities and open messages", () => {
  it("choose the same block behind the head, however far each signer sees", () => {
    expect(snapshotBlock(1_039n, 20n, 20n)).to.equal(1_000n);
    expect(snapshotBlock(1_040n, 20n, 20n)).to.equal(1_020n);
    expect(snapshotBlock(19n, 20n, 20n)).to.equal(undefined);
    expect(snapshotBlock(39n, 20n, 20n)).to.equal(undefined); // block 0 stands for no scores
    expect(snapshotBlock(40n, 20n, 20n)).to.equal(20n);
  });

  it("have one key each, and end with their time or their epoch", () => {
    const message = openMessage(scores(20n), messageOf(scores(20n)), 1_000);
    expect(message.key).to.equal("scores-20-20000-7");
    expect(entityKey(stakes(20n))).to.equal("stake-distribution-20");
    expect(isExpired(message, message.expiresAt - 1, 20n)).to.equal(false);
    expect(isExpired(message, message.expiresAt, 20n)).to.equal(true);
    expect(isExpired(message, 1_000, 21n)).to.equal(true);
  });
});
