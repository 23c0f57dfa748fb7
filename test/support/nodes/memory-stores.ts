// The nodes' stores in memory. A test keeps them when it ends a process, as a disk would.
import type { Certificate } from "../../../src/certificates/certificate.js";
import { entityKey, type Entity } from "../../../src/certificates/entity.js";
import type { OpenMessage } from "../../../src/certificates/open-message.js";
import type { AggregatorStore, SendOutcome } from "../../../src/nodes/aggregator/ports.js";
import type { SignatureMessage } from "../../../src/nodes/protocol/signature-message.js";
import type { KeyStore, SignedStore } from "../../../src/nodes/signer/ports.js";
import { SigningKey } from "../../../src/stm/keys.js";

export class MemoryAggregatorStore implements AggregatorStore {
  readonly certificates: { certificate: Certificate; outcome: string | undefined }[] = [];
  readonly #open = new Map<string, OpenMessage>();
  readonly #signatures = new Map<string, SignatureMessage>();

  open(message: OpenMessage): Promise<void> {
    if (!this.#open.has(message.key)) this.#open.set(message.key, message);
    return Promise.resolve();
  }

  openMessages(): Promise<OpenMessage[]> {
    return Promise.resolve([...this.#open.values()]);
  }

  close(key: string): Promise<void> {
    this.#open.delete(key);
    return Promise.resolve();
  }

  saveSignature(signature: SignatureMessage): Promise<boolean> {
    const key = `${signature.message} ${signature.steward}`;
    const held = this.#signatures.get(key)?.signature.indexes ?? [];
    const indexes = [...new Set([...held, ...signature.signature.indexes])].sort((a, b) => a - b);
    this.#signatures.set(key, { ...signature, signature: { ...signature.signature, indexes } });
    return Promise.resolve(indexes.length > held.length);
  }

  signature(message: string, steward: string): Promise<SignatureMessage | undefined> {
    return Promise.resolve(this.#signatures.get(`${message} ${steward}`));
  }

  signatures(message: string): Promise<SignatureMessage[]> {
    return Promise.resolve([...this.#signatures.values()].filter((each) => each.message === message));
  }

  countSigned(epoch: bigint, steward: string): Promise<number> {
    const all = [...this.#signatures.values()];
    return Promise.resolve(all.filter((each) => each.epoch === epoch && each.steward === steward).length);
  }

  prune(before: bigint): Promise<void> {
    for (const [key, { epoch }] of this.#signatures) if (epoch < before) this.#signatures.delete(key);
    return Promise.resolve();
  }

  saveCertificate(certificate: Certificate): Promise<void> {
    const { content } = certificate;
    if (content.kind === "multisignature") {
      this.#open.delete(entityKey(content.entity));
      if (this.#of(entityKey(content.entity)) !== undefined) return Promise.resolve();
    }
    // A genesis certificate repeats what the registry says: there is nothing to send.
    this.certificates.push({ certificate, outcome: content.kind === "genesis" ? "anchored" : undefined });
    return Promise.resolve();
  }

  certificate(hash: string): Promise<Certificate | undefined> {
    return Promise.resolve(this.certificates.find((each) => each.certificate.hash === hash)?.certificate);
  }

  firstOf(epoch: bigint): Promise<Certificate | undefined> {
    return this.#first(epoch, "multisignature");
  }

  genesisOf(epoch: bigint): Promise<Certificate | undefined> {
    return this.#first(epoch, "genesis");
  }

  isCertified(entity: string): Promise<boolean> {
    return Promise.resolve(this.#of(entity) !== undefined);
  }

  lastSnapshotBlock(epoch: bigint): Promise<bigint> {
    const blocks = this.certificates.flatMap(({ certificate: { content } }) =>
      content.kind === "multisignature" && content.entity.kind === "scores" && content.entity.epoch === epoch
        ? [content.entity.block]
        : [],
    );
    return Promise.resolve(blocks.reduce((last, block) => (block > last ? block : last), -1n));
  }

  unsent(): Promise<Certificate[]> {
    return Promise.resolve(this.certificates.filter(({ outcome }) => outcome === undefined).map((c) => c.certificate));
  }

  markSent(hash: string, outcome: SendOutcome): Promise<void> {
    const found = this.certificates.find(({ certificate }) => certificate.hash === hash);
    if (found !== undefined) found.outcome = outcome;
    return Promise.resolve();
  }

  #first(epoch: bigint, kind: string): Promise<Certificate | undefined> {
    const found = this.certificates.find(({ certificate: c }) => c.epoch === epoch && c.content.kind === kind);
    return Promise.resolve(found?.certificate);
  }

  #of(entity: string): Certificate | undefined {
    return this.certificates.find(
      ({ certificate: { content } }) => content.kind === "multisignature" && entityKey(content.entity) === entity,
    )?.certificate;
  }
}

/** Keys that a test can foresee: a number of their own for each signer. */
export class MemoryKeyStore implements KeyStore {
  readonly kept = new Map<bigint, SigningKey>();
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  keyFor(registration: bigint): Promise<SigningKey> {
    const key = this.kept.get(registration) ?? this.#make(registration);
    this.kept.set(registration, key);
    return Promise.resolve(key);
  }

  existing(registration: bigint): Promise<SigningKey | undefined> {
    return Promise.resolve(this.kept.get(registration));
  }

  deleteWhere(spent: (registration: bigint) => boolean): Promise<void> {
    for (const registration of [...this.kept.keys()]) if (spent(registration)) this.kept.delete(registration);
    return Promise.resolve();
  }

  #make(registration: bigint): SigningKey {
    const material = Buffer.alloc(32, this.#seed);
    material.writeBigUInt64BE(registration);
    return SigningKey.fromKeyMaterial(material);
  }
}

export class MemorySignedStore implements SignedStore {
  readonly entries = new Map<
    string,
    { epoch: bigint; block: bigint; signature?: SignatureMessage; done: Set<string> }
  >();

  isSettled(entity: string): Promise<boolean> {
    return Promise.resolve(this.entries.has(entity));
  }

  signed(entity: string): Promise<SignatureMessage | undefined> {
    return Promise.resolve(this.entries.get(entity)?.signature);
  }

  passOver(entity: Entity): Promise<void> {
    this.entries.set(entityKey(entity), { epoch: entity.epoch, block: blockOf(entityKey(entity)), done: new Set() });
    return Promise.resolve();
  }

  save(signature: SignatureMessage): Promise<boolean> {
    const { entity, epoch } = signature;
    if (this.entries.has(entity)) return Promise.resolve(false);
    this.entries.set(entity, { epoch, block: blockOf(entity), signature, done: new Set() });
    return Promise.resolve(true);
  }

  unpublished(epoch: bigint): Promise<{ signature: SignatureMessage; publishers: readonly string[] }[]> {
    const entries = [...this.entries.values()].filter((entry) => entry.epoch === epoch);
    return Promise.resolve(
      entries.flatMap(({ signature, done }) => (signature === undefined ? [] : [{ signature, publishers: [...done] }])),
    );
  }

  published(entity: string, publisher: string): Promise<void> {
    this.entries.get(entity)?.done.add(publisher);
    return Promise.resolve();
  }

  prune(before: bigint): Promise<void> {
    for (const [entity, { epoch }] of [...this.entries]) if (epoch < before) this.entries.delete(entity);
    return Promise.resolve();
  }

  lastSnapshotBlock(epoch: bigint): Promise<bigint> {
    const blocks = [...this.entries.values()].filter((entry) => entry.epoch === epoch).map(({ block }) => block);
    return Promise.resolve(blocks.reduce((last, block) => (block > last ? block : last), -1n));
  }
}

/** The block in the name of a snapshot; -1 for the stake distribution, which is at none. */
const blockOf = (entity: string): bigint => (entity.startsWith("scores-") ? BigInt(entity.split("-")[2] ?? "-1") : -1n);
