import { hashMessage } from "ethers";
import { createHmac, timingSafeEqual } from "node:crypto";

import type { Clock } from "../shared/clock.js";
import { DomainError } from "../shared/errors.js";
import type { Secret } from "../shared/secret.js";
import { recoverSigner } from "./signature.js";
import { checkSiwe, parseSiwe, type SiweErrorCode, type SiweRules } from "./siwe.js";

export interface NonceStore {
  /** Times are seconds since the epoch. */
  addNonce(nonce: string, expiresAt: number): Promise<void>;
  /** True for exactly one of all calls with a nonce, and only before it expires. */
  consumeNonce(nonce: string, now: number): Promise<boolean>;
}

/** ERC-1271: whether a contract account accepts a signature. False where no contract is. */
export interface ContractSignatures {
  accepts(account: string, digest: string, signature: string): Promise<boolean>;
}

export interface SignInSettings extends SiweRules {
  /** Seconds that a nonce lives. */
  readonly nonceLifetime: number;
  /** Seconds that a session lives. */
  readonly sessionLifetime: number;
  /** Signs sessions; the same for all processes of a service. */
  readonly sessionSecret: Secret<Uint8Array>;
}

export interface SignInPorts {
  readonly nonces: NonceStore;
  /** Null where no chain is configured: then contract accounts cannot sign in. */
  readonly contracts: ContractSignatures | null;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
}

export interface Session {
  readonly token: string;
  /** Lower-case address. */
  readonly account: string;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

const SIGNATURE = /^0x(?:[0-9a-fA-F]{2}){1,4096}$/;

/** Proof that somebody holds an account: a nonce of ours, signed once, gives a session. */
export class SignIn {
  readonly #settings: SignInSettings;
  readonly #ports: SignInPorts;

  constructor(settings: SignInSettings, ports: SignInPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /** `size` is in bytes. */
  async nonce(size = 16): Promise<{ nonce: string; expiresAt: number }> {
    const { nonces, clock, randomBytes } = this.#ports;
    const nonce = Buffer.from(randomBytes(size)).toString("hex");
    const expiresAt = Math.floor(clock.now() / 1000) + this.#settings.nonceLifetime;
    await nonces.addNonce(nonce, expiresAt);
    return { nonce, expiresAt };
  }

  /** Checks a signed message and spends its nonce, last of all. Throws a `siwe/…` error. */
  async verify(text: string, signature: string): Promise<Session> {
    const now = this.#ports.clock.now();
    const message = parseSiwe(text);
    checkSiwe(message, this.#settings, now);
    const account = message.address.toLowerCase();
    if (!(await this.#isSigned(account, hashMessage(text), signature))) {
      throw new DomainError<SiweErrorCode>("siwe/bad-signature", "the account did not sign this message");
    }
    const seconds = Math.floor(now / 1000);
    if (!(await this.#ports.nonces.consumeNonce(message.nonce, seconds))) {
      throw new DomainError<SiweErrorCode>("siwe/nonce", "the nonce is unknown, was used, or has expired");
    }
    const expiresAt = seconds + this.#settings.sessionLifetime;
    return { token: this.#seal(account, expiresAt), account, expiresAt };
  }

  /** Checks an account's signature over a text of ours, and spends the nonce in it. Throws `siwe/bad-signature` or `siwe/nonce`. */
  async confirm(account: string, text: string, nonce: string, signature: string): Promise<void> {
    if (!(await this.#isSigned(account, hashMessage(text), signature))) {
      throw new DomainError<SiweErrorCode>("siwe/bad-signature", "Address does not match signature");
    }
    if (!(await this.#ports.nonces.consumeNonce(nonce, Math.floor(this.#ports.clock.now() / 1000)))) {
      throw new DomainError<SiweErrorCode>("siwe/nonce", "Invalid nonce");
    }
  }

  async #isSigned(account: string, digest: string, signature: string): Promise<boolean> {
    if (!SIGNATURE.test(signature)) return false;
    const signer = recoverSigner(Buffer.from(digest.slice(2), "hex"), signature.toLowerCase());
    if (signer === account) return true;
    return (await this.#ports.contracts?.accepts(account, digest, signature)) ?? false;
  }

  #seal(account: string, expiresAt: number): string {
    const content = `${account}.${expiresAt}`;
    return `${content}.${this.#mac(content).toString("base64url")}`;
  }

  #mac(content: string): Buffer {
    return createHmac("sha256", this.#settings.sessionSecret.expose())
      .update(`touchstone-session-v1.${content}`)
      .digest();
  }

  /** The account of a session's token; undefined for a forged or expired one. */
  accountOf(token: string): string | undefined {
    const [account = "", expiresAt = "", mac = "", more] = token.split(".");
    if (more !== undefined || !/^[1-9][0-9]{0,12}$/.test(expiresAt)) return undefined;
    const [given, expected] = [Buffer.from(mac, "base64url"), this.#mac(`${account}.${expiresAt}`)];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    return this.#ports.clock.now() < Number(expiresAt) * 1000 ? account : undefined;
  }
}
