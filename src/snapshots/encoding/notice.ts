// Bans and issuers' revocations as bytes.
import type { BanEntry, BanEvent } from "../../passport/bans.js";
import type { IssuerRevocation, Revocation } from "../../passport/revocations.js";
import { SnapshotError } from "../errors.js";
import { pick, type ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

// Positions in these lists are bytes of the format: they only ever grow at the end.
const BAN_TYPES: readonly BanEvent["type"][] = ["banned", "lifted"];
const BANNED: readonly BanEntry["kind"][] = ["account", "nullifier", "stamp"];
const REVOKED: readonly Revocation["kind"][] = ["credential", "nullifier"];
const DID = "did:ethr:";

export function writeBan(to: ByteWriter, event: BanEvent): void {
  to.u64(event.at);
  to.u8(BAN_TYPES.indexOf(event.type));
  to.long(event.author);
  to.long(event.reason);
  if (event.type === "lifted") return to.u64(event.ban);
  const { kind, subject, provider, until } = event.entry;
  to.u8(BANNED.indexOf(kind));
  to.long(subject);
  to.u8(provider === undefined ? 0 : 1);
  if (provider !== undefined) to.long(provider);
  to.optional(until);
}

export function readBan(from: ByteReader, sequence: number): BanEvent {
  const [at, type, author, reason] = [from.u64(), pick(from, BAN_TYPES), from.long(), from.long()];
  const event = { sequence, at, author, reason };
  if (type === "lifted") return { ...event, type, ban: from.u64() };
  const [kind, subject] = [pick(from, BANNED), from.long()];
  const provider = from.flag() ? { provider: from.long() } : {};
  return { ...event, type, entry: { kind, subject, ...provider, until: from.optional(), reason } };
}

export function writeRevocation(to: ByteWriter, { at, issuer, list, entry }: IssuerRevocation): void {
  if (!issuer.startsWith(DID)) {
    throw new SnapshotError("snapshots/unsealable", `The log cannot be sealed: "${issuer}" does not begin with ${DID}`);
  }
  to.u64(at);
  to.hex(issuer.slice(DID.length), 20);
  to.u64(list);
  to.u8(REVOKED.indexOf(entry.kind));
  if (entry.kind === "credential") to.hex(entry.value, 32);
  else to.long(entry.value);
  to.u64(entry.revokedAt);
  to.long(entry.reason);
}

export function readRevocation(from: ByteReader, sequence: number): IssuerRevocation {
  const [at, issuer, list, kind] = [from.u64(), `${DID}${from.hex(20)}`, from.u64(), pick(from, REVOKED)];
  const value = kind === "credential" ? from.hex(32) : from.long();
  return { sequence, at, issuer, list, entry: { kind, value, revokedAt: from.u64(), reason: from.long() } };
}
