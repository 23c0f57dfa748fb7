import { createHash } from "node:crypto";

import { linkKey } from "../../../src/passport/nullifiers/realm.js";
import { formatInstant, STAMP_LIFETIME } from "../../../src/passport/credential/dates.js";
import type { VerifiedStamp } from "../../../src/passport/verify.js";
import { DEFAULT_RULES } from "../../../src/scoring/rules/default-rules.js";
import { rulesDocument, rulesHash } from "../../../src/scoring/rules/scorer-rules.js";
import { recordOf } from "../../../src/scoring/service/records.js";
import { readVersion } from "../../../src/scoring/service/scorer-version.js";
import { canonicalJson } from "../../../src/shared/canonical-json.js";
import type { LogSource } from "../../../src/snapshots/ports.js";
import type { AcceptedRecord, ScoreEventRecord, SnapshotRecord, VersionRecord } from "../../../src/snapshots/record.js";

export const STAMPS = 3;
const NOW = 1_800_000_000;
const hash = (text: string) => createHash("sha256").update(text).digest();
const ISSUER = `did:ethr:0x${hash("issuer").toString("hex").slice(24)}`;
const providers = [...DEFAULT_RULES.weights.keys()];

const first: VersionRecord = {
  kind: "version",
  sequence: 1,
  scorerId: 1,
  version: 1,
  rulesHash: rulesHash(DEFAULT_RULES),
  rules: canonicalJson(rulesDocument(DEFAULT_RULES)),
  author: "bench",
  reason: "first",
  createdAt: NOW,
  scorer: { name: "bench", description: "", owner: "bench" },
};
const { scorer, version } = readVersion(first);

export const accountOf = (person: number): string => `0x${hash(`account ${person}`).toString("hex").slice(24)}`;

/**
 * The log that a service writes when `people` submit three stamps each: scores are computed, and only signatures and digests are
 * random bytes, because to sign three million credentials takes longer than everything that is measured.
 */
export function syntheticLog(people: number): LogSource {
  const head = 1 + people * (STAMPS + 1);
  return {
    head: () => Promise.resolve(head),
    cutAt: () => Promise.resolve(head),
    scorers: () => Promise.resolve([{ id: 1, version: 1, rulesHash: first.rulesHash, registryId: "1", root: null }]),
    read(from, to) {
      const records: SnapshotRecord[] = from === 1 ? [first] : [];
      const [start, end] = [Math.max(0, Math.floor((from - 2) / 4)), Math.floor((to - 2) / 4)];
      for (let person = start; person <= end; person++) records.push(...recordsOf(person));
      return Promise.resolve(records.filter(({ sequence }) => sequence >= from && sequence <= to));
    },
  };
}

function recordsOf(person: number): SnapshotRecord[] {
  const sequence = 2 + person * (STAMPS + 1);
  const accepted = Array.from({ length: STAMPS }, (_, at) => acceptedOf(person, at, sequence + at));
  const stamps = accepted.map(({ stamp: { provider, digest, expiresAt } }) => ({ provider, digest, expiresAt }));
  const made = recordOf(1, accountOf(person), version, scorer.score(stamps, NOW));
  const score: ScoreEventRecord = {
    ...made,
    stamps: JSON.stringify(made.stamps),
    kind: "score",
    sequence: sequence + STAMPS,
    at: NOW,
    cause: "submitted",
  };
  return [...accepted, score];
}

function acceptedOf(person: number, at: number, sequence: number): AcceptedRecord {
  const account = accountOf(person);
  const provider = providers[(person + at * 5) % providers.length] as string;
  const nullifiers = [`v1:${hash(`nullifier ${person} ${at}`).toString("base64")}`];
  const dates = { issuedAt: NOW, expiresAt: NOW + STAMP_LIFETIME };
  const stamp: VerifiedStamp = {
    digest: `0x${hash(`digest ${person} ${at}`).toString("hex")}`,
    form: "touchstone",
    provider,
    account,
    issuer: ISSUER,
    keyVersion: 0,
    nullifiers,
    linkKeys: nullifiers.map((nullifier) => linkKey(ISSUER, nullifier)),
    ...dates,
  };
  const [r, s] = [hash(`r ${person} ${at}`), hash(`s ${person} ${at}`)];
  const content = {
    form: "touchstone" as const,
    issuer: ISSUER,
    subject: `did:pkh:eip155:1:${account}`,
    provider,
    nullifiers,
    issuanceDate: formatInstant(dates.issuedAt),
    expirationDate: formatInstant(dates.expiresAt),
    created: formatInstant(dates.issuedAt),
    verificationMethod: `${ISSUER}#controller`,
  };
  const proofValue = `0x${r.toString("hex")}${s.toString("hex")}1b`;
  return { kind: "accepted", sequence, at: NOW, scorerId: 1, stamp, credential: { content, proofValue } };
}
