import { keccak } from "../shared/keccak.js";

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/**
 * The EIP-55 form of an address, or `undefined`: a mixed-case address must carry its right checksum, an address in one
 * case carries none.
 */
export function parseAddress(text: string): string | undefined {
  if (!ADDRESS.test(text)) return undefined;
  const plain = text.slice(2);
  const lower = plain.toLowerCase();
  const hash = Buffer.from(keccak(Buffer.from(lower, "ascii"))).toString("hex");
  let checked = "0x";
  for (let index = 0; index < 40; index += 1) {
    const letter = lower.charAt(index);
    checked += hash.charCodeAt(index) >= 0x38 ? letter.toUpperCase() : letter; // "8" and above
  }
  return text === checked || plain === lower || plain === plain.toUpperCase() ? checked : undefined;
}
