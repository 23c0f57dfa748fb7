import { readFile, writeFile } from "node:fs/promises";

import { DomainError } from "../../src/shared/errors.js";
import { SigningKey } from "../../src/stm/keys.js";

/** `certificate/key-file`: a file that holds no signing key, or cannot be read or made. */
export type KeyFileErrorCode = "certificate/key-file";

/**
 * The signing key of a file with 64 hexadecimal digits. A file that is not there is made, for its owner alone, unless nothing
 * is to be kept. It is not encrypted: signer nodes keep theirs in a keystore; this is for a steward who registers by hand.
 */
export async function openKey(
  file: string,
  randomBytes: (length: number) => Uint8Array,
  keep: boolean,
): Promise<SigningKey> {
  let text: string;
  try {
    text = (await readFile(file, "utf8")).trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw fault(file, "cannot be read", cause);
    const key = SigningKey.fromKeyMaterial(randomBytes(32));
    if (keep) await save(file, key);
    return key;
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) throw fault(file, "does not hold 64 hexadecimal digits");
  return SigningKey.fromBytes(Uint8Array.from(Buffer.from(text, "hex")));
}

/** Never over another key: whoever loses an epoch's key cannot sign in it. */
async function save(file: string, key: SigningKey): Promise<void> {
  try {
    await writeFile(file, `${Buffer.from(key.toBytes()).toString("hex")}\n`, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    throw fault(file, "cannot be made", cause);
  }
}

const fault = (file: string, problem: string, cause?: unknown) =>
  new DomainError<KeyFileErrorCode>("certificate/key-file", `The key file ${file} ${problem}.`, { file }, { cause });
