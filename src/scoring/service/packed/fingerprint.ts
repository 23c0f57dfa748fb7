import { hash } from "node:crypto";

import type { ScoreRecord } from "../records.js";

/**
 * SHA-256 of everything that a record says but for when it was computed: two records are the same exactly when their
 * fingerprints are. `breakdown` is its stamps, packed.
 */
export function fingerprintOf(record: Omit<ScoreRecord, "stamps">, breakdown: Buffer): Buffer {
  const { version, rulesHash, status, error, score, sum, threshold, passing } = record;
  const { chainScore, expiresAt, flipsAt, scale } = record;
  const head = JSON.stringify([
    ...[version, rulesHash, status, error, score, sum],
    ...[threshold, passing, chainScore, expiresAt, flipsAt, scale],
  ]);
  return hash("sha256", Buffer.concat([Buffer.from(head), breakdown]), "buffer");
}
