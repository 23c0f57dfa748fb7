import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { parseBuildRequest } from "../../../src/merkle/build-request.js";
import { openAllocations } from "../../../src/merkle/open-allocations.js";
import { verifyAllocations } from "../../../src/merkle/verify-allocations.js";
import { buildIn, inFolder } from "./support/folder.js";

// A real list of 43,469 rows is not part of this repository. TOUCHSTONE_DATA names the folder that has it.
const data = process.env.TOUCHSTONE_DATA ?? path.resolve(import.meta.dirname, "../../../../shared/data");
const file = path.join(data, "safe", "allocations.csv");

describe("a real list", () => {
  if (!existsSync(file)) {
    it("builds when it is there", () =>
      console.log(`      0 checks ran: there is no ${file} (TOUCHSTONE_DATA names its folder)`));
    return;
  }
  it("of 43,469 rows builds, verifies and has OpenZeppelin's proofs", () =>
    inFolder(async (folder) => {
      const { options } = parseBuildRequest({
        ...{ list: file, out: folder, unit: "token", columns: "amount=tokens,address=safe_address", ids: "row" },
        ...{ funding: "47037456", exclude: "", format: "standard-v1", dump: false, shards: "", shardBy: "user" },
      });
      const { out, manifest } = await buildIn(folder, "", { list: file, options });
      expect(manifest).to.include({ count: 43_469, total: String(47_037_456n * 10n ** 18n), depth: 16 });
      const { differences } = await verifyAllocations({ folder: out, list: file, exclude: [] });
      expect(differences).to.deep.equal([]);
      const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(1);
      const book = await openAllocations(out);
      let checks = 2;
      for (const [row, line] of lines.entries()) {
        const [address, tokens] = line.split(",") as [string, string];
        const one = book.find(row + 1);
        expect([one?.account?.toLowerCase(), one?.amount]).to.deep.equal([address, BigInt(tokens) * 10n ** 18n]);
        checks++;
        if (row % 400 !== 0) continue;
        const value = [BigInt(row + 1), one?.amount, address];
        const proven = StandardMerkleTree.verify(
          book.root,
          ["uint32", "uint256", "address"],
          value,
          book.proof(row + 1),
        );
        expect(proven).to.equal(true);
        checks++;
      }
      console.log(`      ${checks.toLocaleString("en")} checks ran against ${path.basename(file)}`);
    }));
});
