import { expect } from "chai";
import { getAddress } from "ethers";
import fc from "fast-check";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { MAX_USER_ID, type Allocation } from "../../../src/merkle/allocation.js";
import { parseBuildRequest } from "../../../src/merkle/build-request.js";
import { writeFolder } from "../../../src/merkle/files/folder.js";
import { parseShards } from "../../../src/merkle/formats/shards.js";
import { leafOf } from "../../../src/merkle/leaf.js";
import { openAllocations } from "../../../src/merkle/open-allocations.js";
import { rootFromProof } from "../../../src/merkle/proof.js";
import { proveAllocation } from "../../../src/merkle/prove-allocation.js";
import { verifyAllocations } from "../../../src/merkle/verify-allocations.js";
import { failure, failureOf } from "./support/codes.js";
import { buildIn, inFolder, listed } from "./support/folder.js";
import { allocations, tokensById, toCsv } from "./support/rows.js";

const ACCOUNTS = ["11", "1a", "2b"].map((byte) => getAddress(`0x${byte.repeat(20)}`));
const BOUND = tokensById(20).map((one) => ({ ...one, account: ACCOUNTS[one.userId % 3] as string }));

describe("a built folder", () => {
  it("serves every allocation with a proof of it, and nobody else", async () => {
    await fc.assert(
      fc.asyncProperty(allocations("mixed"), fc.integer({ min: -1, max: MAX_USER_ID + 1 }), (list, other) =>
        inFolder(async (folder) => {
          const { out, manifest } = await buildIn(folder, toCsv(list));
          const book = await openAllocations(out);
          for (const one of list) {
            expect(book.find(one.userId)).to.deep.equal(one);
            expect(rootFromProof(leafOf(one), book.proof(one.userId))).to.equal(book.root);
          }
          const bound = list.filter(({ account }) => account !== null).length;
          expect(manifest.leaves).to.deep.equal({ bound, unbound: list.length - bound });
          expect(book.total).to.equal(list.reduce((sum, { amount }) => sum + amount, 0n));
          if (list.some(({ userId }) => userId === other)) return;
          expect(book.find(other)).to.equal(undefined);
          failure("merkle/unknown-user", () => book.proof(other));
          await failureOf("merkle/unknown-user", proveAllocation(out, String(other)));
        }),
      ),
      { numRuns: 25 },
    );
  });

  it("does not know ids that are no numbers", () =>
    inFolder(async (folder) => {
      const { out } = await buildIn(folder, toCsv(tokensById(3)));
      for (const text of ["", "x", "1.0", "01", "1e0", "-1", "0x1"]) {
        await failureOf("merkle/unknown-user", proveAllocation(out, text));
      }
      expect((await proveAllocation(out, "2")).amount).to.equal(2n * 10n ** 18n);
    }));

  it("does not depend on the rows' order, except for the list's hash", () =>
    inFolder(async (folder) => {
      const first = await buildIn(folder, toCsv(BOUND));
      const second = await buildIn(folder, toCsv(BOUND.toReversed()), { out: path.join(folder, "second") });
      expect(second.manifest).to.deep.equal({ ...first.manifest, listHash: second.manifest.listHash });
      expect(second.manifest.listHash).to.not.equal(first.manifest.listHash);
      for (const file of ["tree.bin", "entries.bin"]) {
        expect(await readFile(path.join(first.out, file))).to.deep.equal(await readFile(path.join(second.out, file)));
      }
    }));

  it("is written once: the same build again changes nothing, another one is refused and leaves it alone", () =>
    inFolder(async (folder) => {
      const first = await buildIn(folder, toCsv(BOUND));
      expect(first.outcome).to.equal("written");
      expect((await buildIn(folder, toCsv(BOUND))).outcome).to.equal("unchanged");
      await failureOf("merkle/output-exists", buildIn(folder, toCsv(BOUND.slice(1))));
      await failureOf("merkle/output-exists", buildIn(folder, toCsv(BOUND), { dump: true }));
      expect(await listed(folder)).to.deep.equal(["list.csv", "out"]);
      const check = await verifyAllocations({ folder: first.out, list: null, exclude: [] });
      expect(check.differences).to.deep.equal([]);
    }));

  it("is not written over a folder or a file of somebody else, nor into nothing by a bad list", () =>
    inFolder(async (folder) => {
      await mkdir(path.join(folder, "out"));
      await writeFile(path.join(folder, "out", "thesis.txt"), "");
      await failureOf("merkle/output-exists", buildIn(folder, toCsv(BOUND)));
      const list = path.join(folder, "list.csv");
      await failureOf("merkle/output-exists", buildIn(folder, toCsv(BOUND), { out: list, list }));
      await failureOf("merkle/output-exists", buildIn(folder, toCsv(BOUND), { out: path.join(list, "out") }));
      await failureOf("list/zero-amount", buildIn(folder, "user_id,amount\n1,0\n", { out: path.join(folder, "new") }));
      await failureOf(
        "list/unreadable",
        buildIn(folder, "", { list: path.join(folder, "none.csv"), out: path.join(folder, "new") }),
      );
      expect(await listed(folder)).to.deep.equal(["list.csv", "out"]);
    }));

  it("is not left half written by a full disk or a fault of ours", () =>
    inFolder(async (folder) => {
      const out = path.join(folder, "out");
      const full = Object.assign(new Error("no space"), { code: "ENOSPC", syscall: "write" });
      await failureOf(
        "merkle/unwritable",
        writeFolder(out, () => Promise.reject(full)),
      );
      const fault = await writeFolder(out, () => Promise.reject(new Error("fault"))).catch(
        (error: Error) => error.message,
      );
      expect(fault).to.equal("fault");
      expect(await listed(folder)).to.deep.equal([]);
    }));

  it("is not opened when its files do not belong together", () =>
    inFolder(async (folder) => {
      const first = await buildIn(folder, toCsv(BOUND));
      const second = await buildIn(folder, toCsv(BOUND.slice(1)), { out: path.join(folder, "second") });
      for (const file of ["tree.bin", "entries.bin", "manifest.json"]) {
        const own = await readFile(path.join(first.out, file));
        await writeFile(path.join(first.out, file), await readFile(path.join(second.out, file)));
        await failureOf("merkle/bad-file", openAllocations(first.out));
        await writeFile(path.join(first.out, file), own.subarray(0, own.length - 3));
        await failureOf("merkle/bad-file", openAllocations(first.out));
        await writeFile(path.join(first.out, file), own);
      }
      await openAllocations(first.out);
    }));
});

describe("sharded proofs", () => {
  interface Shard {
    root: string;
    entries: Record<string, { amount: string; account?: string; proof: string[] }>;
  }
  const readShard = async (out: string, name: string) =>
    JSON.parse(await readFile(path.join(out, "shards", `${name}.json`), "utf8")) as Shard;
  const proves = (one: Allocation, proof: string[], root: string) =>
    expect(rootFromProof(leafOf(one), proof)).to.equal(root);

  it("by user: the file is named by the id alone and holds a proof that verifies", () =>
    inFolder(async (folder) => {
      const list = tokensById(600).map((one) => (one.userId % 2 ? one : { ...one, account: ACCOUNTS[0] as string }));
      const { out, manifest } = await buildIn(folder, toCsv(list), { shards: { by: "user", digits: 2 } });
      expect(await listed(path.join(out, "shards"))).to.have.length(257);
      for (const one of list) {
        const shard = await readShard(out, (one.userId % 256).toString(16).padStart(2, "0"));
        const entry = shard.entries[String(one.userId)];
        expect(shard.root).to.equal(manifest.root);
        expect([entry?.amount, entry?.account ?? null]).to.deep.equal([String(one.amount), one.account]);
        proves(one, entry?.proof ?? [], manifest.root);
      }
    }));

  it("by address: an account finds all its ids in one file", () =>
    inFolder(async (folder) => {
      const { out, manifest } = await buildIn(folder, toCsv(BOUND), { shards: { by: "address", digits: 1 } });
      let found = 0;
      for (const account of ACCOUNTS) {
        const shard = await readShard(out, account[2] as string);
        const entries = shard.entries[account] as unknown as { userId: number; amount: string; proof: string[] }[];
        for (const { userId, amount, proof } of entries) {
          proves({ userId, amount: BigInt(amount), account }, proof, manifest.root);
          found++;
        }
      }
      expect(found).to.equal(BOUND.length);
    }));

  it("by address need an address in every row", () =>
    inFolder(async (folder) => {
      const building = buildIn(folder, toCsv(tokensById(3)), { shards: { by: "address", digits: 1 } });
      await failureOf("list/format-mismatch", building);
      expect(await listed(folder)).to.deep.equal(["list.csv"]);
    }));
});

describe("parseBuildRequest", () => {
  const texts = { list: "list.csv", out: "out", unit: "wei", columns: "", ids: "column", funding: "", exclude: "" };
  const rest = { format: "standard-v1", dump: false, shards: "", shardBy: "user" };

  it("reads a command line", () => {
    const request = parseBuildRequest({
      ...texts,
      ...rest,
      exclude: "a.csv,b.csv",
      shards: "4096",
      shardBy: "address",
    });
    expect(request.exclude).to.deep.equal(["a.csv", "b.csv"]);
    expect(request.shards).to.deep.equal({ by: "address", digits: 3 });
    expect(parseShards("", "user")).to.equal(null);
  });

  for (const changes of [
    { out: "" },
    { format: "oz" },
    { shards: "100" },
    { shardBy: "name" },
    { dump: true, format: "gtc-v1" },
  ]) {
    it(`refuses ${JSON.stringify(changes)}`, () => {
      failure("list/bad-option", () => parseBuildRequest({ ...texts, ...rest, ...changes }));
    });
  }
});
