// How a node that comes late, or was cut off, gets what it missed: it sends the digests of what it has, and is given the rest.
//   request   4 bytes: count; then count · 32 bytes: SHA-256 of each signature's document
//   answer    4 bytes: count; then count documents
// Each of these is a frame of its own, prefixed by its length as a varint.
import type { Libp2p, PeerId, Stream } from "@libp2p/interface";
import { lpStream } from "@libp2p/utils";

import { NodeError } from "../nodes/protocol/errors.js";
import type { PoolEntry } from "./pool.js";

/** More signatures of one epoch than any network of stewards has. */
const MAX_SIGNATURES = 8_192;
const DIGEST = 32;
const PATIENCE = 10_000;

/** Answers one request with what the other side lacks of `entries`. */
export async function answerExchange(stream: Stream, entries: readonly PoolEntry[]): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    const frames = lpStream(stream, { maxDataLength: 4 + MAX_SIGNATURES * DIGEST });
    const theirs = digests((await frames.read({ signal })).subarray());
    const missing = entries.filter(({ digest }) => !theirs.has(digest)).slice(0, MAX_SIGNATURES);
    await frames.write(count(missing.length), { signal });
    for (const { bytes } of missing) await frames.write(bytes, { signal });
    await stream.close({ signal });
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Asks a peer for what is not among `entries`, and gives each document as it comes. Throws when it does not answer as it should. */
export async function* askExchange(
  node: Libp2p,
  peer: PeerId,
  {
    protocol,
    entries,
    limit,
    signal,
  }: { protocol: string; entries: readonly PoolEntry[]; limit: number; signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const both = () => AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  const stream = await node.dialProtocol(peer, protocol, { signal: both() });
  try {
    const frames = lpStream(stream, { maxDataLength: limit, maxBufferSize: 4 * limit + 65_536 });
    const mine = entries.slice(0, MAX_SIGNATURES).map(({ digest }) => Buffer.from(digest, "hex"));
    await frames.write(Buffer.concat([count(mine.length), ...mine]), { signal: both() });
    const announced = Buffer.from((await frames.read({ signal: both() })).subarray());
    if (announced.length !== 4 || announced.readUInt32BE() > MAX_SIGNATURES) {
      throw new NodeError("nodes/invalid-message", "A peer announces more signatures than there can be");
    }
    for (let left = announced.readUInt32BE(); left > 0; left--) {
      yield (await frames.read({ signal: both() })).subarray();
    }
    await stream.close({ signal: both() });
  } finally {
    if (stream.status === "open") stream.abort(new Error("the exchange is over"));
  }
}

function count(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function digests(request: Uint8Array): Set<string> {
  const bytes = Buffer.from(request);
  const announced = bytes.length < 4 ? -1 : bytes.readUInt32BE();
  if (bytes.length !== 4 + announced * DIGEST) {
    throw new NodeError("nodes/invalid-message", "A request that does not hold as many digests as it says");
  }
  return new Set(
    Array.from({ length: announced }, (_, at) => bytes.toString("hex", 4 + at * DIGEST, 4 + (at + 1) * DIGEST)),
  );
}
