import { expect } from "chai";

import {
  type Certificate,
  choosePredecessor,
  genesisCertificate,
  makeCertificate,
} from "../../../src/certificates/certificate.js";
import type { CheckName } from "../../../src/certificates/check.js";
import { type TrustedChain, verifyCertificates, verifyNext } from "../../../src/certificates/verify.js";
import type { ChainVerdict } from "../../../src/certificates/verify-chain.js";
import {
  anchorAt,
  type EditUnsigned,
  makeOwnChain,
  messageOf,
  METADATA,
  REGISTRY,
  scores,
  stakes,
} from "../../support/certificate-chain.js";
import { PARAMETERS, signersOf } from "../../support/mithril-chain.js";

const ENTITIES = [stakes(20n), scores(20n), stakes(21n), scores(21n), stakes(22n)];
const TRUSTED: TrustedChain = { registry: REGISTRY, anchors: [anchorAt(1, 20n)] };

const failures = ({ verdicts }: ChainVerdict<Certificate>, place: number): CheckName[] =>
  (verdicts[place]?.checks ?? []).filter(({ outcome }) => outcome === "failed").map(({ name }) => name);

/** The certificate at `place` fails in `expected` alone when it is changed before it is signed. */
function expectOnly(place: number, expected: readonly CheckName[], edit: EditUnsigned): void {
  const chain = makeOwnChain(ENTITIES, (unsigned, at) => (at === place ? edit(unsigned, at) : unsigned));
  const verdict = verifyCertificates(chain, TRUSTED);
  expect(verdict.ok).to.equal(false);
  expect(failures(verdict, place)).to.deep.equal(expected);
}

describe("verifyCertificates", () => {
  it("certificates/chain-from-an-anchor-is-valid: in any order", () => {
    const chain = makeOwnChain(ENTITIES);
    for (const order of [chain, [...chain].reverse()]) {
      const verdict = verifyCertificates(order, TRUSTED);
      expect(verdict.verdicts.flatMap(({ checks }) => checks.filter(({ outcome }) => outcome !== "ok"))).to.deep.equal(
        [],
      );
      expect(verdict.ok).to.equal(true);
    }
    // As long as its epochs are many: the first of an epoch, however many follow it.
    const [genesis, first, , second, , third] = chain;
    expect(chain.slice(1).map(({ previousHash }) => previousHash)).to.deep.equal([
      genesis?.hash,
      genesis?.hash,
      first?.hash,
      second?.hash,
      second?.hash,
    ]);
    expect(choosePredecessor(23n, chain)?.hash).to.equal(third?.hash);
    expect(choosePredecessor(24n, chain)).to.equal(undefined);
  });

  it("certificates/anchor-has-to-be-the-registry's: number, epoch, key and parameters", () => {
    const chain = makeOwnChain(ENTITIES);
    const anchor = anchorAt(1, 20n);
    for (const other of [
      { ...anchor, number: 2 },
      { ...anchor, epoch: 21n },
      { ...anchor, aggregateKey: signersOf("strangers").registration.aggregateKey },
      { ...anchor, parametersHash: "ab".repeat(32) },
    ]) {
      const verdict = verifyCertificates(chain, { registry: REGISTRY, anchors: [other] });
      expect(failures(verdict, 0)).to.deep.equal(["genesis"]);
      expect(failures(verdict, 5)).to.deep.equal(["ancestors"]);
      expect(verdict.ok).to.equal(false);
    }
  });

  it("certificates/epochs-go-forward-one-at-a-time", () => {
    const moved =
      (epoch: bigint): EditUnsigned =>
      (unsigned) => ({
        ...unsigned,
        epoch,
        content: {
          ...unsigned.content,
          entity: stakes(epoch),
          message: { ...unsigned.content.message, currentEpoch: epoch },
        },
      });
    expectOnly(5, ["epoch-step"], moved(20n));
    expectOnly(5, ["epoch-step"], moved(23n));
  });

  it("certificates/gap-needs-an-anchor: the chain goes on from what the registry anchored", () => {
    const before = makeOwnChain(ENTITIES.slice(0, 3));
    const after = makeOwnChain([stakes(25n)], (unsigned) => unsigned).slice(1);
    // Without an anchor the certificate of epoch 25 hangs in the air.
    expect(verifyCertificates([...before, ...after], TRUSTED).ok).to.equal(false);
    const resumed = genesisCertificate(anchorAt(2, 25n), PARAMETERS, METADATA, before.at(-1)?.hash);
    const [orphan] = after;
    if (orphan === undefined) throw new Error("nothing follows the gap");
    const adopted = makeCertificate({ ...orphan, previousHash: resumed.hash });
    const chain = [...before, resumed, adopted];
    expect(verifyCertificates(chain, { ...TRUSTED, anchors: [...TRUSTED.anchors, anchorAt(2, 25n)] }).ok).to.equal(
      true,
    );
    expect(failures(verifyCertificates(chain, TRUSTED), before.length)).to.deep.equal(["genesis"]);
  });

  it("certificates/keys-and-parameters-are-those-vouched-for", () => {
    for (const place of [2, 3, 4]) {
      expectOnly(place, ["aggregate-key"], (unsigned) => ({ ...unsigned, signers: signersOf("strangers") }));
      expectOnly(place, ["parameters"], (unsigned) => ({ ...unsigned, parameters: { ...PARAMETERS, k: 3n } }));
    }
  });

  it("certificates/blocked-next-epoch-ends-the-chain", () => {
    const chain = makeOwnChain(ENTITIES, (unsigned, place) => {
      if (place !== 3) return unsigned;
      const { nextAggregateKey: _none, ...message } = unsigned.content.message;
      return { ...unsigned, content: { ...unsigned.content, message } };
    });
    const verdict = verifyCertificates(chain, TRUSTED);
    expect(failures(verdict, 3)).to.deep.equal([]);
    expect(failures(verdict, 5)).to.deep.equal(["aggregate-key"]);
    // The other certificate of that epoch names a next key: the two disagree.
    expect(verdict.ok).to.equal(false);
  });

  it("certificates/message-of-another-registry-is-refused", () => {
    for (const registry of [
      { ...REGISTRY, chainId: 1n },
      { ...REGISTRY, address: `0x${"12".repeat(20)}` },
    ]) {
      expectOnly(3, ["registry"], (unsigned) => ({
        ...unsigned,
        content: { ...unsigned.content, message: { ...unsigned.content.message, registry } },
      }));
    }
  });

  it("certificates/entity-is-what-the-message-says", () => {
    for (const entity of [scores(20n, 1n), stakes(20n), { ...scores(20n), epoch: 21n }]) {
      expectOnly(2, ["message"], (unsigned) => ({ ...unsigned, content: { ...unsigned.content, entity } }));
    }
    expectOnly(1, ["message"], (unsigned) => ({ ...unsigned, content: { ...unsigned.content, entity: scores(20n) } }));
  });

  it("certificates/current-epoch-is-signed", () => {
    expectOnly(3, ["current-epoch"], (unsigned) => ({
      ...unsigned,
      content: { ...unsigned.content, message: { ...unsigned.content.message, currentEpoch: 20n } },
    }));
  });

  it("certificates/follower-sees-what-a-whole-chain-shows: one certificate after another", () => {
    const chain = makeOwnChain(ENTITIES, (unsigned, place) =>
      place === 3 ? { ...unsigned, signers: signersOf("strangers") } : unsigned,
    );
    const { verdicts } = verifyCertificates(chain, TRUSTED);
    for (const [place, certificate] of chain.entries()) {
      const previous = chain.find(({ hash }) => hash === certificate.previousHash);
      const whole = verdicts[place]?.checks.filter(({ name }) => name !== "ancestors");
      expect(verifyNext(certificate, previous, TRUSTED)).to.deep.equal(whole);
    }
    const [genesis, first, second] = chain;
    if (first === undefined || second === undefined) throw new Error("the chain is too short");
    // A predecessor that is not the one named counts as none.
    const failed = verifyNext(second, first, TRUSTED).filter(({ outcome }) => outcome === "failed");
    expect(second.previousHash).to.equal(genesis?.hash);
    expect(failed.map(({ name }) => name)).to.deep.equal(["predecessor"]);
  });

  it("certificates/every-field-is-hashed, and the message is signed", () => {
    const [, , certificate] = makeOwnChain(ENTITIES);
    if (certificate?.content.kind !== "multisignature") throw new Error("the chain is too short");
    const { content, metadata } = certificate;
    const changed: Partial<Certificate>[] = [
      { previousHash: "12".repeat(32) },
      { epoch: 21n },
      { aggregateKey: signersOf("strangers").registration.aggregateKey },
      { parameters: { ...PARAMETERS, phiF: 0.5 } },
      { metadata: { ...metadata, protocolVersion: "2" } },
      { metadata: { ...metadata, initiatedAt: 1n } },
      { metadata: { ...metadata, sealedAt: 1n } },
      { metadata: { ...metadata, signers: [] } },
      { content: { ...content, entity: { ...scores(20n), chunk: 8n } } },
      { content: { ...content, message: messageOf(scores(20n, 5n)) } },
      { content: { ...content, proof: `${content.proof}00` } },
      { content: { kind: "genesis", anchor: 1 } },
    ];
    for (const change of changed) {
      const verdict = verifyCertificates([{ ...certificate, ...change }], TRUSTED);
      expect(failures(verdict, 0), Object.keys(change).join()).to.include("hash");
    }
    const message = { ...content.message, stakeDistributionRoot: `0x${"00".repeat(32)}` };
    const rehashed = makeCertificate({ ...certificate, content: { ...content, message } });
    expect(failures(verifyCertificates([rehashed], TRUSTED), 0)).to.deep.equal(["multisignature", "predecessor"]);
  });
});
