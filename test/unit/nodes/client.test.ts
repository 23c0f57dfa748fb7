import { expect } from "chai";

import { ClientError } from "../../../src/nodes/client/errors.js";
import { findCertifiedSnapshot } from "../../../src/nodes/client/certified-snapshot.js";
import { compareWithRegistry } from "../../../src/nodes/client/compare-registry.js";
import { fileSource, readCertificateFile } from "../../../src/nodes/client/file-source.js";
import { describeReport } from "../../../src/nodes/client/report.js";
import { trustedChain, verifyFromAny, verifySource } from "../../../src/nodes/client/verify-source.js";
import { listAll, walkBack } from "../../../src/nodes/client/walk.js";
import { makeCertificate, type Certificate } from "../../../src/certificates/certificate.js";
import { certificateToJson } from "../../../src/certificates/certificate-json.js";
import { named } from "../../support/nodes/fake-chain.js";
import { network } from "../../support/nodes/network.js";
import { conspire, runToEpoch, sourceOf, tampered, TestSource } from "../../support/nodes/sources.js";

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof ClientError ? error.code : String(error)),
  );

describe("a client of aggregators that nobody trusts", () => {
  const all = network({ aggregators: 2 });
  const { chain } = all;
  const honest = sourceOf(all);
  before(() => runToEpoch(all, 6n));

  const trusted = () => trustedChain(chain);
  const of = (certificates: () => readonly Certificate[], name = "a liar") => new TestSource(name, certificates);
  const newest = (kind: "scores" | "stake-distribution", epoch?: bigint): Certificate => {
    const found = honest
      .certificates()
      .filter(({ content }) => content.kind === "multisignature" && content.entity.kind === kind)
      .filter((certificate) => epoch === undefined || certificate.epoch === epoch);
    return found.at(-1)!;
  };

  it("certificates/client-walks-to-the-anchor: verifies everything that an aggregator has, over its pages", async () => {
    const { report } = await verifySource(honest, await trusted());
    expect(report).to.include({ ok: true, broken: 0, count: honest.certificates().length });
    expect(report.count).to.be.greaterThan(8);
    expect(report.certificates[0]).to.include({ subject: "genesis 1", ok: true });
    expect(report.certificates.at(-1)?.signers).to.be.greaterThan(0);
    expect(describeReport(report).at(-1)).to.equal("verdict: ok");
  });

  it("certificates/client-walks-to-the-anchor: walks from one certificate back to the anchor, one epoch at a step", async () => {
    const { hash } = newest("scores");
    const { report, certificates } = await verifySource(honest, await trusted(), { hash });
    expect(report.ok).to.equal(true);
    expect(certificates.at(-1)?.hash).to.equal(hash);
    expect(certificates.map(({ epoch }) => epoch)).to.deep.equal([3n, 3n, 4n, 5n, 6n, 6n]);
  });

  it("certificates/client-lies-are-named: each kind of lie fails, and says which", async () => {
    const good = honest.certificates();
    const { content } = newest("scores");
    if (content.kind !== "multisignature" || content.message.scores === undefined) throw new Error("no scores");
    const last = newest("scores");
    const without = (left: Certificate) => good.filter((one) => one !== left);
    const replaced = (by: Certificate) => good.map((one) => (one === last ? by : one));
    const scores = { ...content.message.scores, scoresRoot: named("mine") };
    const middle = newest("stake-distribution", 4n);
    const lies: readonly [what: string, certificates: readonly Certificate[], failed: string][] = [
      ["another root under its hash", replaced({ ...tampered(last, { scores }), hash: last.hash }), "hash"],
      ["another root", replaced(tampered(last, { scores })), "multisignature"],
      [
        "another registry",
        replaced(tampered(last, { registry: { chainId: 1n, address: chain.registry.address } })),
        "registry",
      ],
      ["a certificate left out", without(middle), "predecessor"],
      ["no genesis", good.slice(1), "predecessor"],
      ["a genesis of its own", [makeCertificate({ ...good[0]!, content: { kind: "genesis", anchor: 2 } })], "genesis"],
    ];
    for (const [what, certificates, failed] of lies) {
      const { report } = await verifySource(
        of(() => certificates),
        await trusted(),
      );
      expect(report.ok, what).to.equal(false);
      const checks = report.certificates.flatMap((one) => one.failed.map(({ name }) => name));
      expect(checks, what).to.include(failed);
      expect(describeReport(report).at(-1)).to.equal("verdict: FAILED");
    }
  });

  it("certificates/client-lies-are-named: nothing at all is no verdict of good", async () => {
    expect(
      (
        await verifySource(
          of(() => []),
          await trusted(),
        )
      ).report.ok,
    ).to.equal(false);
    const { good, rejected } = await verifyFromAny([honest], await trusted(), { hash: "ab".repeat(32) });
    expect(good).to.equal(undefined);
    expect(rejected[0]?.reason).to.equal("it has no such certificate");
  });

  it("certificates/client-bad-source-is-passed-over: a bad aggregator is named, and the next one is heard", async () => {
    const silent = of(() => [], "a silent one");
    silent.down = true;
    const liar = of(() => honest.certificates().slice(1));
    const { good, rejected } = await verifyFromAny([silent, liar, honest], await trusted());
    expect(good?.source.name).to.equal(honest.name);
    expect(rejected.map(({ source }) => source)).to.deep.equal(["a silent one", "a liar"]);
    expect(rejected[1]?.reason).to.match(/^its certificate [0-9a-f]{64} fails: unanchored/);
  });

  it("certificates/client-is-bounded: circles, pages without end, and other certificates than those that were asked for", async () => {
    const [a, b] = honest.certificates().slice(1) as [Certificate, Certificate];
    const circle = [
      { ...a, previousHash: b.hash },
      { ...b, previousHash: a.hash },
    ];
    expect(
      await walkBack(
        of(() => circle),
        a.hash,
      ),
    ).to.have.length(2);
    expect(
      (
        await verifySource(
          of(() => circle),
          await trusted(),
          { hash: a.hash },
        )
      ).report.ok,
    ).to.equal(false);
    expect(await codeOf(walkBack(honest, newest("scores").hash, undefined, 3))).to.equal("client/malformed-answer");
    expect(await codeOf(listAll(honest, undefined, 3))).to.equal("client/malformed-answer");
    const endless = of(() => []);
    endless.list = () => Promise.resolve({ items: [], next: "7" });
    expect(await codeOf(listAll(endless))).to.equal("client/malformed-answer");
    const again = of(honest.certificates);
    again.list = () => honest.list();
    expect(await codeOf(listAll(again))).to.equal("client/malformed-answer");
    const other = of(honest.certificates);
    other.certificate = () => Promise.resolve(a);
    expect(await codeOf(walkBack(other, b.hash))).to.equal("client/malformed-answer");
    const listed = of(honest.certificates);
    listed.certificate = () => Promise.resolve(undefined);
    expect(await codeOf(verifySource(listed, await trusted()))).to.equal("client/malformed-answer");
  });

  it("certificates/client-compares-with-the-registry: what the registry holds for an epoch decides, where it was asked for", async () => {
    const { report } = await verifySource(honest, await trusted(), { registry: chain });
    const standings = report.certificates.map(({ registry }) => registry);
    expect(new Set(standings)).to.deep.equal(new Set(["anchor", "superseded", "same"]));
    const certificate = newest("scores");
    const held = chain.certified.get(certificate.epoch)!;
    expect(compareWithRegistry(certificate, undefined)).to.equal("absent");
    expect(compareWithRegistry(certificate, { ...held, snapshotBlock: 1n })).to.equal("newer");
    const cases = [{ stakeDistributionRoot: named("x") }, { scoresRoot: named("x") }, { snapshotDigest: named("x") }];
    for (const change of cases) {
      expect(compareWithRegistry(certificate, { ...held, ...change })).to.equal("differs");
    }
    const lying = { certifiedEpoch: () => Promise.resolve({ ...held, scoresRoot: named("x") }) };
    const { good, rejected } = await verifyFromAny([honest], await trusted(), { registry: lying });
    expect(good).to.equal(undefined);
    expect(rejected[0]?.reason).to.match(/the registry holds something else/);
  });

  it("certificates/client-finds-the-certified-snapshot: the newest that verifies, of all who answer", async () => {
    const found = await findCertifiedSnapshot([honest], await trusted(), { registry: chain });
    const held = chain.certified.get(6n)!;
    expect(found).to.include({ digest: held.snapshotDigest, block: held.snapshotBlock, source: honest.name });
    const old = of(() => honest.certificates().filter(({ epoch }) => epoch < 5n), "an old one");
    const forged = of(() => {
      const like = newest("scores");
      if (like.content.kind !== "multisignature" || like.content.entity.kind !== "scores") throw new Error("no scores");
      const block = like.content.entity.block + 10n;
      const scores = { scoresRoot: named("mine"), snapshotDigest: named("mine"), snapshotBlock: block };
      const made = tampered(like, { scores });
      const { content } = made;
      if (content.kind !== "multisignature") throw new Error("no message");
      return [
        ...honest.certificates(),
        makeCertificate({ ...made, content: { ...content, entity: { ...like.content.entity, block } } }),
      ];
    });
    const best = await findCertifiedSnapshot([old, forged, honest], await trusted());
    expect(best.digest).to.equal(held.snapshotDigest);
    expect(best.rejected.map(({ source }) => source)).to.deep.equal(["a liar"]);
    expect(best.rejected[0]?.reason).to.match(/multisignature|index|signature/i);
    // Alone, an old one gives what it has; the registry knows better.
    expect((await findCertifiedSnapshot([old], await trusted())).certificate.epoch).to.equal(4n);
    const stale = findCertifiedSnapshot([old], await trusted(), { registry: chain });
    expect(await codeOf(stale)).to.equal("client/no-certificate");
  });

  it("certificates/client-finds-the-certified-snapshot: a certificate that is named has to be that one, about scores", async () => {
    const { hash } = newest("scores", 4n);
    const found = await findCertifiedSnapshot([of(() => []), honest], await trusted(), { hash });
    expect(found.certificate.hash).to.equal(hash);
    expect(found.rejected).to.have.length(1);
    const stakes = findCertifiedSnapshot([honest], await trusted(), { hash: newest("stake-distribution").hash });
    expect(await codeOf(stakes)).to.equal("client/without-scores");
    const nobody = findCertifiedSnapshot([honest], await trusted(), { hash: "00".repeat(32) });
    expect(await codeOf(nobody)).to.equal("client/no-certificate");
  });

  it("certificates/client-reads-files: one certificate, a list, or an aggregator's answer, verified like any other", async () => {
    const documents = honest.certificates().map(certificateToJson);
    const parse = (value: unknown) => readCertificateFile(JSON.parse(JSON.stringify(value)), "chain.json");
    const { report } = await verifySource(fileSource(parse(documents), "chain.json"), await trusted());
    expect(report).to.include({ ok: true, source: "chain.json" });
    expect(parse({ certificate: documents[0], onChain: "anchored" })).to.have.length(1);
    expect(parse(documents[0])).to.have.length(1);
    expect(() => parse([documents[0], documents[0]])).to.throw(/twice/);
    expect(() => parse("a text")).to.throw(/chain.json: is not a list/);
  });

  it("certificates/client-lies-are-named: two certificates that a quorum signed against each other are a fork", async () => {
    const like = newest("stake-distribution", 5n);
    const second = await conspire(all, like, { message: { nextParametersHash: "ab".repeat(32) } });
    const { report } = await verifySource(
      of(() => [...honest.certificates(), second]),
      await trusted(),
    );
    expect(report.forks).to.have.length(1);
    expect(report.ok).to.equal(false);
  });
});
