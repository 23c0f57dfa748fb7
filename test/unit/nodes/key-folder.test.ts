import { createHash } from "node:crypto";
import { chmod, link, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { decryptKey, encryptKey } from "../../../src/nodes/signer/key-file.js";
import { KeyFolder } from "../../../src/nodes/signer/key-folder.js";
import { canonicalJson } from "../../../src/shared/canonical-json.js";
import { Secret } from "../../../src/shared/secret.js";
import { SigningKey } from "../../../src/stm/keys.js";

/** Nobody guesses in a test. */
const cost = { n: 16, r: 1, p: 1 };
const passphrase = new Secret("correct horse");
const failureOf = (work: Promise<unknown>): Promise<{ code: string; fate: string; message: string }> =>
  work.then(
    () => ({ code: "none", fate: "none", message: "nothing was thrown" }),
    (error: { code: string; fate: string; message: string }) => error,
  );
const bytesOf = (key: SigningKey | undefined) => Buffer.from(key?.toBytes() ?? []).toString("hex");

describe("a signing key's file", () => {
  const key = SigningKey.fromKeyMaterial(new Uint8Array(32).fill(7));
  const randomBytes = (length: number) => new Uint8Array(length).fill(3);
  const write = () => encryptKey(key, 5n, passphrase, { cost, randomBytes });

  it("keys/round-trip: gives any key back to who has the passphrase, whatever it is written in", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        fc.string({ unit: "grapheme", minLength: 1 }),
        async (material, epoch, words) => {
          const secret = new Secret(words);
          const own = SigningKey.fromKeyMaterial(material);
          const text = await encryptKey(own, epoch, secret, { cost, randomBytes });
          expect(text).not.to.include(bytesOf(own));
          expect(bytesOf(await decryptKey(text, epoch, secret, "it"))).to.equal(bytesOf(own));
        },
      ),
      { numRuns: 20 },
    );
  });

  it("keys/wrong-passphrase: says so in a sentence without secrets, and ends the node", async () => {
    const text = await write();
    const { code, fate, message } = await failureOf(decryptKey(text, 5n, new Secret("wrong horse"), "keys/5.json"));
    expect([code, fate]).to.deep.equal(["nodes/wrong-passphrase", "stop"]);
    expect(message).to.include("keys/5.json").and.not.to.include("horse");
  });

  it("keys/damaged: no file with a changed, missing or added character is read", async () => {
    const text = await write();
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: text.length - 2 }),
        fc.constantFrom("change", "cut", "drop", "add"),
        async (at, how) => {
          const other = text[at] === "0" ? "1" : "0";
          const changed = {
            change: text.slice(0, at) + other + text.slice(at + 1),
            cut: text.slice(0, at),
            drop: text.slice(0, at) + text.slice(at + 1),
            add: text.slice(0, at) + other + text.slice(at),
          }[how];
          const { code, fate } = await failureOf(decryptKey(changed, 5n, passphrase, "it"));
          // White space is not part of what is stored, and a name of another format may be a later version's.
          if (code === "none") expect(JSON.parse(changed)).to.deep.equal(JSON.parse(text));
          else expect(["nodes/key-damaged", "nodes/store-newer"]).to.include(code);
          if (code !== "none") expect(fate).to.equal("stop");
        },
      ),
      { numRuns: 300 },
    );
  });

  it("keys/other-epoch: a file is not that of another epoch, however consistently it is rewritten", async () => {
    expect((await failureOf(decryptKey(await write(), 6n, passphrase, "it"))).code).to.equal("nodes/key-damaged");
    const { checksum: _old, ...document } = JSON.parse(await write()) as Record<string, string>;
    const moved = { ...document, registration: "6" };
    const checksum = createHash("sha256").update(canonicalJson(moved)).digest("hex");
    const { code } = await failureOf(decryptKey(JSON.stringify({ ...moved, checksum }), 6n, passphrase, "it"));
    expect(code).to.equal("nodes/wrong-passphrase");
  });

  it("keys/newer-version: a format of a later version is named", async () => {
    const text = (await write()).replace("signing-key-v1", "signing-key-v2");
    const { code, message } = await failureOf(decryptKey(text, 5n, passphrase, "it"));
    expect(code).to.equal("nodes/store-newer");
    expect(message).to.include("touchstone-signing-key-v2");
  });

  it("keys/bounded-cost: a file cannot make the process derive for hours", async () => {
    const { checksum: _old, kdf, ...rest } = JSON.parse(await write()) as Record<string, object>;
    for (const change of [{ n: 2 ** 24, r: 64 }, { n: 15 }, { p: 65 }]) {
      const document = { ...rest, kdf: { ...kdf, ...change } };
      const checksum = createHash("sha256")
        .update(canonicalJson(document as unknown as Record<string, string>))
        .digest("hex");
      const { code } = await failureOf(decryptKey(JSON.stringify({ ...document, checksum }), 5n, passphrase, "it"));
      expect(code, JSON.stringify(change)).to.equal("nodes/key-damaged");
    }
  });
});

describe("a folder of signing keys", () => {
  let folder: string;
  beforeEach(async () => {
    folder = path.join(await mkdtemp(path.join(tmpdir(), "touchstone-keys-")), "keys");
  });
  afterEach(async () => {
    await rm(path.dirname(folder), { recursive: true, force: true });
  });
  const open = (words = passphrase) => KeyFolder.open({ folder, passphrase: words, cost });

  it("keys/kept: a key survives the process, and is one for each epoch whoever asks at once", async () => {
    const keys = await open();
    expect(await keys.existing(3n)).to.equal(undefined);
    const [looked, ...made] = await Promise.all([keys.existing(3n), keys.keyFor(3n), keys.keyFor(3n), keys.keyFor(4n)]);
    expect(looked).to.equal(undefined);
    expect(bytesOf(made[0])).to.equal(bytesOf(made[1])).and.not.to.equal(bytesOf(made[2]));
    const again = await open();
    expect(bytesOf(await again.existing(3n))).to.equal(bytesOf(made[0]));
    expect(bytesOf(await again.keyFor(4n))).to.equal(bytesOf(made[2]));
  });

  it("keys/owner-only: files and folder are for their owner, and one that others can read is refused", async function () {
    if (process.platform === "win32") return; // files have no such mode there
    await (await open()).keyFor(3n);
    const file = path.join(folder, "3.json");
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    await chmod(file, 0o644);
    const { code, message } = await failureOf(open());
    expect(code).to.equal("nodes/key-damaged");
    expect(message).to.include("chmod 600");
  });

  it("keys/wrong-passphrase-at-start: is noticed when the folder is opened, not when a key is needed", async () => {
    await (await open()).keyFor(3n);
    expect((await failureOf(open(new Secret("wrong")))).code).to.equal("nodes/wrong-passphrase");
  });

  it("keys/deleted-after-use: what is spent is overwritten and gone; what is not stays", async () => {
    const keys = await open();
    for (const epoch of [1n, 2n, 3n]) await keys.keyFor(epoch);
    const file = path.join(folder, "1.json");
    const aside = path.join(path.dirname(folder), "the-same-bytes-on-disk");
    await link(file, aside);
    const before = await readFile(aside);
    await keys.deleteWhere((registration) => registration < 3n);
    expect(await readdir(folder)).to.deep.equal(["3.json"]);
    expect(await keys.existing(1n)).to.equal(undefined);
    expect(await keys.existing(3n)).not.to.equal(undefined);
    const after = await readFile(aside);
    expect(after).to.have.length(before.length);
    expect(after.equals(before)).to.equal(false);
    expect(after.toString("latin1")).not.to.include("touchstone-signing-key");
  });

  it("keys/killed-while-writing: what a killed process left half-written is no key, and in nobody's way", async () => {
    const keys = await open();
    const key = await keys.keyFor(3n);
    await writeFile(
      path.join(folder, "4.json.4711.new"),
      (await readFile(path.join(folder, "3.json"))).subarray(0, 90),
    );
    const again = await open();
    expect(await readdir(folder)).to.deep.equal(["3.json"]);
    expect(bytesOf(await again.existing(3n))).to.equal(bytesOf(key));
    expect(await again.existing(4n)).to.equal(undefined);
  });

  it("keys/swapped: a file under another epoch's name is refused", async () => {
    await (await open()).keyFor(3n);
    await rename(path.join(folder, "3.json"), path.join(folder, "4.json"));
    expect((await failureOf(open())).code).to.equal("nodes/key-damaged");
  });
});
