/** The same bytes as 32-bit words of the machine: moving those costs a quarter of moving bytes. They must be aligned. */
export const wordsOf = ({ buffer, byteOffset, length }: Uint8Array): Uint32Array =>
  new Uint32Array(buffer, byteOffset, length / 4);

/** The value whose little-endian bytes are the big-endian bytes of `value`. */
export const swapBytes = (value: number): number =>
  ((value >>> 24) | ((value >>> 8) & 0xff00) | ((value & 0xff00) << 8) | (value << 24)) >>> 0;
