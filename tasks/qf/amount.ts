import { FundingError } from "../../src/funding/errors.js";

/** A decimal number from 0 that was typed; `option` names it in the message. */
export function parseAmount(text: string, option: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= 0 && value < Infinity) return value;
  throw new FundingError("funding/bad-setting", `${option} is "${text}": it must be a number`);
}
