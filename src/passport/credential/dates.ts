const ISO = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;

/** 90 days, the ecosystem's lifetime of a stamp, in seconds. */
export const STAMP_LIFETIME = 7_776_000;

/**
 * A credential's date as whole seconds since the epoch, cut down: contracts know no milliseconds, and a stamp must not
 * outlive on one side what it does on the other. `undefined` for any spelling but `2024-01-16T23:18:51.641Z`.
 */
export function parseInstant(text: string): number | undefined {
  if (!ISO.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  // Date.parse rolls 31 February over; the round trip does not.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text) return undefined;
  return Math.floor(milliseconds / 1000);
}

/** Seconds since the epoch in a credential's spelling. */
export const formatInstant = (seconds: number): string => new Date(seconds * 1000).toISOString();
