import { randomBytes } from "node:crypto";

import { DomainError } from "../shared/errors.js";
import type { Secret } from "../shared/secret.js";
import type { Role } from "./authentication.js";
import type { ClaimRequestBody } from "./claim-schemas.js";
import type { claimDocumentToWire, claimStateToWire } from "./claim-wire.js";
import type { Problem } from "./problems.js";
import {
  CLIENT_ADDRESS_HEADER,
  KEY_HEADER,
  NONCE_HEADER,
  requestSignature,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from "./request-signature.js";

export type WireClaim = ReturnType<typeof claimDocumentToWire>;
export type WireClaimState = ReturnType<typeof claimStateToWire>;

export interface ClaimClientSettings {
  /** Such as http://127.0.0.1:8787, without a path. */
  readonly url: string;
  readonly secret: Secret<Uint8Array>;
  readonly role?: Role;
  readonly timeoutMilliseconds?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The service answered with a problem; its code is the problem's. */
export class ClaimServiceError extends DomainError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code, problem.detail, problem);
    this.problem = problem;
  }
}

/** Calls the claim service as a front end or an operator does: signs each request, with a fresh nonce. */
export class ClaimClient {
  readonly #settings: ClaimClientSettings;

  constructor(settings: ClaimClientSettings) {
    this.#settings = settings;
  }

  /** `clientAddress` is the end user's IP address, for the limits. */
  claim(request: ClaimRequestBody, clientAddress = ""): Promise<WireClaim> {
    return this.#call("POST", "/v1/claims", clientAddress, request);
  }

  state(userId: number, clientAddress = ""): Promise<WireClaimState> {
    return this.#call("GET", `/v1/claims/${userId}`, clientAddress);
  }

  report(userId: number, transactionHash: string, clientAddress = ""): Promise<WireClaimState> {
    return this.#call("POST", `/v1/claims/${userId}/transactions`, clientAddress, { transactionHash });
  }

  suspend(operator: string, reason: string): Promise<{ suspended: boolean }> {
    return this.#call("POST", "/v1/operator/suspend", "", { operator, reason });
  }

  resume(operator: string, reason: string): Promise<{ suspended: boolean }> {
    return this.#call("POST", "/v1/operator/resume", "", { operator, reason });
  }

  approveRebinding(approval: { userId: number; account: string; operator: string; reason: string }) {
    return this.#call<{ suspended: boolean }>("POST", "/v1/operator/rebindings", "", approval);
  }

  /** The audit log, newline-delimited JSON. */
  async audit(after = 0): Promise<string> {
    const answer = await this.#send("GET", `/v1/operator/audit?after=${after}`, "");
    return answer.text();
  }

  async #call<T>(method: string, path: string, clientAddress: string, body?: object): Promise<T> {
    const answer = await this.#send(method, path, clientAddress, body);
    return (await answer.json()) as T;
  }

  async #send(method: string, path: string, clientAddress: string, body?: object): Promise<Response> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const { url, timeoutMilliseconds = 15_000 } = this.#settings;
    const answer = await fetch(url + path, {
      method,
      headers: this.headers(method, path, clientAddress, text),
      ...(body === undefined ? {} : { body: text }),
      signal: AbortSignal.timeout(timeoutMilliseconds),
    }).catch((error: unknown) => {
      const message = `The claim service at ${url} does not answer`;
      throw new DomainError("claims/service-unreachable", message, {}, { cause: error });
    });
    if (answer.ok) return answer;
    throw new ClaimServiceError((await answer.json()) as Problem);
  }

  /** The headers that authenticate one request; useful to callers with an HTTP client of their own. */
  headers(method: string, path: string, clientAddress: string, body: string): Record<string, string> {
    const { secret, role = "frontend", now = Date.now } = this.#settings;
    const timestamp = Math.floor(now() / 1000).toString();
    const nonce = randomBytes(16).toString("hex");
    const parts = { method, path, timestamp, nonce, clientAddress, body: Buffer.from(body) };
    return {
      ...(body === "" ? {} : { "content-type": "application/json" }),
      [KEY_HEADER]: role,
      [TIMESTAMP_HEADER]: timestamp,
      [NONCE_HEADER]: nonce,
      [CLIENT_ADDRESS_HEADER]: clientAddress,
      [SIGNATURE_HEADER]: requestSignature(secret, parts).toString("hex"),
    };
  }
}
