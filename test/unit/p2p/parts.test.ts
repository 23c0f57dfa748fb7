import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import type { SignatureMessage } from "../../../src/nodes/protocol/signature-message.js";
import { PeerBudget } from "../../../src/p2p/budget.js";
import { loadIdentity } from "../../../src/p2p/identity.js";
import { Offenders } from "../../../src/p2p/offenders.js";
import { digestOf, SignaturePool } from "../../../src/p2p/pool.js";
import { redialDelay } from "../../../src/p2p/redial.js";
import { decodeSignature, encodeSignature } from "../../../src/p2p/wire.js";

const signature = (changes: Partial<SignatureMessage> = {}, indexes = [3, 1]): SignatureMessage => ({
  epoch: 3n,
  entity: "stake-distribution-3",
  message: "ab".repeat(32),
  steward: `0x${"01".repeat(20)}`,
  signature: { sigma: Buffer.alloc(48, 7), indexes, signerIndex: 2 },
  software: "1.0.0",
  ...changes,
});

describe("the parts of gossip", () => {
  it("gossip/wire: reads what it writes, and nothing longer than its bound", () => {
    const bytes = encodeSignature(signature());
    expect(decodeSignature(bytes, bytes.length)).to.deep.equal(signature());
    expect(() => decodeSignature(bytes, bytes.length - 1))
      .to.throw()
      .with.property("code", "nodes/invalid-message");
  });

  describe("the pool", () => {
    it("gossip/united: unites the indices of one signature, whichever came first", () => {
      const pool = new SignaturePool();
      pool.add(signature({}, [3]));
      expect(pool.has(signature({}, [3]))).to.equal(true);
      expect(pool.has(signature({}, [3, 1]))).to.equal(false);
      pool.add(signature({}, [1]));
      expect(pool.has(signature({}, [3, 1]))).to.equal(true);
      const [entry] = pool.entries();
      expect(entry!.signature.signature.indexes).to.deep.equal([1, 3]);
      expect(entry!.digest).to.equal(digestOf(encodeSignature(signature({}, [1, 3]))));
    });

    it("takes another σ, or another signer's number, for another signature", () => {
      const pool = new SignaturePool();
      pool.add(signature());
      const { sigma, indexes } = signature().signature;
      expect(pool.has(signature({ signature: { sigma, indexes, signerIndex: 1 } }))).to.equal(false);
      const other = { sigma: Buffer.alloc(48, 8), indexes, signerIndex: 2 };
      expect(pool.has(signature({ signature: other }))).to.equal(false);
    });

    it("gossip/pool-bounds: keeps a bounded number of messages of a steward, and of names of a message", () => {
      const pool = new SignaturePool({ messages: 2, names: 3 });
      const named = (block: number) => pool.add(signature({ entity: `scores-3-${block}-1` }));
      expect([10, 20, 30, 40].map(named)).to.deep.equal([true, true, true, false]);
      expect(named(10), "one that is there").to.equal(true);
      const about = (byte: string, steward = "01") =>
        pool.add(signature({ message: byte.repeat(32), steward: `0x${steward.repeat(20)}` }));
      expect(["cd", "ef"].map((byte) => about(byte))).to.deep.equal([true, false]);
      expect(about("ef", "02"), "another steward").to.equal(true);
      expect(pool.size).to.equal(5);
    });

    it("makes room when an epoch is over", () => {
      const pool = new SignaturePool({ messages: 1, names: 1 });
      const next = signature({ epoch: 4n, entity: "stake-distribution-4" });
      pool.add(signature());
      pool.add(next);
      pool.keepOnly(4n);
      expect(pool.entries().map((entry) => entry.signature)).to.deep.equal([next]);
      pool.keepOnly(3n);
      expect(pool.add(signature())).to.equal(true);
    });
  });

  it("gossip/budget: gives each peer a budget that refills", () => {
    let now = 0;
    const budget = new PeerBudget(2, 10, { now: () => now });
    const spend = (peer: string) => budget.spend(peer);
    expect([spend("a"), spend("a"), spend("a"), spend("b")]).to.deep.equal([true, true, false, true]);
    now = 4_999;
    budget.tidy();
    expect(spend("a")).to.equal(false);
    now = 5_001;
    expect([spend("a"), spend("a")]).to.deep.equal([true, false]);
  });

  it("gossip/offenders: avoids whom three faults in ten minutes gave away, for ten minutes", () => {
    let now = 0;
    const offenders = new Offenders({ now: () => now });
    expect([offenders.note("a"), offenders.note("a")]).to.deep.equal([false, false]);
    now = 600_001;
    expect([1, 2, 3, 4].map(() => offenders.note("a"))).to.deep.equal([false, false, true, false]);
    expect([offenders.isBanned("a"), offenders.isBanned("b")]).to.deep.equal([true, false]);
    now = 1_200_002;
    expect(offenders.isBanned("a")).to.equal(false);
  });

  it("gossip/backoff: waits longer with each failure, a minute at most, not all nodes at once", () => {
    expect([0, 1, 2, 10, 1_000].map((failures) => redialDelay(1_000, failures, 1))).to.deep.equal([
      1_000, 2_000, 4_000, 60_000, 60_000,
    ]);
    expect(redialDelay(1_000, 2, 0)).to.equal(2_000);
  });

  describe("the identity", () => {
    let folder: string;
    beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "identity-"))));
    afterEach(() => rm(folder, { recursive: true }));

    it("gossip/identity: is made once, for its owner's eyes, and stays", async () => {
      const file = path.join(folder, "deep", "identity.key");
      const made = await loadIdentity(file);
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
      expect((await loadIdentity(file)).equals(made)).to.equal(true);
    });

    it("gossip/identity-refused: is refused when others may read it, or when it is none", async () => {
      const file = path.join(folder, "identity.key");
      await loadIdentity(file);
      await chmod(file, 0o640);
      const open = await loadIdentity(file).catch((error: Error) => error);
      expect(open).to.include({ code: "p2p/bad-key" });
      await chmod(file, 0o600);
      await writeFile(file, "not a key");
      expect(await loadIdentity(file).catch((error: Error) => error)).to.include({ code: "p2p/bad-key" });
      const unreadable = await loadIdentity(folder).catch((error: Error) => error);
      expect(unreadable).to.include({ code: "p2p/bad-key" });
    });
  });
});
