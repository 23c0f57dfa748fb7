import { certificateFromJson } from "../../certificates/certificate-json.js";
import type { Certificate } from "../../certificates/certificate.js";
import { asWrongCertificate } from "../../nodes/aggregator/follower.js";
import type { CertificateSource } from "../../nodes/aggregator/ports.js";
import { API_VERSION, API_VERSION_HEADER, requireCompatible } from "../../nodes/protocol/api-version.js";
import { NodeError, type NodeErrorCode } from "../../nodes/protocol/errors.js";
import { DocumentReader } from "../../shared/document.js";

export interface LeaderSettings {
  /** Such as http://127.0.0.1:8791, with or without a path. */
  readonly url: string;
  /** For a certificate, and for a whole list. */
  readonly timeoutMilliseconds?: number;
}

const PAGE = 100;
/** More certificates than an epoch ever has: whoever lists more, lists without end. */
const MAX_LISTED = 2_000;
const MAX_BYTES = 16 * 1024 * 1024;

const read = new DocumentReader<NodeErrorCode>("nodes/wrong-certificate");

/** Another aggregator over HTTP. Bounds sizes, times and lists; whether what comes is right, the caller finds out. */
export class HttpLeader implements CertificateSource {
  readonly name: string;
  readonly #url: string;
  readonly #timeout: number;

  constructor({ url, timeoutMilliseconds = 5_000 }: LeaderSettings) {
    this.#url = url.replace(/\/+$/, "");
    this.#timeout = timeoutMilliseconds;
    this.name = new URL(url).host;
  }

  async list(epoch: bigint): Promise<{ hash: string; entity: string | null }[]> {
    try {
      return await this.#list(epoch);
    } catch (error) {
      throw asWrongCertificate(error);
    }
  }

  async #list(epoch: bigint): Promise<{ hash: string; entity: string | null }[]> {
    const found: { hash: string; entity: string | null }[] = [];
    const signal = AbortSignal.timeout(this.#timeout);
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const from = before === Number.MAX_SAFE_INTEGER ? "" : `&before=${before}`;
      const page = read.record(await this.#get(`/v1/certificates?epoch=${epoch}&limit=${PAGE}${from}`, signal), "page");
      const items = read.array(page.items, "page.items");
      if (items.length > PAGE) read.fail("page.items", `has more than ${PAGE} certificates`);
      for (const [n, value] of items.entries()) {
        const path = `page.items[${n}]`;
        const item = read.record(value, path);
        const sequence = read.integer(item.sequence, `${path}.sequence`, 1);
        if (sequence >= before) read.fail(`${path}.sequence`, "does not descend");
        before = sequence;
        found.push({
          hash: read.string(item.hash, `${path}.hash`, /^[0-9a-f]{64}$/),
          entity: item.key === null ? null : read.string(item.key, `${path}.key`, /^[a-z0-9-]{1,100}$/),
        });
      }
      if (page.next === null || items.length === 0) return found.reverse();
      if (found.length >= MAX_LISTED) read.fail("page", `epoch ${epoch} has more than ${MAX_LISTED} certificates`);
    }
  }

  async certificate(hash: string): Promise<Certificate> {
    const answer = await this.#get(`/v1/certificates/${hash}`, AbortSignal.timeout(this.#timeout));
    try {
      const { certificate } = read.record(answer, "answer");
      return certificateFromJson(certificate, "certificate");
    } catch (error) {
      throw asWrongCertificate(error);
    }
  }

  async #get(path: string, signal: AbortSignal): Promise<unknown> {
    try {
      const response = await fetch(this.#url + path, {
        headers: { [API_VERSION_HEADER]: API_VERSION, accept: "application/json" },
        redirect: "error",
        signal,
      });
      requireCompatible(response.headers.get(API_VERSION_HEADER), this.name);
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`it answers ${response.status}`);
      }
      return JSON.parse(await bounded(response));
    } catch (cause) {
      if (cause instanceof NodeError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new NodeError("nodes/peer-unavailable", `${this.name}: ${reason}`, { cause });
    }
  }
}

async function bounded(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > MAX_BYTES) throw new Error("its answer is too large");
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
