// How figures are written in sentences.
import type { Share } from "../sections/parts.js";

export const count = (value: number): string => Math.round(value).toLocaleString("en");

export const money = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });

export const dollars = (value: number): string => `$${money(value)}`;

/** A sum that is null of too few accounts. */
export const sum = (value: number | null, written: (value: number) => string = money): string =>
  value === null ? "not published" : written(value);

export const share = (value: number): string => {
  const hundredths = value * 100;
  return `${hundredths === 0 || hundredths >= 10 ? hundredths.toFixed(0) : hundredths.toFixed(1)} %`;
};

/** `12 % (9 % to 15 %)`; of nobody nothing can be said. */
export const withInterval = (measured: Share): string =>
  measured.share === null ? "unknown" : `${share(measured.share)} (${share(measured.low)} to ${share(measured.high)})`;

export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

export const day = (iso: string): string =>
  new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
