import type { BuildRequest } from "./build-allocations.js";
import { ListError } from "./errors.js";
import { TREE_FORMATS, type TreeFormat } from "./files/manifest.js";
import { parseListOptions, type ListOptionTexts } from "./list/options.js";

/** The texts of a command line; the empty string stands for "not given". */
export interface BuildTexts extends ListOptionTexts {
  readonly list: string;
  readonly out: string;
  readonly format: string;
  readonly exclude: string;
}

/** Reads a command line; throws `list/bad-option`. */
export function parseBuildRequest(texts: BuildTexts): BuildRequest {
  if (texts.out === "") throw new ListError("list/bad-option", "--out names the folder to write");
  const format = TREE_FORMATS.find((known): known is TreeFormat => known === texts.format);
  if (format === undefined) {
    throw new ListError("list/bad-option", `--format is one of ${TREE_FORMATS.join(", ")}, not "${texts.format}"`);
  }
  return {
    list: texts.list,
    out: texts.out,
    options: parseListOptions(texts),
    format,
    exclude: texts.exclude === "" ? [] : texts.exclude.split(","),
  };
}
