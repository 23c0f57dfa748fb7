import { ClientError } from "../../nodes/client/errors.js";

export interface FetchJson {
  readonly url: string;
  /** For messages. */
  readonly peer: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The largest answer that is read. */
  readonly maxBytes: number;
  /** Ends the wait for the whole answer. */
  readonly signal: AbortSignal;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where the answer is not 200. */
  readonly body: unknown;
}

/**
 * One GET of a peer that nobody trusts: bounded in size and time, redirects refused. Throws `client/unavailable` and
 * `client/malformed-answer`; a status is given back.
 */
export async function fetchJson({ url, peer, headers, maxBytes, signal }: FetchJson): Promise<JsonAnswer> {
  const unavailable = (problem: string, cause: unknown) =>
    new ClientError("client/unavailable", `${peer} ${problem}`, { peer }, { cause });
  const response = await fetch(url, {
    headers: { accept: "application/json", ...headers },
    redirect: "error",
    signal,
  }).catch((cause: unknown) => {
    throw unavailable(signal.aborted ? "is silent" : "cannot be reached", cause);
  });
  const { status } = response;
  if (status !== 200) {
    // What the body would still have said is of no interest.
    await response.body?.cancel().catch(() => {});
    return { status, headers: response.headers, body: undefined };
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of response.body ?? []) {
      length += piece.length;
      if (length > maxBytes) break; // leaving the loop cancels the rest
      pieces.push(piece);
    }
  } catch (cause) {
    throw unavailable(signal.aborted ? "is silent" : "broke off", cause);
  }
  if (length > maxBytes) throw malformed(peer, `sends more than ${maxBytes} bytes`);
  return { status, headers: response.headers, body: parse(Buffer.concat(pieces), peer) };
}

export const malformed = (peer: string, problem: string, cause?: unknown) =>
  new ClientError("client/malformed-answer", `${peer} ${problem}`, { peer }, { cause });

function parse(bytes: Uint8Array, peer: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw malformed(peer, "sends no JSON", cause);
  }
}
