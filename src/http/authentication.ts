import type { Clock } from "../shared/clock.js";
import { unixSeconds } from "../shared/clock.js";
import type { Secret } from "../shared/secret.js";
import { COMPATIBILITY_HEADER, compatibilitySignature } from "./compatibility.js";
import { inRanges, type AddressRange } from "./peers.js";
import {
  CLIENT_ADDRESS_HEADER,
  equalSignatures,
  KEY_HEADER,
  NONCE_HEADER,
  requestSignature,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from "./request-signature.js";

export type Role = "frontend" | "operator";

export interface AuthenticationSettings {
  readonly secrets: Readonly<Record<Role, Secret<Uint8Array>>>;
  readonly allowedPeers: readonly AddressRange[];
  /** How far a request's timestamp may be from our clock, in seconds. */
  readonly timestampWindow: number;
  /** Accepts the original distribution's header from front ends, without replay protection. */
  readonly compatibility: boolean;
}

/** Why a request was refused: for the log and the metrics, never for the caller. */
export type Refusal =
  "peer" | "headers" | "key" | "signature" | "timestamp" | "replay" | "body" | "compatibility-signature";

export interface Caller {
  readonly role: Role;
  /** Absent in compatibility mode. */
  readonly nonce: string | null;
  /** Seconds since the epoch: when the nonce may be forgotten. */
  readonly nonceExpiresAt: number;
  /** The end user's address as the front end forwarded it, else the peer's. */
  readonly clientAddress: string;
  readonly compatibility: boolean;
}

export interface IncomingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly peer: string | undefined;
  readonly body: Uint8Array;
}

const NONCE = /^[0-9a-zA-Z_-]{16,64}$/;
const TIMESTAMP = /^[1-9][0-9]{9,11}$/;

/** Decides who calls, from the connection, the headers and the raw body alone; replays are the admission's affair. */
export class Authenticator {
  readonly #settings: AuthenticationSettings;
  readonly #clock: Clock;

  constructor(settings: AuthenticationSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  allowsPeer(peer: string | undefined): boolean {
    return inRanges(peer, this.#settings.allowedPeers);
  }

  authenticate(request: IncomingRequest): Caller | Refusal {
    if (!this.allowsPeer(request.peer)) return "peer";
    const header = (name: string) => {
      const value = request.headers[name];
      return typeof value === "string" ? value : "";
    };
    if (this.#settings.compatibility && header(COMPATIBILITY_HEADER) !== "") {
      return this.#authenticateOriginal(request, header(COMPATIBILITY_HEADER), header(CLIENT_ADDRESS_HEADER));
    }
    const key = header(KEY_HEADER);
    const timestamp = header(TIMESTAMP_HEADER);
    const nonce = header(NONCE_HEADER);
    const clientAddress = header(CLIENT_ADDRESS_HEADER);
    if (!TIMESTAMP.test(timestamp) || !NONCE.test(nonce)) return "headers";
    const role: Role = key === "operator" ? "operator" : "frontend";
    const { method, url: path, body } = request;
    const parts = { method, path, timestamp, nonce, clientAddress, body };
    const expected = requestSignature(this.#settings.secrets[role], parts);
    if (!equalSignatures(expected, header(SIGNATURE_HEADER))) return "signature";
    if (key !== role) return "key";
    const window = this.#settings.timestampWindow;
    if (Math.abs(unixSeconds(this.#clock) - Number(timestamp)) > window) return "timestamp";
    return {
      role,
      nonce,
      nonceExpiresAt: Number(timestamp) + 2 * window + 1,
      clientAddress: clientAddress === "" ? (request.peer ?? "") : clientAddress,
      compatibility: false,
    };
  }

  #authenticateOriginal(request: IncomingRequest, given: string, clientAddress: string): Caller | Refusal {
    try {
      const expected = compatibilitySignature(this.#settings.secrets.frontend, request.body);
      if (given !== given.toUpperCase() || !equalSignatures(expected, given)) return "compatibility-signature";
    } catch {
      return "compatibility-signature"; // no JSON
    }
    return {
      role: "frontend",
      nonce: null,
      nonceExpiresAt: 0,
      clientAddress: clientAddress === "" ? (request.peer ?? "") : clientAddress,
      compatibility: true,
    };
  }
}
