import { mkdir, open, readFile, stat } from "node:fs/promises";
import path from "node:path";

import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { PrivateKey } from "@libp2p/interface";

import { DomainError } from "../shared/errors.js";

/**
 * The node's identity: an Ed25519 key in libp2p's protobuf form, base64, readable by its owner alone. Made the first time. It says
 * who a node is to its peers, and nothing about its steward; whoever loses it makes a new one and tells the peers the new name.
 * Throws `p2p/bad-key` for a file that is something else, or that others may read.
 */
export async function loadIdentity(file: string): Promise<PrivateKey> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new DomainError("p2p/bad-key", `${file} cannot be read: ${error.message}`);
  });
  if (text === undefined) return create(file);
  if (((await stat(file)).mode & 0o077) !== 0) {
    throw new DomainError("p2p/bad-key", `${file} may be read by others than its owner; chmod 600 it`);
  }
  try {
    return privateKeyFromProtobuf(Buffer.from(text.trim(), "base64"));
  } catch {
    throw new DomainError("p2p/bad-key", `${file} holds no libp2p private key`);
  }
}

async function create(file: string): Promise<PrivateKey> {
  const key = await generateKeyPair("Ed25519");
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  // Exclusive: of two processes that begin at once, the second one fails instead of being a stranger after its next start.
  const handle = await open(file, "wx", 0o600).catch((error: Error) => {
    throw new DomainError("p2p/bad-key", `${file} cannot be written: ${error.message}`);
  });
  try {
    await handle.writeFile(`${Buffer.from(privateKeyToProtobuf(key)).toString("base64")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
}
