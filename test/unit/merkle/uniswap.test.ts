import { expect } from "chai";
import { keccak256, solidityPacked } from "ethers";
import fc from "fast-check";
import packedHash from "keccak256";
import { MerkleTree as LayerTree } from "merkletreejs";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { readClaimsFile } from "../../../src/merkle/formats/uniswap.js";
import { openAllocations } from "../../../src/merkle/open-allocations.js";
import { amountOf } from "../../../src/merkle/rows.js";
import { failure, failureOf } from "./support/codes.js";
import { buildIn, inFolder } from "./support/folder.js";
import { allocations, toCsv } from "./support/rows.js";

interface Claims {
  merkleRoot: string;
  tokenTotal: string;
  claims: Record<string, { index: number; amount: string; proof: string[] }>;
}

const ACCOUNTS = [
  "0x25468E86ED8eC296de39FcB798C7f212924443AB",
  "0x4C0a466DF0628FE8699051b3Ac6506653191cc21",
  "0xDE3e5a990bCE7fC60a6f017e7c4a95fc4939299E",
] as const;
const LIST = ACCOUNTS.map((account, index) => ({ userId: index, amount: BigInt(index + 1) * 100n, account }));

const claimsOf = async (out: string) => JSON.parse(await readFile(path.join(out, "claims.json"), "utf8")) as Claims;

describe("Uniswap claims files", () => {
  it("have the packed leaves, sorted, and the proofs of a layered tree over them", async () => {
    const distinct = allocations("bound", 20).filter(
      (list) => new Set(list.map(({ account }) => account)).size === list.length,
    );
    await fc.assert(
      fc.asyncProperty(distinct, (list) =>
        inFolder(async (folder) => {
          const { out, manifest } = await buildIn(folder, toCsv(list), { format: "uniswap" });
          const file = await claimsOf(out);
          const leaf = (one: (typeof list)[number]) =>
            keccak256(solidityPacked(["uint256", "address", "uint256"], [one.userId, one.account, one.amount]));
          const leaves = list.map((one) => Buffer.from(leaf(one).slice(2), "hex"));
          const reference = new LayerTree(leaves, packedHash, { sort: true });
          expect(file.merkleRoot).to.equal(reference.getHexRoot());
          expect(manifest.root).to.equal(file.merkleRoot);
          expect(BigInt(file.tokenTotal)).to.equal(list.reduce((sum, { amount }) => sum + amount, 0n));
          for (const one of list) {
            const claim = file.claims[one.account as string];
            expect(claim?.index).to.equal(one.userId);
            expect(BigInt(claim?.amount ?? 0)).to.equal(one.amount);
            expect(claim?.proof).to.deep.equal(reference.getHexProof(leaf(one)));
          }
          const read = readClaimsFile(file);
          expect(read.root).to.equal(file.merkleRoot);
          expect(read.rows.count).to.equal(list.length);
        }),
      ),
      { numRuns: 15 },
    );
  });

  it("write amounts in an even number of hex digits", () =>
    inFolder(async (folder) => {
      const { out } = await buildIn(folder, toCsv(LIST), { format: "uniswap" });
      const file = await claimsOf(out);
      expect(file.tokenTotal).to.equal("0x0258");
      expect(file.claims[ACCOUNTS[0]]?.amount).to.equal("0x64");
    }));

  it("become a list of ours when they are built from", () =>
    inFolder(async (folder) => {
      const first = await buildIn(folder, toCsv(LIST), { format: "uniswap" });
      const list = path.join(first.out, "claims.json");
      const { out } = await buildIn(folder, "", { list, out: path.join(folder, "ours") });
      const book = await openAllocations(out);
      expect(LIST.map(({ userId }) => book.find(userId))).to.deep.equal(LIST);
      await failureOf("merkle/not-servable", openAllocations(first.out));
    }));

  it("need one address in every row, and one row per address", () =>
    inFolder(async (folder) => {
      const [first] = LIST as [(typeof LIST)[number]];
      for (const list of [[{ ...first, account: null }], [first, { ...first, userId: 9 }]]) {
        await failureOf("list/format-mismatch", buildIn(folder, toCsv(list), { format: "uniswap" }));
      }
    }));

  it("are refused when anything in them is wrong", () =>
    inFolder(async (folder) => {
      const { out } = await buildIn(folder, toCsv(LIST), { format: "uniswap" });
      const good = await claimsOf(out);
      const claim = good.claims[ACCOUNTS[0]] as Claims["claims"][string];
      const withFirst = (account: string, changes: object) => ({
        ...good,
        claims: { ...good.claims, [ACCOUNTS[0]]: undefined, [account]: { ...claim, ...changes } },
      });
      const without = ({ claims, ...rest }: ReturnType<typeof withFirst>) => ({
        ...rest,
        claims: Object.fromEntries(Object.entries(claims).filter(([, one]) => one !== undefined)),
      });
      const refused = (document: unknown, code = "merkle/bad-file") => failure(code, () => readClaimsFile(document));
      refused(null);
      refused({ ...good, merkleRoot: "0x12" });
      refused({ ...good, merkleRoot: `0x${"11".repeat(32)}` });
      refused({ ...good, tokenTotal: "0x0259" });
      refused({ ...good, claims: {} });
      refused(without(withFirst(ACCOUNTS[0], { index: 4 })));
      refused(without(withFirst(ACCOUNTS[0], { index: -1 })));
      refused(without(withFirst(ACCOUNTS[0], { amount: "0x65" })));
      refused(without(withFirst(ACCOUNTS[0], { amount: "100" })));
      refused(without(withFirst(ACCOUNTS[0], { amount: 100 })));
      refused(without(withFirst(ACCOUNTS[0], { proof: undefined })));
      refused(without(withFirst(ACCOUNTS[0].replace("AB", "Ab"), {})));
      refused(without(withFirst(ACCOUNTS[0], { index: 1 })), "merkle/duplicate-leaf");
      expect(amountOf(readClaimsFile(good).rows, 0)).to.equal(100n);
    }));
});
