import path from "node:path";

import { noProgress, type Progress } from "../../shared/progress.js";
import { ListError, MerkleError } from "../errors.js";
import type { TreeFormat } from "../files/manifest.js";
import { readDump } from "../formats/standard-dump.js";
import { readClaimsFile } from "../formats/uniswap.js";
import { MAX_AMOUNT, takeRows, totalOf, type Rows } from "../rows.js";
import { sortKeys } from "../sort-words.js";
import type { ListOptions } from "./options.js";
import { readHashed, type ListFile } from "./read-list.js";

/**
 * Reads the rows out of a dump of OpenZeppelin's library or of a Uniswap claims file, after checking all of it. Its
 * amounts are wei and its ids its own, whatever the options say. Throws `merkle/bad-file` for a faulty file.
 */
export async function readImport(
  file: string,
  options: ListOptions,
  progress: Progress = noProgress,
): Promise<ListFile> {
  if (options.unit !== "wei" || options.ids !== "column") {
    throw new ListError("list/bad-option", "a .json import has ids of its own and amounts in wei");
  }
  const chunks: Buffer[] = [];
  const hash = await readHashed(file, (chunk) => chunks.push(Buffer.from(chunk)));
  progress.update("checking the imported file", 0);
  const { rows, imported } = readRows(parseJson(Buffer.concat(chunks), file));
  const total = totalOf(rows);
  if (total > MAX_AMOUNT) throw new ListError("list/total-too-large", "the sum of the amounts is above 2^96 - 1 wei");
  if (options.funding !== null && total > options.funding) {
    throw new ListError("list/over-funding", `the sum, ${total} wei, is above the funding of ${options.funding} wei`);
  }
  const fileOrder = sortKeys(rows.ids);
  const sorted = fileOrder === null ? rows : takeRows(rows, fileOrder);
  return { rows: sorted, fileOrder, total, name: path.basename(file), hash, imported };
}

function readRows(document: unknown): { rows: Rows; imported: { format: TreeFormat; root: string } } {
  if (typeof document === "object" && document !== null && "claims" in document) {
    const { rows, root } = readClaimsFile(document);
    return { rows, imported: { format: "uniswap", root } };
  }
  const { rows, root } = readDump(document);
  if (rows === null) {
    throw new MerkleError("merkle/bad-file", "a simple-v1 dump holds no amounts: build from the list itself");
  }
  return { rows, imported: { format: "standard-v1", root } };
}

function parseJson(bytes: Buffer, file: string): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new MerkleError("merkle/bad-file", `${path.basename(file)} cannot be read as JSON: ${reason}`, {}, { cause });
  }
}
