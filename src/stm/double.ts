/** The exact value of a finite double above zero as numerator / denominator, the denominator a power of two. */
export function exactDouble(value: number): { readonly numerator: bigint; readonly denominator: bigint } {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${value} is no finite number above zero`);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const word = view.getBigUint64(0);
  const biased = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const numerator = biased === 0 ? fraction : fraction | (1n << 52n);
  const exponent = Math.max(biased, 1) - 1075;
  return exponent >= 0
    ? { numerator: numerator << BigInt(exponent), denominator: 1n }
    : { numerator, denominator: 1n << BigInt(-exponent) };
}
