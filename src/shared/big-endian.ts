/** 8 bytes, big-endian, of an integer that fits 64 bits, signed or not. */
export function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, value));
  return bytes;
}

/** 2 bytes, big-endian. */
export const u16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value & 0xff);
