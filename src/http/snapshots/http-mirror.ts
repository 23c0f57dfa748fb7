import { CHUNK_SEQUENCES } from "../../snapshots/cut.js";
import { SnapshotError } from "../../snapshots/errors.js";
import { MAX_MANIFEST_BYTES, parseManifest, type Manifest, type ManifestChunk } from "../../snapshots/manifest.js";
import type { SnapshotMirror } from "../../snapshots/ports.js";

export interface HttpMirrorSettings {
  /** Such as http://127.0.0.1:8790, with or without a path. */
  readonly url: string;
  /** How long a mirror may be silent, before its answer and within it. */
  readonly silenceMilliseconds?: number;
  /** Sent with each request: a signer's authorisation. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sequences per chunk: the network's constant. Manifests with another number are refused. */
  readonly chunkSequences?: number;
}

const SILENCE = 30_000;
/** Bytes a second, on average: a mirror that is slower than that holds its readers up on purpose, or is of no use. */
const LEAST_RATE = 16_384;
/** A whole manifest may take so many times the silence that is allowed. */
const MANIFEST_PATIENCE = 4;

/** A mirror over HTTP. Bounds sizes and silences; whether what comes is right, the caller finds out. */
export class HttpMirror implements SnapshotMirror {
  readonly name: string;
  readonly #settings: HttpMirrorSettings;

  constructor(settings: HttpMirrorSettings) {
    this.#settings = { ...settings, url: settings.url.replace(/\/+$/, "") };
    const { host, pathname } = new URL(this.#settings.url);
    this.name = `${host}${pathname === "/" ? "" : pathname}`;
  }

  manifest(digest?: string): Promise<Manifest | undefined> {
    return this.#manifest(digest ?? "latest");
  }

  manifestAt(block: number): Promise<Manifest | undefined> {
    return this.#manifest(`at/${block}`);
  }

  async #manifest(which: string): Promise<Manifest | undefined> {
    const answer = await this.#get(`/v1/snapshots/${which}`);
    if (answer.status === 404) {
      await answer.cancel();
      return undefined;
    }
    if (answer.status !== 200) throw await answer.refuse();
    const pieces: Uint8Array[] = [];
    let length = 0;
    const end = performance.now() + MANIFEST_PATIENCE * (this.#settings.silenceMilliseconds ?? SILENCE);
    for await (const piece of answer.body()) {
      length += piece.length;
      if (performance.now() > end) throw failure("its manifest takes too long");
      if (length > MAX_MANIFEST_BYTES) throw failure("its manifest is too large");
      pieces.push(piece);
    }
    const { chunkSequences = CHUNK_SEQUENCES } = this.#settings;
    return parseManifest(Buffer.concat(pieces).toString("utf8"), { chunkSequences });
  }

  async fetchChunk({ digest }: ManifestChunk, from: number): Promise<{ from: number; body: AsyncIterable<Uint8Array> }> {
    const range: Record<string, string> = from === 0 ? {} : { range: `bytes=${from}-`, "if-range": `"${digest}"` };
    const answer = await this.#get(`/v1/chunks/${digest}`, range);
    if (answer.status === 200) return { from: 0, body: answer.body() };
    if (answer.status !== 206) throw await answer.refuse();
    const start = /^bytes ([0-9]{1,15})-/.exec(answer.headers.get("content-range") ?? "")?.[1];
    if (Number(start ?? NaN) === from) return { from, body: answer.body() };
    await answer.cancel();
    throw failure("it answered with another range");
  }

  async #get(path: string, headers: Record<string, string> = {}) {
    const silence = this.#settings.silenceMilliseconds ?? SILENCE;
    const control = new AbortController();
    const impatient = () => setTimeout(() => control.abort(failure("it is silent")), silence);
    let timer = impatient();
    const response = await fetch(this.#settings.url + path, {
      headers: { ...this.#settings.headers, ...headers, "accept-encoding": "identity" },
      redirect: "error",
      signal: control.signal,
    }).catch((cause: unknown) => {
      throw failure(cause instanceof SnapshotError ? "it is silent" : "it cannot be reached", cause);
    });
    const cancel = async () => {
      clearTimeout(timer);
      // What the body would still have said is of no interest.
      await response.body?.cancel().catch(() => {});
    };
    clearTimeout(timer);
    return {
      status: response.status,
      headers: response.headers,
      cancel,
      async refuse() {
        await cancel();
        return failure(`it answers ${response.status}`);
      },
      async *body(): AsyncGenerator<Uint8Array> {
        timer = impatient();
        const begun = performance.now();
        let length = 0;
        try {
          for await (const piece of response.body ?? []) {
            clearTimeout(timer);
            length += (piece as Uint8Array).length;
            const elapsed = performance.now() - begun;
            if (elapsed > silence && length < (elapsed / 1000) * LEAST_RATE) throw new Error("it is too slow");
            yield piece as Uint8Array;
            timer = impatient();
          }
        } catch (cause) {
          const slow = cause instanceof Error && cause.message === "it is too slow";
          throw failure(slow ? cause.message : "it broke off", cause);
        } finally {
          await cancel();
        }
      },
    };
  }
}

const failure = (problem: string, cause?: unknown) => new SnapshotError("snapshots/mirror-failed", problem, {}, { cause });
