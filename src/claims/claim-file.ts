// Claim files as text: ours (touchstone-claim-v1) and the original distribution's. Every field is checked before use,
// because a file may come from anybody.
import { parseDecimal } from "../shared/decimal.js";
import { toJson } from "../shared/json.js";
import { parseAddress } from "./address.js";
import { CLAIM_FORMAT, type ClaimDocument } from "./claim-document.js";
import { ClaimError } from "./errors.js";
import { GTC_DOMAIN_NAME, type GtcClaim, type GtcDomain } from "./gtc.js";

/** The name that files of the original distribution's format carry here; as published they carry none. */
export const GTC_CLAIM_FORMAT = "gtc-claim-v1";

/** A claim of the original distribution, with what its file says of it. */
export interface GtcClaimFile {
  readonly format: typeof GTC_CLAIM_FORMAT;
  readonly domain: GtcDomain;
  readonly claim: GtcClaim;
  readonly leaf: string;
  readonly digest: string;
  readonly signature: string;
  readonly signer: string;
}

export function claimDocumentText(document: ClaimDocument): string {
  return `${toJson(document)}\n`;
}

/** Reads either format; throws `claims/invalid-file` with the name of the field that is missing or wrong. */
export function parseClaimFile(text: string): ClaimDocument | GtcClaimFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid("the file is not JSON");
  }
  const file = new Fields(parsed, "");
  const format = file.has("format") ? file.text("format") : undefined;
  if (format !== undefined && format !== GTC_CLAIM_FORMAT) return parseDocument(file);
  if (file.has("domain") && file.inner("domain").text("name") === GTC_DOMAIN_NAME) return parseGtc(file);
  throw invalid("the file is in no known claim format");
}

/** Reads a file in our own format. */
export function parseClaimDocument(text: string): ClaimDocument {
  const file = parseClaimFile(text);
  if (file.format === CLAIM_FORMAT) return file;
  throw invalid(`the file's format is not ${CLAIM_FORMAT}`);
}

function parseDocument(file: Fields): ClaimDocument {
  if (file.text("format") !== CLAIM_FORMAT) throw invalid(`the file's format is not ${CLAIM_FORMAT}`);
  const kind = file.text("kind");
  if (kind !== "bound" && kind !== "signed" && kind !== "sponsored") throw invalid("kind is unknown");
  const domain = file.inner("domain");
  const claim = file.inner("claim");
  const document: ClaimDocument = {
    format: CLAIM_FORMAT,
    kind,
    domain: {
      name: domain.text("name"),
      version: domain.text("version"),
      chainId: domain.decimal("chainId"),
      verifyingContract: domain.address("verifyingContract"),
    },
    claim: {
      userId: claim.userId("userId"),
      account: claim.address("account"),
      amount: claim.decimal("amount"),
      delegatee: claim.address("delegatee"),
      submitter: claim.address("submitter"),
      deadline: claim.decimal("deadline"),
    },
    merkleRoot: file.hex("merkleRoot", 32),
    proof: file.words("proof"),
  };
  if (kind === "bound") return document;
  const signed = {
    ...document,
    digest: file.hex("digest", 32),
    signer: file.address("signer"),
    signature: file.hex("signature"),
  };
  return kind === "signed" ? signed : { ...signed, accountSignature: file.hex("accountSignature") };
}

function parseGtc(file: Fields): GtcClaimFile {
  const domain = file.inner("domain");
  const claim = file.inner("claim");
  return {
    format: GTC_CLAIM_FORMAT,
    domain: {
      name: domain.text("name"),
      version: domain.text("version"),
      chainId: file.decimal("chainId"),
      verifyingContract: file.address("verifyingContract"),
    },
    claim: {
      userId: claim.userId("user_id"),
      account: claim.address("user_address"),
      amount: claim.decimal("user_amount"),
      delegatee: claim.address("delegate_address"),
    },
    leaf: claim.hex("leaf", 32),
    digest: file.hex("digest", 32),
    signature: file.hex("signature"),
    signer: file.text("signer"),
  };
}

/** Reads an object's fields, each with its own complaint. */
class Fields {
  readonly #fields: Record<string, unknown>;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    if (typeof value !== "object" || value === null) throw invalid(`${path || "the file"} is not an object`);
    this.#fields = value as Record<string, unknown>;
    this.#path = path;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name);
  }

  inner(name: string): Fields {
    return new Fields(this.#value(name), this.#name(name));
  }

  text(name: string): string {
    const value = this.#value(name);
    if (typeof value === "string") return value;
    throw invalid(`${this.#name(name)} is not text`);
  }

  /** A decimal string, or a number that JSON can hold exactly. */
  decimal(name: string): bigint {
    const value = this.#value(name);
    const text = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
    const parsed = typeof text === "string" ? parseDecimal(text) : undefined;
    if (parsed !== undefined && parsed < 2n ** 256n) return parsed;
    throw invalid(`${this.#name(name)} is not a whole number in decimal digits`);
  }

  userId(name: string): number {
    const value = this.decimal(name);
    if (value <= 0xffff_ffffn) return Number(value);
    throw invalid(`${this.#name(name)} is no uint32`);
  }

  address(name: string): string {
    const address = parseAddress(this.text(name));
    if (address !== undefined) return address;
    throw invalid(`${this.#name(name)} is no address with a right checksum`);
  }

  hex(name: string, bytes?: number): string {
    const value = this.text(name);
    if (/^0x([0-9a-f]{2})*$/i.test(value) && (bytes === undefined || value.length === 2 + 2 * bytes)) return value;
    throw invalid(`${this.#name(name)} is not ${bytes ?? "whole"} bytes of 0x hex`);
  }

  words(name: string): string[] {
    const value = this.#value(name);
    if (!Array.isArray(value)) throw invalid(`${this.#name(name)} is not a list`);
    const fields = new Fields(value, this.#name(name));
    return value.map((_, index) => fields.hex(String(index), 32));
  }

  #value(name: string): unknown {
    if (!this.has(name)) throw invalid(`${this.#name(name)} is missing`);
    return this.#fields[name];
  }

  #name(name: string): string {
    return this.#path === "" ? name : `${this.#path}.${name}`;
  }
}

function invalid(reason: string): ClaimError {
  return new ClaimError("claims/invalid-file", `This is no claim file: ${reason}`);
}
