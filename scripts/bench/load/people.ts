// The people of the load benchmark, made before anything is measured: accounts, and credentials that nobody has seen before. A
// credential is kept as the bytes that set it apart; the document is written when it is sent.
import { createHash, randomFillSync } from "node:crypto";

import { getAddress } from "ethers";

import type { SignedContent } from "../../../src/passport/credential/credential.js";
import { formatInstant, STAMP_LIFETIME } from "../../../src/passport/credential/dates.js";
import { credentialDigest } from "../../../src/passport/credential/digest.js";
import { encodeCredential } from "../../../src/passport/credential/encode.js";
import { memorySigner } from "../../../src/passport/signature.js";
import { keccak } from "../../../src/shared/keccak.js";

export const SUBMITS = 4;
/** Of the sites that the service signs people in to. */
const SITE = "localhost";
const NULLIFIER = 32;
const SIGNATURE = 65;

export interface Stamps {
  readonly least: number;
  readonly most: number;
}

const hash = (text: string): Buffer => createHash("sha256").update(text).digest();

export class People {
  readonly #issuer = memorySigner(hash("load issuer"));
  readonly #providers: readonly string[];
  readonly #stamps: Stamps;
  readonly #date = formatInstant(Math.floor(Date.now() / 1000));
  readonly #expiry = formatInstant(Math.floor(Date.now() / 1000) + STAMP_LIFETIME);
  readonly #addresses: string[] = [];
  readonly #nullifiers: Buffer;
  readonly #signatures: Buffer;
  #next = 0;

  constructor(count: number, stamps: Stamps, providers: readonly string[]) {
    const credentials = count * SUBMITS * stamps.most;
    this.#nullifiers = randomFillSync(Buffer.allocUnsafe(credentials * NULLIFIER));
    this.#signatures = Buffer.alloc(credentials * SIGNATURE);
    this.#stamps = stamps;
    this.#providers = providers;
    this.count = count;
  }

  readonly count: number;

  get issuer(): string {
    return `did:ethr:${this.#issuer.address}`;
  }

  /** How many have been taken. */
  get taken(): number {
    return this.#next;
  }

  /** Makes the accounts and signs their credentials; gives how many credentials there are. */
  async prepare(): Promise<number> {
    let credentials = 0;
    for (let person = 0; person < this.count; person += 1) {
      const signer = memorySigner(keyOf(person));
      this.#addresses.push(getAddress(signer.address));
      for (let submit = 0; submit < SUBMITS; submit += 1) {
        for (let stamp = 0; stamp < this.#amount(person, submit); stamp += 1) {
          const signature = await this.#issuer.sign(credentialDigest(this.#content(person, submit, stamp)));
          this.#signatures.write(signature.slice(2), this.#place(person, submit, stamp) * SIGNATURE, "hex");
          credentials += 1;
        }
      }
    }
    return credentials;
  }

  /** Somebody whom nobody has seen yet. */
  take(): number {
    if (this.#next === this.count) throw new Error("more people came than were prepared");
    return this.#next++;
  }

  address(person: number): string {
    return this.#addresses[person] as string;
  }

  /** How many stamps a submission holds: between the least and the most, the same for the same person and submission. */
  #amount(person: number, submit: number): number {
    const { least, most } = this.#stamps;
    return least + ((person + submit * 5) % (most - least + 1));
  }

  #place(person: number, submit: number, stamp: number): number {
    return (person * SUBMITS + submit) * this.#stamps.most + stamp;
  }

  #content(person: number, submit: number, stamp: number): SignedContent {
    const at = this.#place(person, submit, stamp) * NULLIFIER;
    const nullifier = this.#nullifiers.subarray(at, at + NULLIFIER).toString("base64");
    const provider = (person + submit * this.#stamps.most + stamp) % this.#providers.length;
    return {
      form: "touchstone",
      issuer: this.issuer,
      subject: `did:pkh:eip155:1:${this.address(person)}`,
      provider: this.#providers[provider] as string,
      nullifiers: [`v1:${nullifier}`],
      issuanceDate: this.#date,
      expirationDate: this.#expiry,
      created: this.#date,
      verificationMethod: `${this.issuer}#controller`,
    };
  }

  /** The body of a submission. */
  submission(person: number, submit: number): { body: string; stamps: number } {
    const stamps = this.#amount(person, submit);
    const credentials = Array.from({ length: stamps }, (_, stamp) => {
      const at = this.#place(person, submit, stamp) * SIGNATURE;
      const proof = `0x${this.#signatures.subarray(at, at + SIGNATURE).toString("hex")}`;
      return encodeCredential(this.#content(person, submit, stamp), proof);
    });
    return { body: JSON.stringify({ credentials }), stamps };
  }

  /** The body of a sign-in. */
  async session(person: number, nonce: string): Promise<string> {
    const message = [
      `${SITE} wants you to sign in with your Ethereum account:`,
      this.address(person),
      "",
      "Show me my passport.",
      "",
      `URI: http://${SITE}/passport`,
      "Version: 1",
      "Chain ID: 1",
      `Nonce: ${nonce}`,
      `Issued At: ${new Date().toISOString()}`,
    ].join("\n");
    const digest = keccak(`\x19Ethereum Signed Message:\n${Buffer.byteLength(message)}${message}`);
    return JSON.stringify({ message, signature: await memorySigner(keyOf(person)).sign(digest) });
  }
}

const keyOf = (person: number): Buffer => hash(`load person ${person}`);
