import {
  API_VERSION,
  API_VERSION_HEADER,
  NODE_VERSION_HEADER,
  requireCompatible,
} from "../../nodes/protocol/api-version.js";
import { NodeError } from "../../nodes/protocol/errors.js";
import { signatureToJson, type SignatureMessage } from "../../nodes/protocol/signature-message.js";
import type { SignaturePublisher } from "../../nodes/protocol/transport.js";

export interface HttpPublisherSettings {
  /** An aggregator, such as http://127.0.0.1:8791, with or without a path. */
  readonly url: string;
  /** Version of this program. */
  readonly software: string;
  /** For the whole exchange; 5 seconds unless told. */
  readonly timeoutMilliseconds?: number;
}

/** A problem document that is longer says nothing that is worth reading. */
const MAX_ANSWER = 65_536;
/** Answers by which an aggregator says that it could not look at the signature now. */
const BUSY = new Set([408, 425, 429]);

/**
 * Sends signatures to an aggregator. `nodes/peer-unavailable` when it may not have taken one, `nodes/version-mismatch` when it
 * speaks another version, `nodes/signature-refused` when it looked at it and does not want it: the message has its reason.
 */
export class HttpPublisher implements SignaturePublisher {
  readonly name: string;
  readonly #url: string;
  readonly #settings: HttpPublisherSettings;
  readonly #closing = new AbortController();

  constructor(settings: HttpPublisherSettings) {
    this.#settings = settings;
    this.#url = settings.url.replace(/\/+$/, "");
    const { host, pathname } = new URL(this.#url);
    this.name = `${host}${pathname === "/" ? "" : pathname}`;
  }

  async publish(signature: SignatureMessage): Promise<"taken" | "late"> {
    const { software, timeoutMilliseconds = 5_000 } = this.#settings;
    const { name } = this;
    const { status, headers, text } = await this.#post(signature, software, timeoutMilliseconds).catch(
      (cause: unknown) => {
        throw new NodeError("nodes/peer-unavailable", `The aggregator ${name} does not answer`, { cause });
      },
    );
    if (status === 412) {
      const theirs = headers.get(API_VERSION_HEADER) ?? "another version";
      const message = `The aggregator ${name} speaks ${theirs} and this node ${API_VERSION}; install the newer one of both`;
      throw new NodeError("nodes/version-mismatch", message);
    }
    requireCompatible(headers.get(API_VERSION_HEADER), `The aggregator ${name}`);
    if (status === 201 || status === 202) return "taken";
    if (status === 410) return "late";
    if (status >= 500 || BUSY.has(status)) {
      throw new NodeError("nodes/peer-unavailable", `The aggregator ${name} answers ${status}`);
    }
    const message = `The aggregator ${name} refuses the signature for ${signature.entity} with ${status}: ${reasonIn(text)}`;
    throw new NodeError("nodes/signature-refused", message);
  }

  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  async #post(signature: SignatureMessage, software: string, timeout: number) {
    const response = await fetch(`${this.#url}/v1/signatures`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        [API_VERSION_HEADER]: API_VERSION,
        [NODE_VERSION_HEADER]: software,
      },
      body: JSON.stringify(signatureToJson(signature)),
      redirect: "error",
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timeout)]),
    });
    return { status: response.status, headers: response.headers, text: await boundedText(response) };
  }
}

async function boundedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += (piece as Uint8Array).length;
    if (length > MAX_ANSWER) break;
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** The code and detail of a problem document, without anything that would spoil a log. */
function reasonIn(text: string): string {
  try {
    const { code, detail, title } = JSON.parse(text) as Record<string, unknown>;
    const said = [code, detail ?? title].filter((part) => typeof part === "string").join(", ");
    if (said !== "") return said.replace(/[^\x20-\x7e]/g, "?").slice(0, 300);
  } catch {
    // Not a problem document: the status has to do.
  }
  return "no reason given";
}
