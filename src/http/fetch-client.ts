import type { HttpClient } from "../passport/providers/ports.js";
import { DomainError } from "../shared/errors.js";

/** Answers that are larger are no answers to what providers ask. */
const LARGEST = 1 << 20;

/** `fetch` for providers: bounded in time and size, and never redirected, because requests carry tokens. */
export const fetchClient = (milliseconds = 15_000): HttpClient => ({
  async request({ method, url, headers, body }) {
    try {
      const signal = AbortSignal.timeout(milliseconds);
      const sent = body === undefined ? {} : { body };
      const answer = await fetch(url, { method, headers, redirect: "error", signal, ...sent });
      const pieces: Uint8Array[] = [];
      let size = 0;
      for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        size += piece.length;
        if (size > LARGEST) throw new Error("the answer is too large");
        pieces.push(piece);
      }
      return { status: answer.status, body: Buffer.concat(pieces).toString("utf8") };
    } catch (cause) {
      const { host } = new URL(url);
      throw new DomainError("passport/provider-unreachable", `${host} does not answer`, { host }, { cause });
    }
  },
});
