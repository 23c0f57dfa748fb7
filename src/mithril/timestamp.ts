const TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|\+00:00)$/;

/**
 * Nanoseconds since 1970 of an RFC 3339 time in UTC; `undefined` for anything else. The fraction is read as text, because a
 * `Date` keeps three of its nine digits, and hashes hold all of them.
 */
export function parseNanoseconds(text: string): bigint | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  // A 31 February would roll over to March.
  const date = new Date(milliseconds);
  const rolled =
    date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59;
  if (Number.isNaN(milliseconds) || rolled) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt((match[7] ?? "").padEnd(9, "0"));
}
