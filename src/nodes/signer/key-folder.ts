// A folder with a file for each epoch in which a key is registered: keys/<epoch>.json, for its owner alone. A key is on the disk,
// flushed, before anybody hears of it: a signer whose registered key is lost cannot sign in its epoch.
import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";

import type { Secret } from "../../shared/secret.js";
import { SigningKey } from "../../stm/keys.js";
import { NodeError } from "../protocol/errors.js";
import { decryptKey, encryptKey, type ScryptCost } from "./key-file.js";
import type { KeyStore } from "./ports.js";

export interface KeyFolderSettings {
  readonly folder: string;
  readonly passphrase: Secret;
  /** Of files that are written; each file says its own. */
  readonly cost?: ScryptCost;
}

const KEY_NAME = /^(0|[1-9]\d{0,18})\.json$/;
const BESIDE = ".new";

/** One process at a time: whoever opens it holds the folder's lock. */
export class KeyFolder implements KeyStore {
  readonly #settings: KeyFolderSettings;
  /** Decrypted ones; what is under way too, so that two callers never make two keys for one epoch. */
  readonly #keys = new Map<bigint, Promise<SigningKey | undefined>>();

  private constructor(settings: KeyFolderSettings) {
    this.#settings = settings;
  }

  /** Opens the folder, or makes it. Throws `nodes/wrong-passphrase` at once, and not when an epoch's key is needed. */
  static async open(settings: KeyFolderSettings): Promise<KeyFolder> {
    const { folder } = settings;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const keys = new KeyFolder(settings);
    for (const name of await readdir(folder)) {
      // What a killed process left: nobody heard of that key.
      if (name.endsWith(BESIDE)) await erase(path.join(folder, name));
    }
    const newest = (await keys.#registrations()).at(-1);
    if (newest !== undefined) await keys.existing(newest);
    return keys;
  }

  async keyFor(registration: bigint): Promise<SigningKey> {
    const key = await this.#held(
      registration,
      async () => (await this.#read(registration)) ?? this.#make(registration),
    );
    return key ?? this.keyFor(registration); // another caller looked whether there is one, and there was none
  }

  existing(registration: bigint): Promise<SigningKey | undefined> {
    return this.#held(registration, () => this.#read(registration));
  }

  async deleteWhere(spent: (registration: bigint) => boolean): Promise<void> {
    for (const registration of (await this.#registrations()).filter(spent)) {
      this.#keys.delete(registration);
      await erase(this.#file(registration));
    }
  }

  /** In the order of their epochs. */
  async #registrations(): Promise<bigint[]> {
    const names = await readdir(this.#settings.folder);
    const found = names.flatMap((name) => KEY_NAME.exec(name)?.[1] ?? []).map(BigInt);
    return found.sort((a, b) => (a < b ? -1 : 1));
  }

  async #held(registration: bigint, load: () => Promise<SigningKey | undefined>): Promise<SigningKey | undefined> {
    const held = this.#keys.get(registration);
    if (held !== undefined) return held;
    const loading = load();
    this.#keys.set(registration, loading);
    // Only a key that is there stays: what failed, or was not there, is looked for again.
    const forget = () => void this.#keys.delete(registration);
    const key = await loading.catch((error: unknown) => {
      forget();
      throw error;
    });
    if (key === undefined) forget();
    return key;
  }

  async #read(registration: bigint): Promise<SigningKey | undefined> {
    const file = this.#file(registration);
    const found = await stat(file).catch(absent);
    if (found === undefined) return undefined;
    if (process.platform !== "win32" && (found.mode & 0o077) !== 0) {
      const message = `The signing key ${file} can be read by others than its owner; look who did, then chmod 600 it`;
      throw new NodeError("nodes/key-damaged", message, { fate: "stop" });
    }
    return decryptKey(await readFile(file, "utf8"), registration, this.#settings.passphrase, file);
  }

  async #make(registration: bigint): Promise<SigningKey> {
    const { folder, passphrase, cost } = this.#settings;
    const key = SigningKey.fromKeyMaterial(randomBytes(32));
    const text = await encryptKey(key, registration, passphrase, {
      ...(cost === undefined ? {} : { cost }),
      randomBytes,
    });
    const file = this.#file(registration);
    const beside = `${file}.${process.pid}${BESIDE}`;
    const handle = await open(beside, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Whatever the umask took away or left.
    await chmod(beside, 0o600);
    // A link fails where there is a file: no key ever replaces another one.
    await link(beside, file);
    await rm(beside);
    await syncFolder(folder);
    return key;
  }

  #file(registration: bigint): string {
    return path.join(this.#settings.folder, `${registration}.json`);
  }
}

/**
 * Overwrites a file and removes it. On disks that write elsewhere what is overwritten (flash, snapshots of a file system) the old
 * bytes may stay for a while; what stays is encrypted.
 */
async function erase(file: string): Promise<void> {
  const handle = await open(file, "r+").catch(absent);
  if (handle === undefined) return;
  try {
    const { size } = await handle.stat();
    await handle.write(randomBytes(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rm(file, { force: true });
  await syncFolder(path.dirname(file));
}

/** A name is on the disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return; // folders cannot be opened there
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function absent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
  throw error;
}
