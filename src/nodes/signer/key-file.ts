// A signing key as it lies on a disk: encrypted with AES-256-GCM under a key that scrypt (RFC 7914) derives from a passphrase. All
// that is not secret is authenticated with it, so that a file cannot be passed off as that of another epoch. The checksum tells a
// damaged file from a wrong passphrase, which a failed authentication alone does not.
import { createCipheriv, createDecipheriv, createHash, scrypt } from "node:crypto";
import { promisify } from "node:util";

import { canonicalJson } from "../../shared/canonical-json.js";
import { DocumentReader, type JsonObject } from "../../shared/document.js";
import { DomainError } from "../../shared/errors.js";
import type { Secret } from "../../shared/secret.js";
import { SigningKey } from "../../stm/keys.js";
import { NodeError } from "../protocol/errors.js";

const FORMAT = "touchstone-signing-key-v1";
const CIPHER = "aes-256-gcm";

/** N, r and p of scrypt, as RFC 7914 names them. 128 · N · r bytes of memory. */
export interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB and about half a second for each guess. */
export const SCRYPT_COST: ScryptCost = { n: 2 ** 17, r: 8, p: 1 };

/** What a file may ask of this process at most: a damaged one must not exhaust it. */
const MAX_MEMORY = 2 ** 30;

const derive = promisify<string, Uint8Array, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);
const read = new DocumentReader<"nodes/key-damaged">("nodes/key-damaged");

/** Writes a key for registrations of an epoch. */
export async function encryptKey(
  key: SigningKey,
  registration: bigint,
  passphrase: Secret,
  { cost = SCRYPT_COST, randomBytes }: { cost?: ScryptCost; randomBytes: (length: number) => Uint8Array },
): Promise<string> {
  const [salt, nonce] = [randomBytes(32), randomBytes(12)];
  const open = {
    format: FORMAT,
    registration: registration.toString(),
    verificationKey: hex(key.verificationKey().bytes),
    kdf: { name: "scrypt", ...cost, salt: hex(salt) },
    cipher: { name: CIPHER, nonce: hex(nonce) },
  };
  const cipher = createCipheriv(CIPHER, await deriveKey(passphrase, salt, cost), nonce);
  cipher.setAAD(Buffer.from(canonicalJson(open)));
  const secret = Buffer.concat([cipher.update(key.toBytes()), cipher.final()]);
  const document = { ...open, secret: hex(secret), tag: hex(cipher.getAuthTag()) };
  return `${JSON.stringify({ ...document, checksum: checksumOf(document) }, null, 2)}\n`;
}

/**
 * Reads a key for registrations of an epoch; `where` names the file for messages. Throws `nodes/store-newer` for a format of a later
 * version, `nodes/key-damaged`, and `nodes/wrong-passphrase`; each ends the node.
 */
export async function decryptKey(
  text: string,
  registration: bigint,
  passphrase: Secret,
  where: string,
): Promise<SigningKey> {
  const { open, salt, nonce, cost, secret, tag } = parse(text, registration, where);
  const decipher = createDecipheriv(CIPHER, await deriveKey(passphrase, salt, cost), nonce);
  decipher.setAAD(Buffer.from(canonicalJson(open)));
  decipher.setAuthTag(tag);
  let bytes: Buffer;
  try {
    bytes = Buffer.concat([decipher.update(secret), decipher.final()]);
  } catch (cause) {
    const message = `The passphrase does not open the signing key ${where}; give the one with which it was made`;
    throw new NodeError("nodes/wrong-passphrase", message, { fate: "stop", cause });
  }
  const key = SigningKey.fromBytes(bytes);
  if (hex(key.verificationKey().bytes) === open.verificationKey) return key;
  throw damaged(where, "it holds another key than it says");
}

function parse(text: string, registration: bigint, where: string) {
  try {
    const members = ["format", "registration", "verificationKey", "kdf", "cipher", "secret", "tag", "checksum"];
    const document = read.record(JSON.parse(text), "key");
    if (document["format"] !== FORMAT && /^touchstone-signing-key-v\d+$/.test(String(document["format"]))) {
      const message = `The signing key ${where} is of the format ${String(document["format"])}, and this program reads ${FORMAT}`;
      throw new NodeError("nodes/store-newer", message, { fate: "stop" });
    }
    read.object(document, "key", members);
    const { checksum, secret, tag, ...open } = document as JsonObject & Record<"secret" | "tag", string>;
    if (checksum !== checksumOf({ ...open, secret, tag })) read.fail("key.checksum", "is not that of the file");
    read.literal(open["format"], "key.format", FORMAT);
    read.literal(open["registration"], "key.registration", registration.toString());
    const verificationKey = read.string(open["verificationKey"], "key.verificationKey", /^[0-9a-f]{192}$/);
    const kdf = read.object(open["kdf"], "key.kdf", ["name", "n", "r", "p", "salt"]);
    read.literal(kdf["name"], "key.kdf.name", "scrypt");
    const cost = {
      n: read.integer(kdf["n"], "key.kdf.n", 2, 2 ** 24),
      r: read.integer(kdf["r"], "key.kdf.r", 1, 64),
      p: read.integer(kdf["p"], "key.kdf.p", 1, 64),
    };
    if (memoryOf(cost) > MAX_MEMORY || (cost.n & (cost.n - 1)) !== 0) read.fail("key.kdf", "asks for too much");
    const cipher = read.object(open["cipher"], "key.cipher", ["name", "nonce"]);
    read.literal(cipher["name"], "key.cipher.name", CIPHER);
    return {
      open: { ...(open as Record<string, string>), verificationKey },
      cost,
      salt: bytesOf(kdf["salt"], "key.kdf.salt", 32),
      nonce: bytesOf(cipher["nonce"], "key.cipher.nonce", 12),
      secret: bytesOf(secret, "key.secret", 32),
      tag: bytesOf(tag, "key.tag", 16),
    };
  } catch (error) {
    if (error instanceof NodeError) throw error;
    if (error instanceof DomainError || error instanceof SyntaxError) throw damaged(where, error.message, error);
    throw error;
  }
}

const deriveKey = (passphrase: Secret, salt: Uint8Array, { n, r, p }: ScryptCost): Promise<Buffer> =>
  // Node counts a little more than the formula says.
  derive(passphrase.expose().normalize("NFKC"), salt, 32, { N: n, r, p, maxmem: 2 * memoryOf({ n, r, p }) });

const memoryOf = ({ n, r, p }: ScryptCost): number => 128 * r * (n + p + 2);

const checksumOf = (document: object): string =>
  createHash("sha256")
    .update(canonicalJson(document as Record<string, string>))
    .digest("hex");

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const bytesOf = (value: unknown, name: string, length: number): Buffer =>
  Buffer.from(read.string(value, name, new RegExp(`^[0-9a-f]{${2 * length}}$`)), "hex");

function damaged(where: string, problem: string, cause?: unknown): NodeError {
  const message = `The signing key ${where} cannot be used (${problem}); restore it from a backup, or remove it and sign nothing in its epoch`;
  return new NodeError("nodes/key-damaged", message, { fate: "stop", cause });
}
