// A stamp and its credential as bytes: what is fixed by the form, or follows from the other fields, is left out.
import { linkKey } from "../../passport/nullifiers/realm.js";
import type { CompactCredential } from "../../passport/credential/compact.js";
import type { StampForm } from "../../passport/credential/forms.js";
import type { VerifiedStamp } from "../../passport/verify.js";
import { SnapshotError } from "../errors.js";
import { malformed, type ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

const FORMS: readonly StampForm[] = ["touchstone", "nullifiers", "legacy"];
const DID = "did:ethr:";
const SUBJECT = "did:pkh:eip155:1:";
const NULLIFIER_BYTES = 32;
/** The last instant that the dates' spelling, with four digits of the year, can hold. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export function writeStamp(to: ByteWriter, stamp: VerifiedStamp): void {
  const realm = realmOf(stamp);
  to.hex(stamp.digest, 32);
  to.u8(FORMS.indexOf(stamp.form));
  to.short(stamp.provider);
  to.hex(stamp.account, 20);
  to.hex(withoutPrefix(stamp.issuer, DID), 20);
  to.u32(stamp.keyVersion);
  to.short(realm);
  to.u8(stamp.nullifiers.length);
  for (const nullifier of stamp.nullifiers) {
    const [version = "", value = ""] = split(nullifier);
    const bytes = Buffer.from(value, "base64");
    if (bytes.length !== NULLIFIER_BYTES || bytes.toString("base64") !== value) throw unsealable("a nullifier is not 32 bytes");
    to.short(version);
    to.raw(bytes);
  }
  to.u64(stamp.issuedAt);
  to.u64(stamp.expiresAt);
}

/** In the order of members that verification gives: the database holds the stamp as JSON. */
export function readStamp(from: ByteReader): VerifiedStamp {
  const digest = from.hex(32);
  const form = FORMS[from.u8()];
  if (form === undefined) throw malformed("names a form of stamps that is not known");
  const provider = from.short();
  const account = from.hex(20);
  const issuer = `${DID}${from.hex(20)}`;
  const keyVersion = from.u32();
  const realm = from.short();
  const nullifiers = Array.from({ length: from.u8() }, () => {
    const version = from.short();
    return `v${version}:${from.raw(NULLIFIER_BYTES).toString("base64")}`;
  });
  const linkKeys = nullifiers.map((nullifier) => linkKey(realm, nullifier));
  const [issuedAt, expiresAt] = [from.u64(), from.u64()];
  return { digest, form, provider, account, issuer, keyVersion, nullifiers, linkKeys, issuedAt, expiresAt };
}

/** What the credential says beyond its stamp: spelling of the account, dates to the millisecond, the signature. */
export function writeCredential(to: ByteWriter, stamp: VerifiedStamp, { content, proofValue }: CompactCredential): void {
  const address = withoutPrefix(content.subject, SUBJECT);
  const same =
    content.form === stamp.form &&
    content.issuer === stamp.issuer &&
    content.provider === stamp.provider &&
    address.toLowerCase() === stamp.account &&
    content.nullifiers.join() === stamp.nullifiers.join();
  if (!same) throw unsealable(`the credential ${stamp.digest} is not its stamp's`);
  to.raw(capitals(address));
  for (const date of [content.issuanceDate, content.expirationDate, content.created]) to.u64(Date.parse(date));
  to.short(withoutPrefix(content.verificationMethod, `${stamp.issuer}#`));
  to.hex(proofValue, 65);
}

export function readCredential(from: ByteReader, stamp: VerifiedStamp): CompactCredential {
  const subject = SUBJECT + capitalized(stamp.account, from.raw(5));
  const [issuanceDate = "", expirationDate = "", created = ""] = Array.from({ length: 3 }, () => instant(from.u64()));
  const verificationMethod = `${stamp.issuer}#${from.short()}`;
  const proofValue = from.hex(65);
  const { form, issuer, provider, nullifiers } = stamp;
  const dates = { issuanceDate, expirationDate, created };
  return { content: { form, issuer, subject, provider, nullifiers, ...dates, verificationMethod }, proofValue };
}

function instant(milliseconds: number): string {
  if (milliseconds > LATEST) throw malformed("holds a date after the year 9999");
  return new Date(milliseconds).toISOString();
}

/** A nullifier is `v<version>:<base64>`. */
function split(nullifier: string): [string, string] {
  const colon = nullifier.indexOf(":");
  if (!nullifier.startsWith("v") || colon < 0) throw unsealable("a nullifier has no version");
  return [nullifier.slice(1, colon), nullifier.slice(colon + 1)];
}

function realmOf({ nullifiers, linkKeys }: VerifiedStamp): string {
  const realm = linkKeys[0]?.slice(0, -(nullifiers[0]?.length ?? 0) - 1) ?? "";
  const same = linkKeys.length === nullifiers.length && nullifiers.every((one, at) => linkKey(realm, one) === linkKeys[at]);
  if (!same) throw unsealable("a stamp's link keys are not its nullifiers in one realm");
  return realm;
}

/** Which of an address's 40 digits are capital letters, a bit each, the first digit's the highest. */
function capitals(address: string): Uint8Array {
  const bits = new Uint8Array(5);
  for (let digit = 0; digit < 40; digit++) {
    const code = address.charCodeAt(2 + digit);
    if (code >= 0x41 && code <= 0x46) bits[digit >> 3] = (bits[digit >> 3] as number) | (0x80 >> (digit & 7));
  }
  return bits;
}

function capitalized(account: string, bits: Uint8Array): string {
  if (bits.every((byte) => byte === 0)) return account;
  const digits = [...account];
  for (let digit = 0; digit < 40; digit++) {
    if (((bits[digit >> 3] as number) & (0x80 >> (digit & 7))) === 0) continue;
    const letter = digits[2 + digit] as string;
    if (letter < "a") throw malformed("writes a digit of an address as a capital");
    digits[2 + digit] = letter.toUpperCase();
  }
  return digits.join("");
}

function withoutPrefix(text: string, prefix: string): string {
  if (!text.startsWith(prefix)) throw unsealable(`"${text}" does not begin with ${prefix}`);
  return text.slice(prefix.length);
}

const unsealable = (problem: string) => new SnapshotError("snapshots/unsealable", `The log cannot be sealed: ${problem}`);
