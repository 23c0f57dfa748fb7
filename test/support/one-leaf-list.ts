import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { AbiCoder, keccak256, sha256 } from "ethers";

import type { RatifiedList } from "../../src/chain/deployment/manifest.js";
import { TOKEN } from "./deployment-plan.js";

/** Half of the supply for one known account: its leaf is the root, and its proof is empty. */
export function oneLeafList(account: string, userId = 7, total = 50_000_000n * TOKEN): RatifiedList {
  const inner = AbiCoder.defaultAbiCoder().encode(["uint32", "uint256", "address"], [userId, total, account]);
  return { root: keccak256(keccak256(inner)), listHash: sha256(inner), count: 1, total };
}

/** A folder as `distribution build` leaves it, as far as a deployment reads it; remove it afterwards. */
export async function writeList(list: RatifiedList): Promise<{ directory: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), "touchstone-list-"));
  const manifest = { format: "touchstone-allocation-v1", ...list, total: list.total.toString() };
  await writeFile(path.join(directory, "manifest.json"), JSON.stringify(manifest));
  return { directory, remove: () => rm(directory, { recursive: true }) };
}
