// The nodes' view of a CertificateRegistry, and the transactions that they send to it.
import type { Provider, Signer } from "ethers";

import type { Certificate, ChainAnchor } from "../certificates/certificate.js";
import type { CertificateSender } from "../nodes/aggregator/ports.js";
import type {
  Block,
  ChainClock,
  EpochParameters,
  OnChainCertificate,
  ProvenKey,
  RegisteredKey,
  Seal,
  StewardChain,
  StewardTransactions,
} from "../nodes/protocol/chain.js";
import { NodeError } from "../nodes/protocol/errors.js";
import { DomainError } from "../shared/errors.js";
import { proofFromHex } from "../stm/encoding/json.js";
import type { CertificateRegistryGateway } from "./certificate-registry.js";
import { isContractsFault } from "./contract-fault.js";
import { encodeRegistration } from "./key-registration.js";
import { SEAL_PAGE, sealEpoch } from "./seal-epoch.js";
import { sendCall, type SendSettings } from "./send-call.js";
import { encodeProof } from "./stm-calldata.js";

/** Reads a registry for a node. Failures of the chain's node are `nodes/chain-unavailable`; the contract's own pass through. */
export class RegistryView implements StewardChain {
  readonly registry: { readonly chainId: bigint; readonly address: string };
  readonly #gateway: CertificateRegistryGateway;
  readonly #provider: Provider;

  constructor(chainId: bigint, gateway: CertificateRegistryGateway, provider: Provider) {
    this.registry = { chainId, address: gateway.address.toLowerCase() };
    this.#gateway = gateway;
    this.#provider = provider;
  }

  clock(): Promise<ChainClock> {
    return guarded(async () => {
      // The epoch of the head that is shown, not of a block that came between two questions.
      const [head, { genesis, epochLength }, state] = await Promise.all([
        this.#provider.getBlock("latest"),
        this.#gateway.clock(),
        this.#gateway.chain(),
      ]);
      if (head === null) throw new Error("the node has no latest block");
      const timestamp = BigInt(head.timestamp);
      const epoch = timestamp < genesis ? 0n : (timestamp - genesis) / epochLength + 1n;
      const { lastCertified, permitted } = state;
      return { head: { number: BigInt(head.number), timestamp }, epoch, lastCertified, permitted };
    });
  }

  block(number: bigint): Promise<Block | undefined> {
    return guarded(async () => {
      const found = await this.#provider.getBlock(Number(number));
      return found === null ? undefined : { number: BigInt(found.number), timestamp: BigInt(found.timestamp) };
    });
  }

  parametersOf(epoch: bigint): Promise<EpochParameters> {
    return guarded(async () => {
      const { stm, hash, minimumStake } = await this.#gateway.parametersOf(epoch);
      return { ...stm, hash: hash.slice(2), minimumStake };
    });
  }

  registrationsOf(epoch: bigint): Promise<RegisteredKey[]> {
    return guarded(async () => {
      const keys = await this.#gateway.registrations(epoch);
      return keys.map(({ steward, verificationKey }) => ({ steward: steward.toLowerCase(), verificationKey }));
    });
  }

  stakesOf(epoch: bigint, stewards: readonly string[]): Promise<bigint[]> {
    return guarded(async () => {
      const staked = await this.#gateway.registrants(epoch);
      const stakes = new Map(staked.map(({ steward, stake }) => [steward.toLowerCase(), stake]));
      return stewards.map((steward) => stakes.get(steward) ?? 0n);
    });
  }

  sealOf(epoch: bigint): Promise<Seal> {
    return guarded(async () => {
      const { status, key } = await this.#gateway.sealOf(epoch);
      return status === "sealed" && key !== undefined
        ? { status, key }
        : { status: status === "blocked" ? "blocked" : "open" };
    });
  }

  certifiedEpoch(epoch: bigint): Promise<OnChainCertificate | undefined> {
    return guarded(async () => {
      const found = await this.#gateway.certifiedEpoch(epoch);
      if (found === undefined) return undefined;
      const { snapshot, stakeDistributionRoot, certifiedAt, anchor } = found;
      return {
        scoresRoot: snapshot?.scoresRoot,
        snapshotDigest: snapshot?.snapshotDigest,
        snapshotBlock: snapshot?.snapshotBlock ?? -1n,
        stakeDistributionRoot,
        certifiedAt,
        anchor,
      };
    });
  }

  anchors(): Promise<ChainAnchor[]> {
    return guarded(async () => {
      const anchors = await this.#gateway.anchors();
      return anchors.map(({ number, epoch, aggregateKey, parametersHash }) => {
        return { number, epoch, aggregateKey, parametersHash: parametersHash.slice(2) };
      });
    });
  }
}

/** A node has other work than to wait for one transaction: it looks at the chain again in its next step, and sends in its place. */
const NODES: SendSettings = { patienceMilliseconds: 60_000 };

/** Transactions to a registry by one account. What is not mined in time is `nodes/chain-unavailable`: to be tried again. */
export async function stewardTransactions(
  gateway: CertificateRegistryGateway,
  signer: Signer,
  settings = NODES,
): Promise<StewardTransactions> {
  const account = (await signer.getAddress()).toLowerCase();
  return {
    account,
    register: (epoch, { verificationKey, proof, binding }: ProvenKey) =>
      guarded(async () => {
        const step = await gateway.register(epoch, account, encodeRegistration(verificationKey, proof, binding));
        if ("call" in step) await sendCall(signer, step.call, settings).catch(asRegistrationRefusal);
      }),
    seal: (epoch) => guarded(async () => void (await sealEpoch(gateway, epoch, signer, SEAL_PAGE, settings))),
  };
}

/** Brings certificates to a registry. */
export function certificateSender(
  gateway: CertificateRegistryGateway,
  signer: Signer,
  settings = NODES,
): CertificateSender {
  return { send: (certificate) => guarded(() => send(gateway, signer, certificate, settings)) };
}

async function send(
  gateway: CertificateRegistryGateway,
  signer: Signer,
  { content, epoch }: Certificate,
  settings: SendSettings,
): Promise<"anchored" | "superseded"> {
  if (content.kind === "genesis") return "anchored"; // it repeats what the registry says
  const { scores: snapshot, stakeDistributionRoot } = content.message;
  const { epoch: now } = await gateway.clock();
  // The registry takes certificates of its epoch and of the one before it.
  if (epoch + 1n < now) return "superseded";
  const held = await gateway.certifiedEpoch(epoch);
  if (held !== undefined) {
    const block = held.snapshot?.snapshotBlock ?? 0n;
    const wanted = snapshot?.snapshotBlock ?? 0n;
    if (wanted <= block) return wanted === block ? "anchored" : "superseded";
  }
  const step = await gateway.certify(
    { epoch, snapshot, stakeDistributionRoot },
    encodeProof(proofFromHex(content.proof)),
  );
  if ("done" in step) return "superseded";
  try {
    await sendCall(signer, step.call, settings);
    return "anchored";
  } catch (error) {
    // Somebody else may have brought it between our question and our transaction.
    const after = await gateway.certifiedEpoch(epoch);
    const block = after?.snapshot?.snapshotBlock ?? 0n;
    if (after !== undefined && block >= (snapshot?.snapshotBlock ?? 0n)) return "anchored";
    throw asCertificateRefusal(error);
  }
}

/** A transaction that others overtook is no fault of the contract: the next look at the chain says what is left to do. */
const isSendFailure = ({ code }: DomainError): boolean =>
  code === "chain/refused" || code === "chain/reverted" || code === "chain/not-mined";

/** What lies in the certificate itself, or in what the epoch has for good: no repetition changes it. */
const FINAL_REFUSALS = /^(Stm\w+|Bls12381\w+|Certificate(Incomplete|DistributionChanged|EpochBlocked))\(/;

/**
 * A refusal that is not final may be that of a chain that is not there yet: a node that lags behind shows an older epoch and keys that
 * are not sealed, and governance may permit a gap. One that is not understood may be anything.
 */
function asCertificateRefusal(error: unknown): unknown {
  const refused = error instanceof DomainError && error.code === "chain/refused";
  if (!refused && (error instanceof DomainError || !isContractsFault(error))) return error;
  const final = refused && FINAL_REFUSALS.test(String(error.details["reason"]));
  const code = final ? "nodes/certificate-refused" : "nodes/certificate-postponed";
  return new NodeError(code, error instanceof Error ? error.message : String(error), { cause: error });
}

/** What no repetition in the same epoch changes. */
const LASTING_REFUSALS = /^Registration(StakeTooLow|Full|KeyTaken)\(/;

function asRegistrationRefusal(error: unknown): never {
  if (error instanceof DomainError && LASTING_REFUSALS.test(String(error.details["reason"]))) {
    throw new NodeError("nodes/registration-refused", error.message, { cause: error });
  }
  throw error;
}

/** Does what asks the chain for a node: an answer that does not come is `nodes/chain-unavailable`. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NodeError || (error instanceof DomainError && !isSendFailure(error))) throw error;
    if (isContractsFault(error) && !(error instanceof DomainError)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new NodeError("nodes/chain-unavailable", `The chain does not do what was asked: ${reason}`, { cause: error });
  }
}
