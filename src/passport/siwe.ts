// Sign-In with Ethereum (EIP-4361): the message, read strictly. Every line has its place; a message that could be read in two ways
// is refused, because the wallet showed its owner one of them.
import { getAddress } from "ethers";

import { DomainError } from "../shared/errors.js";

export interface SiweMessage {
  readonly domain: string;
  /** EIP-55. */
  readonly address: string;
  readonly statement: string | null;
  readonly uri: string;
  readonly chainId: number;
  readonly nonce: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly expirationTime: number | null;
  readonly notBefore: number | null;
  readonly requestId: string | null;
  readonly resources: readonly string[];
}

export type SiweErrorCode =
  /** The text is no EIP-4361 message. */
  | "siwe/malformed"
  /** It was signed for another site. */
  | "siwe/wrong-domain"
  /** It names another chain than those that are allowed. */
  | "siwe/wrong-chain"
  /** It is not valid yet, or no longer. */
  | "siwe/expired"
  /** Its account did not sign it. */
  | "siwe/bad-signature"
  /** Its nonce is not ours, was used, or is too old. */
  | "siwe/nonce";

const MAX_LENGTH = 4096;
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const HEAD = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^\s/?#@]+) wants you to sign in with your Ethereum account:$/;
const STATEMENT = /^[ -~]+$/;
const URI = /^[a-zA-Z][a-zA-Z0-9+.-]*:[!-~]+$/;

const fail = (problem: string): never => {
  throw new DomainError<SiweErrorCode>("siwe/malformed", `the message is not EIP-4361: ${problem}`);
};

/** Reads lines one after another; who asks for the next one says what it must begin with. */
class Lines {
  readonly #lines: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#lines = text.split("\n");
  }

  get atEnd(): boolean {
    return this.#next === this.#lines.length;
  }

  next(): string {
    return this.#lines[this.#next++] ?? fail("it ends early");
  }

  peek(): string | undefined {
    return this.#lines[this.#next];
  }

  field(name: string, form: RegExp): string {
    return this.optional(name, form) ?? fail(`${name} is missing or not in its place`);
  }

  optional(name: string, form: RegExp): string | null {
    const start = `${name}: `;
    if (this.peek()?.startsWith(start) !== true) return null;
    const value = this.next().slice(start.length);
    return form.test(value) ? value : fail(`${name} has the wrong form`);
  }
}

function time(text: string): number;
function time(text: string | null): number | null;
function time(text: string | null): number | null {
  if (text === null) return null;
  const value = Date.parse(text);
  return Number.isNaN(value) ? fail("a time that is none") : value;
}

function readAddress(text: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return fail("the account is no address");
  try {
    // Throws for a wrong checksum; lower case has none and the standard wants one.
    if (getAddress(text) === text) return text;
  } catch {
    // Said below.
  }
  return fail("the account has no EIP-55 checksum");
}

/** Parses a message; throws `siwe/malformed`. */
export function parseSiwe(text: string): SiweMessage {
  if (text.length > MAX_LENGTH) fail("it is too long");
  const lines = new Lines(text);
  const domain = HEAD.exec(lines.next())?.[1] ?? fail("the first line names no site");
  const address = readAddress(lines.next());
  if (lines.next() !== "") fail("an empty line after the account is missing");
  let statement: string | null = null;
  if (lines.peek() !== "") {
    statement = lines.next();
    if (!STATEMENT.test(statement)) fail("the statement is not one line of ASCII");
  }
  if (lines.next() !== "") fail("an empty line before the fields is missing");
  const uri = lines.field("URI", URI);
  lines.field("Version", /^1$/);
  const chainId = Number(lines.field("Chain ID", /^[1-9][0-9]{0,14}$/));
  const nonce = lines.field("Nonce", /^[a-zA-Z0-9]{8,128}$/);
  const issuedAt = time(lines.field("Issued At", DATE));
  const expirationTime = time(lines.optional("Expiration Time", DATE));
  const notBefore = time(lines.optional("Not Before", DATE));
  const requestId = lines.optional("Request ID", /^[!-~]*$/);
  const resources: string[] = [];
  if (lines.peek() === "Resources:") {
    for (lines.next(); !lines.atEnd;) {
      const line = lines.next();
      if (!line.startsWith("- ") || !URI.test(line.slice(2))) fail("a resource is no URI");
      resources.push(line.slice(2));
    }
  }
  if (!lines.atEnd) fail("it goes on after its end");
  return {
    domain,
    address,
    statement,
    uri,
    chainId,
    nonce,
    issuedAt,
    expirationTime,
    notBefore,
    requestId,
    resources,
  };
}

/** What may be signed in to. */
export interface SiweRules {
  /** Hosts with their port, exactly as they appear in a message. */
  readonly domains: readonly string[];
  /** Empty allows every chain. */
  readonly chainIds: readonly number[];
  /** Milliseconds that a message may be old when it does not say itself. */
  readonly maxAge: number;
}

const SKEW = 60_000;

/** Checks everything but signature and nonce, at `now` in milliseconds. Throws a `siwe/…` error. */
export function checkSiwe(message: SiweMessage, rules: SiweRules, now: number): void {
  const refuse = (code: SiweErrorCode, problem: string): never => {
    throw new DomainError<SiweErrorCode>(code, problem);
  };
  if (!rules.domains.includes(message.domain)) refuse("siwe/wrong-domain", `the message is for ${message.domain}`);
  // The wallet compares the domain with the site; a URI elsewhere would be a signature for somebody else.
  const host = URL.canParse(message.uri) ? new URL(message.uri).host : "";
  if (host !== message.domain) refuse("siwe/wrong-domain", "the URI leads to another site");
  if (rules.chainIds.length > 0 && !rules.chainIds.includes(message.chainId)) {
    refuse("siwe/wrong-chain", `chain ${message.chainId} is not used here`);
  }
  const { issuedAt, expirationTime, notBefore } = message;
  if (issuedAt > now + SKEW) refuse("siwe/expired", "the message was issued in the future");
  if (now >= issuedAt + rules.maxAge) refuse("siwe/expired", "the message is too old");
  if (expirationTime !== null && now >= expirationTime) refuse("siwe/expired", "the message has expired");
  if (notBefore !== null && now < notBefore) refuse("siwe/expired", "the message is not valid yet");
}

/** A message as {@link parseSiwe} reads it, for callers without a wallet that makes their own. */
export function writeSiwe(message: {
  readonly domain: string;
  /** EIP-55. */
  readonly address: string;
  readonly chainId: bigint;
  readonly nonce: string;
  readonly issuedAt: Date;
}): string {
  const { domain, address, chainId, nonce, issuedAt } = message;
  return [
    `${domain} wants you to sign in with your Ethereum account:`,
    address,
    "",
    "",
    `URI: https://${domain}`,
    "Version: 1",
    `Chain ID: ${chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt.toISOString()}`,
  ].join("\n");
}
