// Everything that an account shows to a scorer in one byte string. A rescore reads a million of these instead of ten million
// rows of three tables. It is derived: the tables of stamps can always make it again.
import type { StampForm } from "../../../passport/credential/forms.js";
import { linkKey } from "../../../passport/nullifiers/realm.js";
import type { Refusal, VerifiedStamp } from "../../../passport/verify.js";
import { invariant } from "../../../shared/errors.js";
import type { ShownStamp } from "../records.js";
import { ByteReader, ByteWriter } from "./bytes.js";

export const FORMAT = 1;
const DIGEST = /^0x[0-9a-f]{64}$/;
const ASCII = /^[ -~]{1,255}$/;
const NULLIFIER = /^v([0-9.]+):([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$/;
export const HASH = 32;
/** Flags of a stamp. */
export const SETTLED = 1;
export const REFUSED = 2;

/** What the stamps of one issuer have in common: all that trust depends on, but for provider and date. */
export interface StampKind {
  readonly form: StampForm;
  readonly issuer: string;
  readonly keyVersion: number;
  readonly realm: string;
  /** Key versions of the nullifiers, in their order. */
  readonly versions: readonly string[];
}

export interface PackedStamp {
  readonly kind: StampKind;
  readonly provider: string;
  readonly digest: string;
  readonly sequence: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Its links are its account's for as long as it lives: claiming them changes nothing. */
  readonly settled: boolean;
  readonly refusal: Refusal | null;
  readonly nullifiers: readonly string[];
}

const writer = new ByteWriter();
const kinds = new Map<string, StampKind>();
const REMEMBERED_KINDS = 10_000;

/** Packs the stamps of an account; undefined when one has a shape that this format has no place for. */
export function packPassport(
  stamps: readonly ShownStamp[],
  isSettled: (shown: ShownStamp) => boolean,
): Buffer<ArrayBuffer> | undefined {
  const texts = stamps.map(({ stamp }) => kindOf(stamp));
  const distinct = [...new Set(texts)];
  if (texts.includes(undefined) || distinct.length > 255 || stamps.length > 65_535) return undefined;
  writer.byte(FORMAT);
  writer.byte(distinct.length);
  for (const text of distinct) writer.text(text as string);
  writer.uint16(stamps.length);
  stamps.forEach((shown, index) => {
    const { stamp, sequence, refusal } = shown;
    writer.byte(distinct.indexOf(texts[index]));
    writer.byte((isSettled(shown) ? SETTLED : 0) | (refusal === null ? 0 : REFUSED));
    writer.number(sequence);
    writer.number(stamp.issuedAt);
    writer.number(stamp.expiresAt);
    writer.word(stamp.provider);
    writer.hex(stamp.digest.slice(2), HASH);
    for (const nullifier of stamp.nullifiers) writer.base64(nullifier.slice(nullifier.indexOf(":") + 1), HASH);
    if (refusal === null) return;
    writer.text(refusal.status);
    writer.text(refusal.detail);
  });
  return writer.take();
}

/** The common part of a stamp as text; undefined where it cannot be packed. */
function kindOf({
  form,
  issuer,
  keyVersion,
  nullifiers,
  linkKeys,
  digest,
  provider,
}: VerifiedStamp): string | undefined {
  const versions = nullifiers.map((text) => NULLIFIER.exec(text)?.[1]);
  const realm = linkKeys[0]?.slice(0, -1 - (nullifiers[0] ?? "").length) ?? "";
  const derived = nullifiers.every((nullifier, index) => linkKeys[index] === linkKey(realm, nullifier));
  if (!derived || linkKeys.length !== nullifiers.length || versions.includes(undefined)) return undefined;
  if (!DIGEST.test(digest) || !ASCII.test(provider)) return undefined;
  return JSON.stringify([form, issuer, keyVersion, realm, versions]);
}

export function readKind(text: string): StampKind {
  const known = kinds.get(text);
  if (known !== undefined) return known;
  const [form, issuer, keyVersion, realm, versions] = JSON.parse(text) as [StampForm, string, number, string, string[]];
  const made = { form, issuer, keyVersion, realm, versions };
  if (kinds.size >= REMEMBERED_KINDS) kinds.clear();
  kinds.set(text, made);
  return made;
}

/** The stamps of a packed passport, in the order of acceptance. */
export function unpackPassport(packed: Uint8Array): PackedStamp[] {
  const reader = new ByteReader(packed);
  const format = reader.byte();
  invariant(format === FORMAT, `a packed passport of format ${format}`);
  const own: StampKind[] = [];
  for (let left = reader.byte(); left > 0; left--) own.push(readKind(reader.text()));
  const stamps: PackedStamp[] = [];
  for (let left = reader.uint16(); left > 0; left--) stamps.push(readStamp(reader, own));
  return stamps;
}

function readStamp(reader: ByteReader, own: readonly StampKind[]): PackedStamp {
  const kind = own[reader.byte()] as StampKind;
  const flags = reader.byte();
  const [sequence, issuedAt, expiresAt] = [reader.number(), reader.number(), reader.number()];
  const provider = reader.word();
  const digest = `0x${reader.hex(HASH)}`;
  const nullifiers = kind.versions.map((version) => `v${version}:${reader.base64(HASH)}`);
  const refusal =
    (flags & REFUSED) === 0 ? null : { status: reader.text() as Refusal["status"], detail: reader.text() };
  return {
    kind,
    provider,
    digest,
    sequence,
    issuedAt,
    expiresAt,
    settled: (flags & SETTLED) !== 0,
    refusal,
    nullifiers,
  };
}

const linkKeysOfPacked = ({ kind, nullifiers }: PackedStamp): string[] =>
  nullifiers.map((nullifier) => linkKey(kind.realm, nullifier));

/** The stamp as it was verified. */
export function stampOfPacked(account: string, packed: PackedStamp): VerifiedStamp {
  const { kind, provider, digest, issuedAt, expiresAt, nullifiers } = packed;
  const { form, issuer, keyVersion } = kind;
  const linkKeys = linkKeysOfPacked(packed);
  return { digest, form, provider, account, issuer, keyVersion, nullifiers, linkKeys, issuedAt, expiresAt };
}
