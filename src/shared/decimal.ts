// Numbers that people type. Anything but plain digits is refused, because `Number("1e21")`, `Number(" 7")` and
// `Number("0x10")` are all numbers that nobody meant.

const DIGITS = /^(0|[1-9][0-9]*)$/;

/** Parses plain decimal digits without leading zeros; `undefined` for a sign, space, point, exponent, prefix or nothing. */
export function parseDecimal(text: string): bigint | undefined {
  return DIGITS.test(text) ? BigInt(text) : undefined;
}

/** Parses an amount of whole tokens with at most `decimals` fraction digits into its smallest unit; else `undefined`. */
export function parseUnits(text: string, decimals: number): bigint | undefined {
  const match = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text);
  if (match === null) return undefined;
  const fraction = match[2] ?? "";
  if (fraction.length > decimals) return undefined;
  return BigInt(match[1] + fraction.padEnd(decimals, "0"));
}

/** Whole tokens with their fraction, trailing zeros cut: the inverse of {@link parseUnits}. */
export function formatUnits(value: bigint, decimals: number): string {
  const digits = value.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
