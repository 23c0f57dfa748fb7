import {
  type GenesisKey,
  isKeyText,
  isPublishedNetwork,
  parseGenesisKey,
  publishedGenesisKey,
} from "../../src/mithril/genesis-key.js";
import { readText } from "../files.js";

/** The key that `--genesis-key` gives: a network's name, the key itself, or a file that holds it. */
export async function readGenesisKey(given: string): Promise<GenesisKey> {
  if (isPublishedNetwork(given)) return publishedGenesisKey(given);
  if (isKeyText(given)) return parseGenesisKey(given, "--genesis-key");
  return parseGenesisKey(await readText(given, "The file of the genesis key"), given);
}
