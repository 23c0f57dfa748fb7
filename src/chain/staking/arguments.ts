// What people type about stakes, read into what the contract takes.
import { getAddress, hexlify, keccak256 } from "ethers";

import { DomainError } from "../../shared/errors.js";
import { parseDecimal } from "../../shared/decimal.js";

/** A stake by its two sides; a self stake has the same account twice. EIP-55 form. */
export interface StakeKey {
  readonly staker: string;
  readonly stakee: string;
}

/** A slash: a stake, and the hash of the evidence. */
export interface SlashKey extends StakeKey {
  readonly evidence: string;
}

/** `staking/bad-argument`: an option about stakes cannot be read; the message says which. */
export type StakingArgumentErrorCode = "staking/bad-argument";

const WEEK = 604_800n;

/** `0xA` is the self stake of A, `0xB:0xC` what B staked on C. */
export function parseStake(text: string): StakeKey {
  const [staker, stakee = staker, more] = text.trim().split(":");
  if (staker === undefined || stakee === undefined || more !== undefined) throw bad(`"${text}" is no stake`);
  return { staker: addressOf(staker, text), stakee: addressOf(stakee, text) };
}

/** Stakes separated by commas, each at most once. */
export function parseStakes(text: string): StakeKey[] {
  const keys = text.split(",").map(parseStake);
  const names = keys.map(({ staker, stakee }) => `${staker}:${stakee}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw bad(`${twice} is named twice`);
  return keys;
}

/** A share from 1 to 100, with or without a per cent sign. */
export function parsePercent(text: string): bigint {
  const percent = parseDecimal(text.replace(/\s?%$/, ""));
  if (percent === undefined || percent < 1n || percent > 100n)
    throw bad(`"${text}" is no share from 1 to 100 per cent`);
  return percent;
}

/** Whole weeks in seconds; the contract says how few and how many. */
export function parseWeeks(text: string): bigint {
  const weeks = parseDecimal(text);
  if (weeks === undefined) throw bad(`"${text}" is no number of weeks`);
  return weeks * WEEK;
}

/** 32 bytes of hex as they are; anything else is a file's name, whose bytes `read` returns and whose hash is taken. */
export async function evidenceHash(text: string, read: (file: string) => Promise<Uint8Array>): Promise<string> {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase();
  return keccak256(hexlify(await read(text)));
}

function addressOf(text: string, item: string): string {
  try {
    return getAddress(text);
  } catch (cause) {
    throw new DomainError<StakingArgumentErrorCode>(
      "staking/bad-argument",
      `"${item}" names no stake: write ACCOUNT, or STAKER:STAKEE.`,
      { item },
      { cause },
    );
  }
}

const bad = (problem: string) => new DomainError<StakingArgumentErrorCode>("staking/bad-argument", `${problem}.`);
