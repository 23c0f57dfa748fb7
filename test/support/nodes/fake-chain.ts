// A registry without a chain: epochs move when a test says so, keys are sealed by the scheme itself. Proofs of possession and
// bindings are verified as the contract does.
import { createHash } from "node:crypto";

import type { Certificate, ChainAnchor } from "../../../src/certificates/certificate.js";
import { certificateMessageHash } from "../../../src/certificates/certificate-message.js";
import { parametersHash } from "../../../src/certificates/parameters-hash.js";
import { signedBytes } from "../../../src/certificates/message.js";
import type { CertificateSender } from "../../../src/nodes/aggregator/ports.js";
import type {
  Block,
  ChainClock,
  EpochParameters,
  OnChainCertificate,
  RegisteredKey,
  Seal,
  StewardChain,
  StewardTransactions,
} from "../../../src/nodes/protocol/chain.js";
import { NodeError } from "../../../src/nodes/protocol/errors.js";
import { verifyBoundKey } from "../../../src/stm/binding.js";
import { proofFromHex } from "../../../src/stm/encoding/json.js";
import { VerificationKey } from "../../../src/stm/keys.js";
import type { StmParameters } from "../../../src/stm/parameters.js";
import { closeRegistration } from "../../../src/stm/registration.js";
import { verifyProof } from "../../../src/stm/verify.js";

export const BLOCKS_PER_EPOCH = 100n;

export class FakeChain implements StewardChain {
  readonly registry = { chainId: 31_337n, address: `0x${"c0".repeat(20)}` };
  readonly parameters: StmParameters;
  /** Stakes by steward; what counts for an epoch is what stands here when it ends. */
  readonly stakes = new Map<string, bigint>();
  readonly certified = new Map<bigint, OnChainCertificate & { hash: string }>();
  head: Block = { number: 0n, timestamp: 1_700_000_000n };
  epoch = 1n;
  permitted: ChainClock["permitted"] = { first: 3n, last: 3n };
  down = false;
  readonly #registered = new Map<bigint, RegisteredKey[]>();
  readonly #sampled = new Map<bigint, Map<string, bigint>>();
  readonly #seals = new Map<bigint, Seal>();
  readonly #anchors: ChainAnchor[] = [];

  constructor(parameters: StmParameters) {
    this.parameters = parameters;
  }

  /** Moves the head on inside the epoch. */
  mine(blocks: bigint): void {
    this.head = { number: this.head.number + blocks, timestamp: this.head.timestamp + 12n * blocks };
  }

  nextEpoch(): void {
    this.#sampled.set(this.epoch, new Map(this.stakes));
    this.epoch += 1n;
    this.mine(BLOCKS_PER_EPOCH);
  }

  clock(): Promise<ChainClock> {
    if (this.down) return Promise.reject(new NodeError("nodes/chain-unavailable", "the chain does not answer"));
    const lastCertified = [...this.certified.keys()].reduce((last, epoch) => (epoch > last ? epoch : last), 0n);
    return Promise.resolve({ head: this.head, epoch: this.epoch, lastCertified, permitted: this.permitted });
  }

  block(number: bigint): Promise<Block | undefined> {
    if (number > this.head.number) return Promise.resolve(undefined);
    return Promise.resolve({ number, timestamp: this.head.timestamp - 12n * (this.head.number - number) });
  }

  parametersOf(_epoch: bigint): Promise<EpochParameters> {
    return Promise.resolve({ ...this.parameters, hash: parametersHash(this.parameters), minimumStake: 1n });
  }

  registrationsOf(epoch: bigint): Promise<RegisteredKey[]> {
    return Promise.resolve(this.#registered.get(epoch) ?? []);
  }

  stakesOf(epoch: bigint, stewards: readonly string[]): Promise<bigint[]> {
    return Promise.resolve(stewards.map((steward) => this.#sampled.get(epoch)?.get(steward) ?? 0n));
  }

  sealOf(epoch: bigint): Promise<Seal> {
    return Promise.resolve(this.#seals.get(epoch) ?? { status: "open" });
  }

  certifiedEpoch(epoch: bigint): Promise<OnChainCertificate | undefined> {
    return Promise.resolve(this.certified.get(epoch));
  }

  anchors(): Promise<ChainAnchor[]> {
    return Promise.resolve([...this.#anchors]);
  }

  /** Transactions of one account. */
  account(account: string): StewardTransactions {
    return {
      account,
      register: (epoch, { verificationKey: key, proof, binding }) => {
        if (epoch !== this.epoch) throw new Error("registration is open for the current epoch alone");
        const { chainId, address } = this.registry;
        const context = { chainId, registry: address, epoch, steward: account };
        verifyBoundKey({ verificationKey: key, proof }, binding, context);
        const registered = this.#registered.get(epoch) ?? [];
        if (registered.some(({ steward }) => steward === account)) throw new Error("registered already");
        this.#registered.set(epoch, [...registered, { steward: account, verificationKey: key.bytes }]);
        return Promise.resolve();
      },
      seal: (epoch) => {
        this.seal(epoch);
        return Promise.resolve();
      },
    };
  }

  seal(epoch: bigint): void {
    if (this.#seals.has(epoch) || epoch >= this.epoch) return;
    const parties = (this.#registered.get(epoch) ?? []).flatMap(({ steward, verificationKey }) => {
      const stake = this.#sampled.get(epoch)?.get(steward) ?? 0n;
      return stake === 0n ? [] : [{ verificationKey: VerificationKey.parse(verificationKey), stake }];
    });
    if (parties.length === 0) this.#seals.set(epoch, { status: "blocked" });
    else this.#seals.set(epoch, { status: "sealed", key: closeRegistration(parties).aggregateKey });
  }

  /** The contract's side of a certificate. */
  sender(): CertificateSender {
    return { send: (certificate) => this.#certify(certificate) };
  }

  async #certify(certificate: Certificate): Promise<"anchored" | "superseded"> {
    const { content, epoch, hash } = certificate;
    if (content.kind === "genesis") return "superseded";
    if (epoch !== this.epoch && epoch + 1n !== this.epoch) return "superseded";
    const { message } = content;
    const before = this.certified.get(epoch);
    if (before !== undefined && (message.scores?.snapshotBlock ?? -1n) <= before.snapshotBlock) return "superseded";
    const seal = this.#seals.get(epoch - 2n);
    if (seal?.status !== "sealed") throw new Error("the epoch has no key");
    verifyProof(proofFromHex(content.proof), signedBytes(certificateMessageHash(message)), seal.key, this.parameters);
    const { lastCertified } = await this.clock();
    if (lastCertified < epoch - 1n) {
      const { permitted } = this;
      if (permitted === undefined || epoch < permitted.first || epoch > permitted.last) throw new Error("a gap");
      this.permitted = undefined;
      this.#anchors.push({
        number: this.#anchors.length + 1,
        epoch,
        aggregateKey: seal.key,
        parametersHash: parametersHash(this.parameters),
      });
    }
    this.certified.set(epoch, {
      hash,
      scoresRoot: message.scores?.scoresRoot,
      snapshotDigest: message.scores?.snapshotDigest,
      snapshotBlock: message.scores?.snapshotBlock ?? -1n,
      stakeDistributionRoot: message.stakeDistributionRoot,
      certifiedAt: this.head.timestamp,
      anchor: this.#anchors.length,
    });
    return "anchored";
  }
}

/** 32 bytes that depend on a name alone. */
export const named = (name: string): string => `0x${createHash("sha256").update(name).digest("hex")}`;
