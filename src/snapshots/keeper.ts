// Who answers for the log: its keeper, the passport service, signs each snapshot that it publishes (EIP-712), with a key that does
// nothing else. Nodes follow what a keeper signed that they were told of, so that a mirror cannot show them a log of its own.
import { TypedDataEncoder } from "ethers";

import { recoverSigner, type DigestSigner } from "../passport/signature.js";
import { canonicalJson } from "../shared/canonical-json.js";
import { unixSeconds, type Clock } from "../shared/clock.js";
import { keccakHex } from "../shared/keccak.js";
import { SnapshotError } from "./errors.js";
import type { Manifest } from "./manifest.js";

/** Which log a signature is for. */
export interface LogDomain {
  readonly chainId: bigint;
  /** The `PassportRegistry` that the log's scores are for. */
  readonly registry: string;
}

/** What is signed. The type's name is the purpose: no other message of this system has it. */
export const LOG_SNAPSHOT_TYPES = {
  LogSnapshot: [
    { name: "digest", type: "bytes32" },
    { name: "sequence", type: "uint64" },
    { name: "block", type: "uint64" },
    { name: "createdAt", type: "uint64" },
    { name: "details", type: "bytes32" },
  ],
};

/** As EIP-712 has it. */
export const logTypedDomain = ({ chainId, registry }: LogDomain) => ({
  name: "Touchstone passport log",
  version: "1",
  chainId,
  verifyingContract: registry,
});

/** A manifest as it is signed: at a block, at a time. */
export type DatedManifest = Manifest & { readonly block: number; readonly createdAt: number };

/**
 * The message of `LOG_SNAPSHOT_TYPES`. `details` is the keccak of what the digest leaves out, as canonical JSON: nobody between the
 * keeper and a node can change a word of a manifest. The size of chunks is among it: a log of one chunk has one digest for many sizes.
 */
export const logSnapshotMessage = ({ digest, sequence, block, createdAt, ...manifest }: DatedManifest) => ({
  ...{ digest, sequence, block, createdAt },
  details: keccakHex(
    canonicalJson({
      chunkSequences: manifest.chunkSequences,
      epoch: manifest.epoch,
      scorers: manifest.scorers.map((scorer) => ({ ...scorer, root: scorer.root === null ? null : { ...scorer.root } })),
      chunks: manifest.chunks.map(({ entries, compressed }) => [entries, compressed]),
    }),
  ),
});

/** The 32 bytes that a keeper signs. */
export function logSnapshotDigest(domain: LogDomain, manifest: DatedManifest): Uint8Array {
  const hash = TypedDataEncoder.hash(logTypedDomain(domain), LOG_SNAPSHOT_TYPES, logSnapshotMessage(manifest));
  return Buffer.from(hash.slice(2), "hex");
}

/** Signs snapshots as the log's keeper. */
export class LogKeeper {
  readonly #domain: LogDomain;
  readonly #signer: DigestSigner;
  readonly #clock: Clock;

  constructor(domain: LogDomain, signer: DigestSigner, clock: Clock) {
    this.#domain = domain;
    this.#signer = signer;
    this.#clock = clock;
  }

  /** Lower-case; what nodes are told. */
  get address(): string {
    return this.#signer.address;
  }

  /** The manifest with time and signature; a snapshot without a block is published to nobody and stays as it is. */
  async sign(manifest: Manifest): Promise<Manifest> {
    const { block } = manifest;
    if (block === null) return manifest;
    const createdAt = unixSeconds(this.#clock);
    const digest = logSnapshotDigest(this.#domain, { ...manifest, block, createdAt });
    return { ...manifest, createdAt, signature: await this.#signer.sign(digest) };
  }
}

/** The keepers that a node believes: several while a key is exchanged. */
export class TrustedKeepers {
  readonly #domain: LogDomain;
  readonly #addresses: ReadonlySet<string>;

  /** Addresses of any case. */
  constructor(domain: LogDomain, addresses: readonly string[]) {
    this.#domain = domain;
    this.#addresses = new Set(addresses.map((address) => address.toLowerCase()));
  }

  /** Throws `snapshots/unsigned`, or `snapshots/foreign-keeper` for a signature of somebody else, or of something else. */
  check(manifest: Manifest): void {
    const { block, createdAt, signature, digest } = manifest;
    if (signature === null || block === null || createdAt === null) {
      throw new SnapshotError("snapshots/unsigned", `No keeper of the log signed the snapshot ${digest}`, { digest });
    }
    const signer = recoverSigner(logSnapshotDigest(this.#domain, { ...manifest, block, createdAt }), signature);
    if (signer !== undefined && this.#addresses.has(signer)) return;
    const message = `The snapshot ${digest} is signed by ${signer ?? "nobody"}, and no keeper of this log`;
    throw new SnapshotError("snapshots/foreign-keeper", message, { digest, signer });
  }

  /** Whether a keeper signed it. */
  vouchFor(manifest: Manifest): boolean {
    try {
      this.check(manifest);
      return true;
    } catch (error) {
      if (error instanceof SnapshotError) return false;
      throw error;
    }
  }
}
