// Aggregators as others see them: honest, silent, and lying.
import type { Certificate, CertificateDraft } from "../../../src/certificates/certificate.js";
import { makeCertificate } from "../../../src/certificates/certificate.js";
import { type CertificateMessage, certificateMessageHash } from "../../../src/certificates/certificate-message.js";
import type { Entity } from "../../../src/certificates/entity.js";
import { signedBytes } from "../../../src/certificates/message.js";
import { ClientError } from "../../../src/nodes/client/errors.js";
import type { CertificatePage, CertificateSource } from "../../../src/nodes/client/ports.js";
import type { EpochView } from "../../../src/nodes/protocol/epoch-keys.js";
import { readEpoch } from "../../../src/nodes/protocol/epoch-keys.js";
import type { SoftwareShare, SoftwareSource } from "../../../src/nodes/watcher/ports.js";
import { aggregate } from "../../../src/stm/aggregate.js";
import { proofToHex } from "../../../src/stm/encoding/json.js";
import type { SingleSignature } from "../../../src/stm/proof.js";
import { sign } from "../../../src/stm/sign.js";
import type { FakeChain } from "./fake-chain.js";
import { type network, stepAll } from "./network.js";

interface Stepped {
  step(): Promise<string>;
}
type Network = ReturnType<typeof network>;

/** Serves certificates, page by page; what a test changes is a lie. */
export class TestSource implements CertificateSource, SoftwareSource {
  readonly name: string;
  readonly page = 3;
  /** Oldest first. */
  certificates: () => readonly Certificate[];
  down = false;
  shares: SoftwareShare[] | undefined = undefined;
  /** How often a certificate was asked for. */
  asked = 0;

  constructor(name: string, certificates: () => readonly Certificate[]) {
    this.name = name;
    this.certificates = certificates;
  }

  async list(before?: string): Promise<CertificatePage> {
    this.#answer();
    const all = this.certificates().map(({ hash, epoch, content }, at) => ({
      sequence: BigInt(at + 1),
      hash,
      epoch,
      entity: content.kind === "genesis" ? undefined : content.entity,
    }));
    const older = all.reverse().filter(({ sequence }) => before === undefined || sequence < BigInt(before));
    const items = older.slice(0, this.page);
    return { items, next: older.length > items.length ? items.at(-1)?.sequence.toString() : undefined };
  }

  async certificate(hash: string): Promise<Certificate | undefined> {
    this.#answer();
    this.asked += 1;
    return this.certificates().find((certificate) => certificate.hash === hash);
  }

  async software(): Promise<SoftwareShare[] | undefined> {
    this.#answer();
    return this.shares;
  }

  #answer(): void {
    if (this.down) throw new ClientError("client/unavailable", `${this.name} cannot be reached`);
  }
}

/** An honest source over an aggregator of a network. */
export const sourceOf = ({ aggregators }: Network, which = 0): TestSource => {
  const node = aggregators[which]!;
  return new TestSource(node.name, () => node.store.certificates.map(({ certificate }) => certificate));
};

/** Brings a network to the middle of an epoch, with a certificate of stakes and one of scores in each from the third on. */
export async function runToEpoch(
  { chain, signers, aggregators }: Pick<Network, "chain" | "signers"> & { aggregators: readonly Stepped[] },
  last: bigint,
): Promise<void> {
  for (;;) {
    await stepAll([...aggregators, ...signers, ...aggregators], 2);
    await stepAll([...signers, ...aggregators], 5);
    chain.mine(40n);
    await stepAll([...signers, ...aggregators], 5);
    if (chain.epoch === last) return;
    chain.nextEpoch();
  }
}

export async function viewOf(chain: FakeChain, epoch: bigint): Promise<EpochView> {
  const view = await readEpoch(chain, epoch);
  if ("reason" in view) throw new Error(`epoch ${epoch} cannot be signed: ${view.reason}`);
  return view;
}

/** The stewards of an epoch sign a message, whatever it says, as a quorum that conspires would. */
export async function conspire(
  { chain, signers }: Network,
  like: Certificate,
  changes: { message?: Partial<CertificateMessage>; entity?: Entity; previousHash?: string },
): Promise<Certificate> {
  if (like.content.kind === "genesis") throw new Error("a genesis certificate is signed by nobody");
  const { epoch, aggregateKey, parameters, metadata } = like;
  const { keys } = await viewOf(chain, epoch);
  const message = { ...like.content.message, ...changes.message };
  const bytes = signedBytes(certificateMessageHash(message));
  const signatures = signers
    .map(({ keys: own }) => sign(own.kept.get(epoch - 2n)!, bytes, keys.registration, parameters))
    .filter((signature): signature is SingleSignature => signature !== undefined);
  const proof = aggregate(signatures, bytes, keys.registration, parameters, "gas");
  const entity = changes.entity ?? like.content.entity;
  const draft: CertificateDraft = {
    ...{ epoch, aggregateKey, parameters, metadata },
    previousHash: changes.previousHash ?? like.previousHash,
    content: { kind: "multisignature", entity, message, proof: proofToHex(proof) },
  };
  return makeCertificate(draft);
}

/** A certificate with something changed and its hash made anew: it hangs together, and does not verify. */
export function tampered(certificate: Certificate, message: Partial<CertificateMessage>): Certificate {
  const { previousHash, epoch, aggregateKey, parameters, metadata, content } = certificate;
  if (content.kind === "genesis") throw new Error("a genesis certificate has no message");
  const changed = { ...content, message: { ...content.message, ...message } };
  return makeCertificate({ previousHash, epoch, aggregateKey, parameters, metadata, content: changed });
}
