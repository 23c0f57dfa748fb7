import fc from "fast-check";

import { BAN_KINDS } from "../../../src/passport/bans.js";
import type { VerifiedStamp } from "../../../src/passport/verify.js";
import { timeOf } from "../../../src/snapshots/log-times.js";
import type { LogSource } from "../../../src/snapshots/ports.js";
import type { SnapshotRecord } from "../../../src/snapshots/record.js";

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => `0x${Buffer.from(value).toString("hex")}`);
const number = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32));
const optional = fc.option(number, { nil: null });
/** Text that a database can hold. */
const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((value) => !value.includes("\0"));
const seconds = fc.integer({ min: 1, max: 4_000_000_000 });

const stamp = fc
  .record({
    digest: hex(32),
    form: fc.constantFrom("touchstone" as const, "nullifiers" as const, "legacy" as const),
    provider: fc.constantFrom("Google", "ETHDaysActive#50", "A name"),
    account: hex(20),
    issuer: hex(20).map((address) => `did:ethr:${address}`),
    keyVersion: fc.nat({ max: 5 }),
    nullifiers: fc.array(
      fc
        .tuple(fc.constantFrom("1", "0.0.0"), fc.uint8Array({ minLength: 32, maxLength: 32 }))
        .map(([version, bytes]) => `v${version}:${Buffer.from(bytes).toString("base64")}`),
      { minLength: 1, maxLength: 2 },
    ),
    realm: fc.constantFrom("did:ethr:0x01", "shared"),
    issuedAt: seconds,
    expiresAt: seconds,
  })
  .map(({ realm, issuedAt, expiresAt, ...rest }): VerifiedStamp => {
    const linkKeys = rest.nullifiers.map((nullifier) => `${realm}/${nullifier}`);
    return { ...rest, linkKeys, issuedAt, expiresAt };
  });

const capitalised = (address: string, mask: number) =>
  [...address].map((digit, at) => (at > 1 && ((mask >> at % 31) & 1) === 1 ? digit.toUpperCase() : digit)).join("");

const accepted = fc.record({ stamp, mask: fc.nat(), at: number, scorerId: number, proof: hex(64), whole: fc.boolean() });
const instant = (at: number) => new Date(at * 1000 + 7).toISOString();

/** A record with any content; its sequence is given by `logOf`. */
const content: fc.Arbitrary<SnapshotRecord> = fc.oneof(
  fc.record({
    kind: fc.constant("version" as const),
    sequence: fc.constant(0),
    scorerId: number,
    version: fc.nat({ max: 9 }),
    rulesHash: hex(32),
    rules: text,
    author: text,
    reason: text,
    createdAt: number,
    scorer: fc.option(fc.record({ name: text, description: text, owner: text }), { nil: null }),
  }),
  accepted.map(({ stamp: one, mask, at, scorerId, proof, whole }) => ({
    kind: "accepted" as const,
    sequence: 0,
    at,
    scorerId,
    stamp: one,
    credential: whole
      ? {
          content: {
            form: one.form,
            issuer: one.issuer,
            subject: `did:pkh:eip155:1:${capitalised(one.account, mask)}`,
            provider: one.provider,
            nullifiers: one.nullifiers,
            issuanceDate: instant(one.issuedAt),
            expirationDate: instant(one.expiresAt),
            created: instant(one.issuedAt),
            verificationMethod: `${one.issuer}#controller`,
          },
          proofValue: `${proof}1b`,
        }
      : null,
  })),
  fc.record({
    kind: fc.constant("stamp" as const),
    sequence: fc.constant(0),
    at: number,
    type: fc.constantFrom("declined", "refused", "restored", "released", "claimed", "settled", "revoked"),
    scorerId: number,
    account: fc.option(hex(20), { nil: null }),
    digest: fc.option(hex(32), { nil: null }),
    data: fc.json().filter((value) => !/\0|\\u0000/.test(value)),
  }),
  fc.record({
    kind: fc.constant("score" as const),
    sequence: fc.constant(0),
    at: number,
    scorerId: number,
    account: hex(20),
    cause: fc.constantFrom("submitted", "released", "revoked", "rescored", "banned", "ban-lifted"),
    version: fc.nat({ max: 9 }),
    rulesHash: hex(32),
    status: fc.constantFrom("DONE", "ERROR"),
    error: fc.option(text, { nil: null }),
    score: optional,
    sum: number,
    threshold: number,
    passing: fc.boolean(),
    chainScore: number,
    scoredAt: number,
    expiresAt: optional,
    flipsAt: optional,
    scale: optional,
    stamps: text,
  }),
  fc.record({ at: number, author: text, reason: text, ban: number }).map((lifted) => ({
    kind: "ban" as const,
    sequence: 0,
    event: { ...lifted, sequence: 0, type: "lifted" as const },
  })),
  fc
    .record({
      ...{ at: number, author: text, reason: text, kind: fc.constantFrom(...BAN_KINDS), subject: text },
      ...{ provider: fc.option(text, { nil: undefined }), until: optional },
    })
    .map(({ at, author, reason, kind, subject, provider, until }) => ({
      kind: "ban" as const,
      sequence: 0,
      event: {
        ...{ sequence: 0, at, author, reason, type: "banned" as const },
        entry: { kind, subject, until, reason, ...(provider === undefined ? {} : { provider }) },
      },
    })),
  fc
    .record({
      ...{ at: number, issuer: hex(20).map((address) => `did:ethr:${address}`), list: number },
      entry: fc.record({
        ...{ kind: fc.constantFrom("credential" as const, "nullifier" as const), value: hex(32) },
        ...{ revokedAt: number, reason: text },
      }),
    })
    .map((event) => ({ kind: "revocation" as const, sequence: 0, event: { ...event, sequence: 0 } })),
);

const numbered = (record: SnapshotRecord, sequence: number): SnapshotRecord => {
  if (record.kind === "ban") return { ...record, sequence, event: { ...record.event, sequence } };
  if (record.kind === "revocation") return { ...record, sequence, event: { ...record.event, sequence } };
  return { ...record, sequence };
};

/** A log of any records, numbered from 1. */
export const anyLog = (maxLength = 40, minLength = 1): fc.Arbitrary<SnapshotRecord[]> =>
  fc
    .array(content, { minLength, maxLength, size: "max" })
    .map((records) => records.map((record, at) => numbered(record, at + 1)));

/** A log in memory, as a database's would be. */
export const logSource = (records: readonly SnapshotRecord[]): LogSource => ({
  head: () => Promise.resolve(records.length),
  read: (first, last) => Promise.resolve(records.slice(first - 1, last)),
  cutAt: (time) => {
    const later = records.findIndex((record) => timeOf(record) > time);
    return Promise.resolve(later < 0 ? records.length : later);
  },
  scorers: () => Promise.resolve([]),
});
