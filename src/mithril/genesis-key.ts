import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

import { DomainError } from "../shared/errors.js";
import type { MithrilErrorCode } from "./errors.js";

/** An ed25519 key: 32 bytes that are a point. */
export interface GenesisKey {
  readonly bytes: Uint8Array;
  /** Where it comes from, for people. */
  readonly origin: string;
}

/** The published keys of the public networks and of the development network, hex of 32 bytes. */
const PUBLISHED = {
  mainnet: "bf428cb98a0bedcffa901b02bc1e0c519bcc0ab34b178ac4d9050e14394f27b0",
  preprod: "7f497ca1068983d5cf75c655b0c7a2f1447b77910de8f331e502f9cdcd27eb2c",
  preview: "7f497ca1068983d5cf75c655b0c7a2f1447b77910de8f331e502f9cdcd27eb2c",
  devnet: "20fdbac9b10b7587bba7b5bc163bce69e796d71e4ed44c10fcb4488689f7a144",
} as const;

export type PublishedNetwork = keyof typeof PUBLISHED;

export const isPublishedNetwork = (name: string): name is PublishedNetwork => Object.hasOwn(PUBLISHED, name);

/** The published key of a network. */
export function publishedGenesisKey(network: PublishedNetwork): GenesisKey {
  // Said with every verdict: a file calls itself what it likes.
  const caveat = network === "devnet" ? ", whose secret is public: anyone can make such a genesis" : "";
  return { bytes: hexToBytes(PUBLISHED[network]), origin: `the published key of ${network}${caveat}` };
}

/**
 * The key for certificates that came without one: the published key of the network that all of them name, or `undefined`.
 * Nothing vouches for that name, so strict verification does without this.
 */
export function genesisKeyByName(networks: readonly string[]): GenesisKey | undefined {
  const [network, ...others] = new Set(networks);
  return network !== undefined && others.length === 0 && isPublishedNetwork(network)
    ? publishedGenesisKey(network)
    : undefined;
}

/** Whether a text has the form of a key, and is no path of a file. */
export const isKeyText = (text: string): boolean => keyBytes(text.trim()) !== undefined;

/**
 * Parses a key: hex of 32 bytes, hex of the JSON list of its bytes (the form of Mithril's `.vkey` files), or that list. Throws
 * `mithril/genesis-key`; `origin` says in messages where the text comes from.
 */
export function parseGenesisKey(text: string, origin: string): GenesisKey {
  const bytes = keyBytes(text.trim());
  if (bytes === undefined) {
    throw malformed(`${origin} is no genesis key: neither 32 bytes in hex nor a list of 32 bytes, plain or in hex.`);
  }
  try {
    ed25519.Point.fromBytes(bytes);
  } catch (cause) {
    throw malformed(`${origin} is no genesis key: its bytes are no point of the curve.`, cause);
  }
  return { bytes, origin: `${origin} (${bytesToHex(bytes).slice(0, 8)}…)` };
}

/** An ed25519 signature of 64 bytes, by RFC 8032 without cofactor, and never by a key of small order. */
export function verifyGenesisSignature(signature: Uint8Array, message: Uint8Array, key: GenesisKey): boolean {
  try {
    return ed25519.verify(signature, message, key.bytes, { zip215: false });
  } catch {
    return false;
  }
}

function keyBytes(text: string): Uint8Array | undefined {
  if (/^[0-9a-fA-F]{64}$/.test(text)) return hexToBytes(text);
  const json = /^([0-9a-fA-F]{2})+$/.test(text) ? new TextDecoder().decode(hexToBytes(text)) : text;
  if (!/^\[\s*\d{1,3}\s*(,\s*\d{1,3}\s*){31}\]$/.test(json)) return undefined;
  const list = JSON.parse(json.replaceAll(/\b0+(?=\d)/g, "")) as number[];
  return list.every((byte) => byte <= 255) ? Uint8Array.from(list) : undefined;
}

const malformed = (message: string, cause?: unknown) =>
  new DomainError<MithrilErrorCode>("mithril/genesis-key", message, {}, { cause });
