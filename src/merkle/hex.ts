/** Bytes as a 0x-prefixed hex string. */
export function hex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("hex")}`;
}

/** The bytes of a 0x-prefixed string of `length` bytes; `undefined` for anything else. */
export function fromHex(text: unknown, length: number): Uint8Array | undefined {
  if (typeof text !== "string" || text.length !== 2 + 2 * length || !/^0x[0-9a-fA-F]*$/.test(text)) return undefined;
  return Buffer.from(text.slice(2), "hex");
}
