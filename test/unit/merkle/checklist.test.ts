import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import fc from "fast-check";
import { createHash } from "node:crypto";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

import type { Allocation } from "../../../src/merkle/allocation.js";
import type { Manifest } from "../../../src/merkle/files/manifest.js";
import { readDump } from "../../../src/merkle/formats/standard-dump.js";
import { leafOf } from "../../../src/merkle/leaf.js";
import { DEFAULT_LIST_OPTIONS } from "../../../src/merkle/list/options.js";
import { openAllocations } from "../../../src/merkle/open-allocations.js";
import { rootFromProof } from "../../../src/merkle/proof.js";
import { verifyAllocations } from "../../../src/merkle/verify-allocations.js";
import { DomainError } from "../../../src/shared/errors.js";
import { failure, failureOf } from "./support/codes.js";
import { buildIn, inFolder, listed } from "./support/folder.js";
import { tokensById, toCsv } from "./support/rows.js";

const ACCOUNT = "0x25468E86ED8eC296de39FcB798C7f212924443AB";
const MIXED = tokensById(40).map((one) => (one.userId % 2 === 0 ? one : { ...one, account: ACCOUNT }));

/** What verification finds, whether it reports or throws. */
async function problems(
  { out, list }: { out: string; list: string | null },
  exclude: string[] = [],
): Promise<string[]> {
  try {
    const { differences } = await verifyAllocations({ folder: out, list, exclude });
    return differences.map(({ file, problem }) => `${file}: ${problem}`);
  } catch (error) {
    if (error instanceof DomainError) return [error.message];
    throw error;
  }
}

/** Changes single bytes of the files; every change must be found. */
async function tamperWith(files: readonly string[], folder: { out: string; list: string | null }): Promise<void> {
  expect(await problems(folder)).to.deep.equal([]);
  const tamper = fc.tuple(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 1, max: 255 }));
  await fc.assert(
    fc.asyncProperty(tamper, async ([file, place, change]) => {
      const bytes = await readFile(file);
      const tampered = Uint8Array.from(bytes);
      tampered[place % bytes.length] = (bytes[place % bytes.length] as number) ^ change;
      await writeFile(file, tampered);
      expect(await problems(folder), `${file} at ${place % bytes.length}`).to.not.be.empty;
      await writeFile(file, bytes);
    }),
    { numRuns: 25 },
  );
}

describe("the distribution checklist, lists and trees", () => {
  it("merkle/duplicate-id: refused with both line numbers, the earlier row is not overwritten", () =>
    inFolder(async (folder) => {
      const text = "user_id,amount\n7,10\n3,10\n5,10\n3,99\n7,1\n";
      const error = await failureOf("list/duplicate-user-id", buildIn(folder, text));
      expect(error.details)
        .to.include({ line: 5, userId: 3 })
        .and.deep.include({ lines: [3, 5] });
      expect(error.message).to.include("line 5").and.include("line 3");
      expect(await listed(folder)).to.deep.equal(["list.csv"]);
    }));

  it("merkle/unknown-header: a column that the schema does not know is refused by name", () =>
    inFolder(async (folder) => {
      // The original generator's README said `amount`, its code read `total`.
      const error = await failureOf("list/unknown-header", buildIn(folder, "user_id,total\n1,10\n"));
      expect(error.details).to.include({ line: 1, column: "total" });
      await failureOf("list/unknown-header", buildIn(folder, "user_id,amount,comment\n1,10,hello\n"));
      expect(await listed(folder)).to.deep.equal(["list.csv"]);
    }));

  it("merkle/no-float-path: amounts beyond a double's precision keep every digit, floats are refused", () =>
    inFolder(async (folder) => {
      const amounts = [9208256099999000035328n, 25000000000000001930530982n, 2n ** 53n + 1n, 1n];
      const list = amounts.map((amount, index) => ({ userId: index, amount, account: null }));
      const { out, manifest } = await buildIn(folder, toCsv(list), { dump: true });
      const book = await openAllocations(out);
      expect(list.map(({ userId }) => book.find(userId)?.amount)).to.deep.equal(amounts);
      expect(manifest.total).to.equal(String(amounts.reduce((a, b) => a + b)));
      const dump = JSON.parse(await readFile(path.join(out, "standard-v1.json"), "utf8")) as {
        values: { value: string[] }[];
      };
      expect(dump.values.map(({ value }) => value[1])).to.deep.equal(amounts.map(String));
      for (const value of dump.values) (value.value as unknown[])[1] = Number(value.value[1]);
      failure("merkle/bad-file", () => readDump(dump));
      for (const amount of ["9.208256099999e21", "1.0", "1e3", "9208256099999000035328.0"]) {
        const out2 = path.join(folder, "refused");
        await failureOf("list/bad-amount", buildIn(folder, `user_id,amount\n1,${amount}\n`, { out: out2 }));
      }
    }));

  it("merkle/range-and-sum: ids within uint32, amounts above zero, the sum within uint96 and the funding", () =>
    inFolder(async (folder) => {
      const build = (text: string, funding: bigint | null = null) =>
        buildIn(folder, `user_id,amount\n${text}`, { options: { ...DEFAULT_LIST_OPTIONS, funding } });
      await failureOf("list/user-id-too-large", build("4294967296,1\n"));
      await failureOf("list/zero-amount", build("1,0\n"));
      await failureOf("list/bad-amount", build("1,-1\n"));
      await failureOf("list/amount-too-large", build(`1,${2n ** 96n}\n`));
      await failureOf("list/total-too-large", build(`1,${2n ** 96n - 1n}\n2,1\n`));
      await failureOf("list/over-funding", build("1,60\n2,41\n", 100n));
      expect(await listed(folder)).to.deep.equal(["list.csv"]);
      const { manifest } = await build(`4294967295,${2n ** 96n - 100n}\n0,99\n`, 2n ** 96n - 1n);
      expect(manifest.total).to.equal(String(2n ** 96n - 1n));
    }));

  it("merkle/verify-detects-tamper: any changed byte of tree, entries, dump, shards or list is found", () =>
    inFolder(async (folder) => {
      const built = await buildIn(folder, toCsv(MIXED), { dump: true, shards: { by: "user", digits: 1 } });
      const inside = ["tree.bin", "entries.bin", "simple-v1.json", "shards/root.json", "shards/7.json"];
      await tamperWith([...inside.map((file) => path.join(built.out, file)), built.list], built);
    }));

  it("merkle/verify-detects-tamper: any changed byte of tree and entries is found without the list", () =>
    inFolder(async (folder) => {
      const { out } = await buildIn(folder, toCsv(MIXED));
      await tamperWith(
        ["tree.bin", "entries.bin"].map((file) => path.join(out, file)),
        { out, list: null },
      );
    }));

  it("merkle/verify-detects-tamper: the manifest's sums are checked without the list", () =>
    inFolder(async (folder) => {
      const { out, manifest } = await buildIn(folder, toCsv(MIXED));
      const changes = [
        { total: "1" },
        { depth: 5 },
        { leaves: { bound: 19, unbound: 21 } },
        { root: `0x${"11".repeat(32)}` },
      ];
      for (const change of changes) {
        await writeFile(path.join(out, "manifest.json"), `${JSON.stringify({ ...manifest, ...change }, null, 2)}\n`);
        const found = await problems({ out, list: null });
        expect(found).to.have.length(1);
        expect(found[0]).to.include("manifest.json: ");
      }
    }));

  it("merkle/verify-detects-tamper: every field of the manifest is checked, and missing and foreign files are named", () =>
    inFolder(async (folder) => {
      const built = await buildIn(folder, toCsv(MIXED), { shards: { by: "user", digits: 1 } });
      const file = path.join(built.out, "manifest.json");
      const text = await readFile(file, "utf8");
      const manifest = JSON.parse(text) as Manifest;
      const word = `0x${"11".repeat(32)}`;
      const changes: Partial<Record<keyof Manifest, unknown>>[] = [
        { format: "touchstone-allocation-v2" },
        { listHash: word },
        { count: 41, leaves: { bound: 21, unbound: 20 } },
        { total: "1" },
        { root: word },
        { tree: "gtc-v1" },
        { leaves: { bound: 0, unbound: 40 } },
        { depth: 5 },
        { unit: "token" },
        { columns: { ...manifest.columns, amount: "sum" } },
        { ids: "row" },
        { excluded: [{ file: "paid.csv", hash: word, ids: 1, rows: 1 }] },
        { dump: true },
        { shards: null },
        { shards: { by: "user", digits: 2 } },
      ];
      for (const change of changes) {
        await writeFile(file, `${JSON.stringify({ ...manifest, ...change }, null, 2)}\n`);
        expect(await problems(built), JSON.stringify(change)).to.not.be.empty;
        // Only the list can tell how it was read; its hash stands in the shards too.
        const needsList = Object.keys(change).some((key) => ["unit", "columns", "ids", "excluded"].includes(key));
        const alone = await problems({ out: built.out, list: null });
        expect(alone.length === 0, `${JSON.stringify(change)} without the list`).to.equal(needsList);
      }
      await writeFile(file, text.replace("{", "{ "));
      expect(await problems(built)).to.not.be.empty;
      await writeFile(file, text);
      await appendFile(path.join(built.out, "shards", "a.json"), "\n");
      await rm(path.join(built.out, "shards", "b.json"));
      await writeFile(path.join(built.out, "notes.txt"), "");
      expect(await problems(built)).to.deep.equal([
        "shards/a.json: goes on after its end",
        "shards/b.json: missing",
        "notes.txt: no part of this list",
      ]);
    }));

  it("merkle/offline-proof-from-published-list: list and hash are enough, without our code or any service", () =>
    inFolder(async (folder) => {
      const { out, list, manifest } = await buildIn(folder, toCsv(MIXED));
      const published = await readFile(list, "utf8");
      expect(manifest.listHash).to.equal(`0x${createHash("sha256").update(published).digest("hex")}`);
      const coder = AbiCoder.defaultAbiCoder();
      const leaves = published
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => line.split(",").filter((cell) => cell !== ""))
        .map((cells) =>
          keccak256(keccak256(coder.encode(["uint32", "uint256", "address"].slice(0, cells.length), cells))),
        );
      const tree = SimpleMerkleTree.of(leaves);
      expect(tree.root).to.equal(manifest.root);
      const book = await openAllocations(out);
      leaves.forEach((leaf, row) => expect(tree.getProof(leaf)).to.deep.equal(book.proof(row + 1)));
    }));

  it("campaign/corrective-root-excludes-paid: who was paid has no leaf under the corrective root", () =>
    inFolder(async (folder) => {
      const paid = [3, 4, 17];
      const claims = path.join(folder, "claimed.csv");
      await writeFile(
        claims,
        `block,user_id,account\n${[...paid, 3, 999].map((id) => `1,${id},${ACCOUNT}\n`).join("")}`,
      );
      const first = await buildIn(folder, toCsv(MIXED));
      const corrective = await buildIn(folder, toCsv(MIXED), { out: path.join(folder, "second"), exclude: [claims] });
      const [before, after] = [await openAllocations(first.out), await openAllocations(corrective.out)];
      const proves = (one: Allocation, proof: string[], root: string) => rootFromProof(leafOf(one), proof) === root;
      for (const one of MIXED) {
        expect(proves(one, before.proof(one.userId), after.root)).to.equal(false);
        if (!paid.includes(one.userId)) {
          expect(after.find(one.userId)).to.deep.equal(one);
          expect(proves(one, after.proof(one.userId), after.root)).to.equal(true);
          continue;
        }
        expect(after.find(one.userId)).to.equal(undefined);
        failure("merkle/unknown-user", () => after.proof(one.userId));
      }
      const hash = `0x${createHash("sha256")
        .update(await readFile(claims))
        .digest("hex")}`;
      expect(corrective.manifest).to.include({ count: 37, total: String(before.total - 24n * 10n ** 18n) });
      expect(corrective.manifest.excluded).to.deep.equal([{ file: "claimed.csv", hash, ids: 4, rows: 3 }]);
      expect(await problems(corrective, [claims])).to.deep.equal([]);
      expect(await problems(corrective)).to.not.be.empty;
    }));
});
