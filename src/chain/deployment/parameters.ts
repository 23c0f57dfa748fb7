import { getAddress } from "ethers";

import { parseDecimal, parseUnits } from "../../shared/decimal.js";
import { DomainError } from "../../shared/errors.js";

export const PARAMETERS_FORMAT = "touchstone-parameters-v1";

/** `deployment/bad-parameters`: a parameter file says something that cannot be deployed; the message names the field. */
export type ParametersErrorCode = "deployment/bad-parameters";

/** A point in time: absolute, or so many seconds after the block that the deployment starts from. */
export type Moment = { readonly at: number } | { readonly afterDeployment: number };

/** What a community decides before it deploys. Amounts are wei, durations seconds, addresses in EIP-55 form. */
export interface ProtocolParameters {
  readonly token: {
    readonly name: string;
    readonly symbol: string;
    readonly supply: bigint;
    /** Earliest first mint after the initial supply. */
    readonly mintingAllowedAfter: Moment;
  };
  /** The supply apart from the list's total; "rest" stands for whatever the list and the vester leave. */
  readonly allocation: { readonly vester: bigint; readonly treasury: bigint | "rest" };
  readonly distribution: CampaignParameters;
  readonly governor: {
    readonly name: string;
    readonly votingDelay: number;
    readonly votingPeriod: number;
    readonly proposalThreshold: bigint;
    readonly quorumPermille: number;
    readonly voteExtension: number;
  };
  readonly timelock: { readonly delay: number };
  readonly vesting: { readonly start: Moment; readonly duration: number; readonly cliff: number };
  /** Deployed by `passport deploy` and `staking deploy`, in a step of their own; null where a community has none. */
  readonly passport: PassportParameters | null;
  readonly staking: StakingParameters | null;
  /** Deployed by `certificate deploy`. */
  readonly certificates: CertificatesParameters | null;
}

/** The stewards' clock and the rules of their multisignature. */
export interface CertificatesParameters {
  /** When epoch 1 begins; relative to the protocol's deployment, so that a rerun has the same. */
  readonly genesis: Moment;
  readonly epochLength: number;
  /** Up to which epoch the first chain of certificates may begin without a proposal; 0 for none. */
  readonly firstAnchorUntil: number;
  readonly k: number;
  readonly m: number;
  readonly phiF: number;
  /** In wei. */
  readonly minimumStake: bigint;
  /** Of the supply, in thousandths. */
  readonly minimumSharePermille: number;
  /** The first era's name, and the protocol version of its nodes. */
  readonly era: string;
  readonly protocolVersion: number;
}

/** The community's own scorer in a registry of its own. */
export interface PassportParameters {
  /** Who signs the scores' roots; null until the community has decided, and nothing is deployed before. */
  readonly operator: string | null;
  readonly operatorKind: "key" | "contract";
  /** Who rotates the operator; null for the Timelock. */
  readonly manager: string | null;
  readonly maxRootAge: number;
  readonly maxLifetime: number;
  readonly minRootInterval: number;
}

/** Null is nobody for slasher and pauser, and the Timelock for the releaser. */
export interface StakingParameters {
  readonly slasher: string | null;
  readonly releaser: string | null;
  readonly pauser: string | null;
  readonly burnRecipient: string;
  readonly appealWindow: number;
}

/** What every distribution needs, the launch and later ones alike. */
export interface CampaignParameters {
  readonly start: Moment;
  readonly duration: number;
  readonly signer: string;
  readonly signerKind: "key" | "contract";
  readonly guardian: string | null;
  /** What unbound claims ask of accounts; null for nothing. */
  readonly gate: GateParameters | null;
}

/** The least score that an account needs for an unbound claim. */
export interface GateParameters {
  /** A `PassportRegistry` that exists already. */
  readonly registry: string;
  /** Plain digits: ids have 256 bits. */
  readonly scorerId: string;
  /** In units of 1e-4. */
  readonly minimum: number;
}

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
/** Longer than any sensible setting; a duration above it is a number in milliseconds. */
const YEARS_100 = 100 * 365 * DAY;
const MAX_UINT96 = 2n ** 96n - 1n;
const MAX_UINT16 = 2 ** 16 - 1;
/** One unit of stake in wei. */
const STAKE_UNIT = 10n ** 9n;

/** Parses a parameter file's text. Throws `deployment/bad-parameters` with one sentence that names the field. */
export function parseParameters(text: string): ProtocolParameters {
  const root = fields(
    parseJson(text),
    "the parameters",
    ["format", "token", "allocation", "distribution", "governor", "timelock", "vesting"],
    ["passport", "staking", "certificates"],
  );
  if (root.format !== PARAMETERS_FORMAT) throw bad("format", `must be "${PARAMETERS_FORMAT}"`);
  const token = fields(root.token, "token", ["name", "symbol", "supply", "mintingAllowedAfter"]);
  const allocation = fields(root.allocation, "allocation", ["vester", "treasury"]);
  const governor = fields(root.governor, "governor", [
    "name",
    "votingDelay",
    "votingPeriod",
    "proposalThreshold",
    "quorumPermille",
    "voteExtension",
  ]);
  const timelock = fields(root.timelock, "timelock", ["delay"]);
  const vesting = fields(root.vesting, "vesting", ["start", "duration", "cliff"]);
  const parameters: ProtocolParameters = {
    token: {
      name: words(token.name, "token.name", 64),
      symbol: words(token.symbol, "token.symbol", 16),
      supply: tokens(token.supply, "token.supply"),
      mintingAllowedAfter: moment(token.mintingAllowedAfter, "token.mintingAllowedAfter"),
    },
    allocation: {
      vester: tokens(allocation.vester, "allocation.vester"),
      treasury: allocation.treasury === "rest" ? "rest" : tokens(allocation.treasury, "allocation.treasury"),
    },
    distribution: campaign(root.distribution, "distribution"),
    governor: {
      name: words(governor.name, "governor.name", 64),
      votingDelay: seconds(governor.votingDelay, "governor.votingDelay", 0, 30 * DAY),
      votingPeriod: seconds(governor.votingPeriod, "governor.votingPeriod", MINUTE, 90 * DAY),
      proposalThreshold: tokens(governor.proposalThreshold, "governor.proposalThreshold"),
      quorumPermille: integer(governor.quorumPermille, "governor.quorumPermille", 1, 1000),
      voteExtension: seconds(governor.voteExtension, "governor.voteExtension", 0, 30 * DAY),
    },
    timelock: { delay: seconds(timelock.delay, "timelock.delay", 1, 30 * DAY) },
    vesting: {
      start: moment(vesting.start, "vesting.start"),
      duration: seconds(vesting.duration, "vesting.duration", 1),
      cliff: seconds(vesting.cliff, "vesting.cliff", 0),
    },
    passport: orNull(root.passport, "passport", passport),
    staking: orNull(root.staking, "staking", staking),
    certificates: orNull(root.certificates, "certificates", certificates),
  };
  checkTogether(parameters);
  return parameters;
}

/** Parses a campaign's file, whose only section is `distribution`, or takes that section of a whole parameter file. */
export function parseCampaignParameters(text: string): CampaignParameters {
  const document = parseJson(text);
  if (typeof document === "object" && document !== null && "token" in document) {
    return parseParameters(text).distribution;
  }
  const root = fields(document, "the parameters", ["format", "distribution"]);
  if (root.format !== PARAMETERS_FORMAT) throw bad("format", `must be "${PARAMETERS_FORMAT}"`);
  return campaign(root.distribution, "distribution");
}

function checkTogether({ token, governor, vesting }: ProtocolParameters): void {
  if (token.supply === 0n) throw bad("token.supply", "must not be zero");
  if (token.supply > MAX_UINT96) throw bad("token.supply", "does not fit the token's 96 bits");
  if (governor.proposalThreshold > token.supply) {
    throw bad("governor.proposalThreshold", "is above the supply, so nobody could ever propose");
  }
  if (governor.voteExtension > governor.votingPeriod) {
    throw bad("governor.voteExtension", "is longer than the voting period");
  }
  if (vesting.cliff > vesting.duration) throw bad("vesting.cliff", "is longer than vesting.duration");
}

function passport(value: unknown, at: string): PassportParameters {
  const section = fields(value, at, [
    "operator",
    "operatorKind",
    "manager",
    "maxRootAge",
    "maxLifetime",
    "minRootInterval",
  ]);
  const { operatorKind } = section;
  if (operatorKind !== "key" && operatorKind !== "contract") {
    throw bad(`${at}.operatorKind`, 'must be "key" or "contract"');
  }
  const maxLifetime = seconds(section.maxLifetime, `${at}.maxLifetime`, 1, 366 * DAY);
  return {
    operator: orNull(section.operator, `${at}.operator`, address),
    operatorKind,
    manager: orNull(section.manager, `${at}.manager`, address),
    maxRootAge: integer(section.maxRootAge, `${at}.maxRootAge`, 1, 65_535),
    maxLifetime,
    minRootInterval: seconds(section.minRootInterval, `${at}.minRootInterval`, 1, maxLifetime),
  };
}

function staking(value: unknown, at: string): StakingParameters {
  const section = fields(value, at, ["slasher", "releaser", "pauser", "burnRecipient", "appealWindow"]);
  const parameters = {
    slasher: orNull(section.slasher, `${at}.slasher`, address),
    releaser: orNull(section.releaser, `${at}.releaser`, address),
    pauser: orNull(section.pauser, `${at}.pauser`, address),
    burnRecipient: address(section.burnRecipient, `${at}.burnRecipient`),
    appealWindow: seconds(section.appealWindow, `${at}.appealWindow`, 30 * DAY, 180 * DAY),
  };
  if (parameters.slasher !== null && parameters.slasher === parameters.releaser) {
    throw bad(`${at}.releaser`, "must not be the slasher, who would decide the appeals against itself");
  }
  return parameters;
}

function certificates(value: unknown, at: string): CertificatesParameters {
  const section = fields(value, at, [
    ...(["genesis", "epochLength", "firstAnchorUntil", "k", "m", "phiF"] as const),
    ...(["minimumStake", "minimumSharePermille", "era", "protocolVersion"] as const),
  ]);
  const m = integer(section.m, `${at}.m`, 1, MAX_UINT16);
  const minimumStake = tokens(section.minimumStake, `${at}.minimumStake`);
  if (minimumStake === 0n || minimumStake % STAKE_UNIT !== 0n) {
    throw bad(`${at}.minimumStake`, "must be above 0, with at most nine decimals");
  }
  return {
    genesis: moment(section.genesis, `${at}.genesis`),
    epochLength: seconds(section.epochLength, `${at}.epochLength`, 4, 366 * DAY),
    firstAnchorUntil: integer(section.firstAnchorUntil, `${at}.firstAnchorUntil`, 0, MAX_UINT16),
    k: integer(section.k, `${at}.k`, 1, m),
    m,
    phiF: phi(section.phiF, `${at}.phiF`),
    minimumStake,
    minimumSharePermille: integer(section.minimumSharePermille, `${at}.minimumSharePermille`, 1, 1000),
    era: words(section.era, `${at}.era`, 31),
    protocolVersion: integer(section.protocolVersion, `${at}.protocolVersion`, 1, MAX_UINT16),
  };
}

function phi(value: unknown, at: string): number {
  const number = typeof value === "string" && /^0\.\d{1,7}$/.test(value) ? Number(value) : 0;
  if (number > 0 && number <= 0.95) return number;
  throw bad(at, 'must be a decimal text above 0 and at most 0.95, of up to seven digits, such as "0.2"');
}

/** A section or field that may be left out, or null. */
const orNull = <T>(value: unknown, at: string, parse: (value: unknown, at: string) => T): T | null =>
  value === null || value === undefined ? null : parse(value, at);

function campaign(value: unknown, at: string): CampaignParameters {
  const section = fields(value, at, ["start", "duration", "signer", "signerKind", "guardian"], ["gate"]);
  const { signerKind, guardian } = section;
  if (signerKind !== "key" && signerKind !== "contract") throw bad(`${at}.signerKind`, 'must be "key" or "contract"');
  return {
    start: moment(section.start, `${at}.start`),
    duration: seconds(section.duration, `${at}.duration`, 60 * MINUTE),
    signer: address(section.signer, `${at}.signer`),
    signerKind,
    guardian: guardian === null ? null : address(guardian, `${at}.guardian`),
    gate: orNull(section.gate, `${at}.gate`, gate),
  };
}

function gate(value: unknown, at: string): GateParameters {
  const section = fields(value, at, ["registry", "scorer", "minimum"]);
  const minimum = typeof section.minimum === "string" ? parseUnits(section.minimum, 4) : undefined;
  if (minimum === undefined || minimum === 0n || minimum >= 2n ** 32n) {
    throw bad(`${at}.minimum`, 'must be points above 0 as a decimal text, such as "20" or "20.5"');
  }
  const scorer = typeof section.scorer === "string" ? parseDecimal(section.scorer) : undefined;
  if (scorer === undefined || scorer === 0n || scorer >= 2n ** 256n) {
    throw bad(`${at}.scorer`, 'must be a scorer\'s id as a decimal text, such as "1"');
  }
  const registry = address(section.registry, `${at}.registry`);
  return { registry, scorerId: scorer.toString(), minimum: Number(minimum) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new DomainError("deployment/bad-parameters", "The parameters are not a JSON document.", {}, { cause });
  }
}

function bad(field: string, problem: string): DomainError<ParametersErrorCode> {
  return new DomainError("deployment/bad-parameters", `Parameter ${field} ${problem}.`, { field });
}

/** An object with exactly these keys, and perhaps the optional ones: a misspelt key would otherwise mean a default that nobody chose. */
function fields<Key extends string, Optional extends string = never>(
  value: unknown,
  at: string,
  keys: readonly Key[],
  optional: readonly Optional[] = [],
): Record<Key | Optional, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(at, "must be an object");
  const unknown = Object.keys(value).find((key) => ![...keys, ...optional].some((known) => known === key));
  if (unknown !== undefined) throw bad(`${at} has the unknown key "${unknown}", which`, "must be removed");
  const missing = keys.find((key) => !(key in value));
  if (missing !== undefined) throw bad(at, `lacks "${missing}"`);
  return value as Record<Key | Optional, unknown>;
}

function words(value: unknown, at: string, longest: number): string {
  if (typeof value !== "string" || value.trim() !== value || value === "")
    throw bad(at, "must be a text without margins");
  if (value.length > longest) throw bad(at, `is longer than ${longest} characters`);
  return value;
}

function tokens(value: unknown, at: string): bigint {
  const wei = typeof value === "string" ? parseUnits(value, 18) : undefined;
  if (wei === undefined) throw bad(at, 'must be whole tokens as a decimal text, such as "100000000" or "2.5"');
  return wei;
}

function integer(value: unknown, at: string, low: number, high: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) {
    throw bad(at, `must be a whole number from ${low} to ${high}`);
  }
  return value;
}

function seconds(value: unknown, at: string, low: number, high = YEARS_100): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < low || value > high) {
    throw bad(at, `must be a whole number of seconds from ${low} to ${high}`);
  }
  return value;
}

function moment(value: unknown, at: string): Moment {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) {
    const time = Date.parse(value);
    // The parser takes the 30th of February for a day in March.
    const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(value.slice(0, -1));
    if (exists) return { at: time / 1000 };
  }
  if (typeof value === "object" && value !== null) {
    const { afterDeployment } = fields(value, at, ["afterDeployment"]);
    return { afterDeployment: seconds(afterDeployment, `${at}.afterDeployment`, 0) };
  }
  throw bad(at, 'must be a time such as "2026-03-01T00:00:00Z" or {"afterDeployment": seconds}');
}

function address(value: unknown, at: string): string {
  try {
    // `getAddress` also takes 40 digits without a prefix or checksum, and ICAP: only the exact form is what was meant.
    const parsed = getAddress(value as string);
    if (parsed === value && BigInt(parsed) !== 0n) return parsed;
  } catch {
    // Falls through to the one message for everything that is no address.
  }
  throw bad(at, "must be set to an address with a valid checksum");
}
