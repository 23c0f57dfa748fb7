import type { ClientErrorCode } from "../../nodes/client/errors.js";
import { DocumentReader } from "../../shared/document.js";
import { fetchJson, malformed } from "../aggregator-client/fetch-json.js";

/** A line of a mirror's list: its own word, until the snapshot is downloaded. */
export interface ListedSnapshot {
  readonly digest: string;
  readonly sequence: number;
  readonly epoch: number | null;
  readonly block: number | null;
  /** Bytes of all its chunks. */
  readonly compressed: number;
}

const read = new DocumentReader<ClientErrorCode>("client/malformed-answer");
const MAX_LIST_BYTES = 2 ** 20;

/** The latest snapshots of a mirror. Throws `client/unavailable` and `client/malformed-answer`. */
export async function listMirror(url: string, timeoutMilliseconds = 30_000): Promise<ListedSnapshot[]> {
  const peer = new URL(url).host;
  const address = `${url.replace(/\/+$/, "")}/v1/snapshots`;
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const { status, body } = await fetchJson({ url: address, peer, maxBytes: MAX_LIST_BYTES, signal });
  if (status !== 200) throw malformed(peer, `answers ${status}: it serves no snapshots`);
  const items = read.array(read.record(body, `${peer}: the list`).items, `${peer}: items`);
  return items.map((item, at) => parseItem(item, `${peer}: items[${at}]`));
}

/** Newer mirrors may say more about a snapshot. */
function parseItem(value: unknown, path: string): ListedSnapshot {
  const { digest, sequence, epoch, block, compressed } = read.record(value, path);
  const sizes = Object.entries(read.record(compressed, `${path}.compressed`));
  const optional = (number: unknown, name: string) => (number === null ? null : read.integer(number, `${path}.${name}`));
  return {
    digest: read.string(digest, `${path}.digest`, /^0x[0-9a-f]{64}$/),
    sequence: read.integer(sequence, `${path}.sequence`),
    epoch: optional(epoch, "epoch"),
    block: optional(block, "block"),
    compressed: sizes.reduce((sum, [name, size]) => sum + read.integer(size, `${path}.compressed.${name}`), 0),
  };
}
