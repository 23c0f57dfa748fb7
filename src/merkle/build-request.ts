import type { BuildRequest } from "./build-allocations.js";
import { ListError } from "./errors.js";
import { TREE_FORMATS, type TreeFormat } from "./files/manifest.js";
import { parseShards } from "./formats/shards.js";
import { parseListOptions, type ListOptionTexts } from "./list/options.js";

/** The texts of a command line; the empty string stands for "not given". */
export interface BuildTexts extends ListOptionTexts {
  readonly list: string;
  readonly out: string;
  readonly format: string;
  readonly exclude: string;
  readonly dump: boolean;
  readonly shards: string;
  readonly shardBy: string;
}

/** Reads a command line; throws `list/bad-option`. */
export function parseBuildRequest(texts: BuildTexts): BuildRequest {
  if (texts.out === "") throw new ListError("list/bad-option", "--out names the folder to write");
  const format = TREE_FORMATS.find((known): known is TreeFormat => known === texts.format);
  if (format === undefined) {
    throw new ListError("list/bad-option", `--format is one of ${TREE_FORMATS.join(", ")}, not "${texts.format}"`);
  }
  if (texts.dump && format !== "standard-v1") {
    throw new ListError("list/bad-option", `--dump belongs to standard-v1; ${format} writes a file of its own`);
  }
  return {
    list: texts.list,
    out: texts.out,
    options: parseListOptions(texts),
    format,
    exclude: parseFiles(texts.exclude),
    dump: texts.dump,
    shards: parseShards(texts.shards, texts.shardBy),
  };
}

/** File names separated by commas. */
export const parseFiles = (text: string): string[] => (text === "" ? [] : text.split(","));
