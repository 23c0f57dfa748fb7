// The aggregator: collects the stewards' signatures of what it computes itself, and makes a certificate of each quorum. It has no
// power: a certificate verifies without it, and another aggregator makes as good ones.
//
//   IDLE ──► BLOCKED   nothing can be signed in this epoch: no stewards, a key that nobody sealed, a gap without permission, an era
//     ▲ │              whose rules this program does not have
//     │ └──► READY ──► SIGNING ──► READY   a message is open until it is certified or too old
//     └── every state, when the epoch changes
import {
  genesisCertificate,
  makeCertificate,
  NO_PREDECESSOR,
  type Certificate,
} from "../../certificates/certificate.js";
import { entityKey } from "../../certificates/entity.js";
import { signedBytes } from "../../certificates/message.js";
import { isExpired, openMessage, type OpenMessage } from "../../certificates/open-message.js";
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import { aggregate } from "../../stm/aggregate.js";
import { proofToHex } from "../../stm/encoding/json.js";
import { StmError } from "../../stm/errors.js";
import type { ConcatenationProof } from "../../stm/proof.js";
import { unknownActive } from "../eras/era.js";
import type { EraWatch } from "../eras/era-watch.js";
import type { Agenda, AgendaItem } from "../protocol/agenda.js";
import type { ChainClock, StewardChain, StewardTransactions } from "../protocol/chain.js";
import type { EpochView, NotSignable } from "../protocol/epoch-keys.js";
import type { EpochViews } from "../protocol/epoch-views.js";
import { NodeError } from "../protocol/errors.js";
import type { Machine } from "../protocol/machine.js";
import type { AggregatorStore, CertificateFollower, CertificateSender } from "./ports.js";
import { ResendSchedule } from "./resend-schedule.js";

export type AggregatorState =
  | { readonly name: "IDLE" }
  | { readonly name: "BLOCKED"; readonly epoch: bigint; readonly reason: BlockReason }
  | { readonly name: "READY"; readonly view: EpochView }
  | { readonly name: "SIGNING"; readonly view: EpochView; readonly open: OpenMessage };

export type BlockReason = NotSignable["reason"] | "gap";

export interface AggregatorPorts {
  readonly chain: StewardChain;
  readonly agenda: Agenda;
  readonly store: AggregatorStore;
  /** Null for an aggregator without an account: it certifies, and others seal and send. */
  readonly transactions: StewardTransactions | null;
  readonly sender: CertificateSender | null;
  readonly views: EpochViews;
  /** Null for an aggregator that follows nobody. */
  readonly follower: CertificateFollower | null;
  /** How many epochs' signatures are kept besides the current one; null keeps all. */
  readonly retainedEpochs: bigint | null;
  /** Null or absent where there are no era markers. */
  readonly eras?: EraWatch | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears each time that the registry does not take a certificate yet. */
  readonly observer?: (event: "postponed") => void;
  /** Of the rules by which messages are computed: `API_VERSION` of the protocol. */
  readonly protocolVersion: string;
}

const IDLE = { name: "IDLE" } as const;

export class AggregatorMachine implements Machine<AggregatorState> {
  readonly initial: AggregatorState = IDLE;
  readonly #ports: AggregatorPorts;
  readonly #resending = new ResendSchedule();
  #prunedFor = 0n;

  constructor(ports: AggregatorPorts) {
    this.#ports = ports;
  }

  async step(state: AggregatorState): Promise<AggregatorState> {
    const clock = await this.#ports.chain.clock();
    const eras = await this.#ports.eras?.look(clock.epoch);
    // By rules that are not known nobody can be verified.
    if (eras === undefined || unknownActive(eras) === undefined) await this.#ports.follower?.follow(clock);
    await this.#sendCertificates();
    switch (state.name) {
      case "IDLE":
        return this.#begin(clock);
      case "BLOCKED":
        // Keys can be sealed and gaps permitted in the middle of an epoch.
        return clock.epoch === state.epoch ? this.#begin(clock) : IDLE;
      case "READY":
        return clock.epoch === state.view.epoch ? this.#openNext(state.view, clock) : IDLE;
      case "SIGNING":
        return this.#collect(state.view, state.open, clock);
    }
  }

  async #begin(clock: ChainClock): Promise<AggregatorState> {
    const { store, views } = this.#ports;
    const { epoch } = clock;
    if (epoch === 0n) return IDLE;
    await this.#prune(epoch);
    for (const open of await store.openMessages()) {
      if (open.entity.epoch !== epoch) await store.close(open.key, "epoch-over");
    }
    const view = await views.read(epoch);
    if ("reason" in view) {
      if (view.reason === "unsealed" && (await this.#seal(view.pending))) return IDLE;
      return { name: "BLOCKED", epoch, reason: view.reason };
    }
    if (!(await this.#follows(view, clock))) return { name: "BLOCKED", epoch, reason: "gap" };
    const [open] = await store.openMessages();
    return open === undefined ? { name: "READY", view } : { name: "SIGNING", view, open };
  }

  /** Forgets old signatures, once in an epoch. */
  async #prune(epoch: bigint): Promise<void> {
    const { store, retainedEpochs } = this.#ports;
    if (retainedEpochs === null || this.#prunedFor === epoch) return;
    await store.prune(epoch - retainedEpochs);
    this.#prunedFor = epoch;
  }

  /** Whether a certificate of the epoch has something to follow; begins a chain where governance permits one. */
  async #follows(view: EpochView, clock: ChainClock): Promise<boolean> {
    const { chain, store, protocolVersion } = this.#ports;
    const { epoch, parameters, keys } = view;
    if ((await this.#predecessor(epoch)) !== undefined && clock.lastCertified >= epoch - 1n) return true;
    if ((await store.genesisOf(epoch)) !== undefined) return true;
    const anchors = await chain.anchors();
    const begun = anchors.find((anchor) => anchor.epoch === epoch);
    const permitted = clock.permitted !== undefined && clock.permitted.first <= epoch && epoch <= clock.permitted.last;
    if (begun === undefined && !permitted) {
      // Others went on without us: their certificates are to be fetched, which a follower does. Ours would have no predecessor.
      return false;
    }
    const { aggregateKey } = keys.registration;
    const anchor = begun ?? {
      number: anchors.length + 1,
      epoch,
      aggregateKey,
      parametersHash: parameters.hash,
    };
    const now = BigInt(this.#ports.clock.now());
    const metadata = { protocolVersion, initiatedAt: now, sealedAt: now };
    const last = await this.#lastBefore(epoch);
    await store.saveCertificate(
      genesisCertificate(anchor, stmParameters(view), metadata, last?.hash ?? NO_PREDECESSOR),
    );
    return true;
  }

  /** The first certificate of the last epoch that has one, for a chain that goes on after a gap. */
  async #lastBefore(epoch: bigint): Promise<Certificate | undefined> {
    const { chain, store } = this.#ports;
    const { lastCertified } = await chain.clock();
    return lastCertified > 0n && lastCertified < epoch ? store.firstOf(lastCertified) : undefined;
  }

  async #openNext(view: EpochView, clock: ChainClock): Promise<AggregatorState> {
    const { agenda, store, logger } = this.#ports;
    const stakes = agenda.stakes(view);
    let item: AgendaItem | undefined = (await store.isCertified(entityKey(stakes.entity))) ? undefined : stakes;
    item ??= await agenda.scores(view, clock, await store.lastSnapshotBlock(view.epoch));
    if (item === undefined || (await store.isCertified(entityKey(item.entity)))) return { name: "READY", view };
    const open = openMessage(item.entity, item.message, this.#ports.clock.now());
    await store.open(open);
    logger.info({ entity: open.key, message: open.hash }, "message opened");
    return { name: "SIGNING", view, open };
  }

  async #collect(view: EpochView, open: OpenMessage, clock: ChainClock): Promise<AggregatorState> {
    const { store, logger } = this.#ports;
    if (clock.epoch !== view.epoch) {
      await store.close(open.key, "epoch-over");
      return IDLE;
    }
    // Another process on this store, or whoever is followed, was faster.
    if (await store.isCertified(open.key)) return { name: "READY", view };
    const proof = await this.#aggregate(view, open);
    if (proof !== undefined) {
      const certificate = await this.#certificate(view, open, proof);
      await store.saveCertificate(certificate);
      logger.info({ entity: open.key, hash: certificate.hash, signers: proof.signatures.length }, "certificate made");
      return { name: "READY", view };
    }
    if (!isExpired(open, this.#ports.clock.now(), view.epoch)) return { name: "SIGNING", view, open };
    await store.close(open.key, "expired");
    logger.warn({ entity: open.key }, "message expired without a quorum");
    return { name: "READY", view };
  }

  async #aggregate(view: EpochView, open: OpenMessage): Promise<ConcatenationProof | undefined> {
    const received = await this.#ports.store.signatures(open.hash);
    const signatures = received.map(({ signature }) => signature);
    // Fewer indices than k cannot be enough: no need to ask the curve.
    const drawn = new Set(signatures.flatMap(({ indexes }) => indexes));
    if (BigInt(drawn.size) < view.parameters.k) return undefined;
    try {
      return aggregate(signatures, signedBytes(open.hash), view.keys.registration, stmParameters(view), "gas");
    } catch (error) {
      if (error instanceof StmError && error.code === "stm/not-enough-signatures") return undefined;
      throw error;
    }
  }

  async #certificate(view: EpochView, open: OpenMessage, proof: ConcatenationProof): Promise<Certificate> {
    const { clock, protocolVersion } = this.#ports;
    const previous = await this.#predecessor(view.epoch);
    if (previous === undefined) {
      throw new NodeError("nodes/store-damaged", `The certificate that epoch ${view.epoch} follows is gone`, {
        fate: "restart",
      });
    }
    const { registration, stewards } = view.keys;
    return makeCertificate({
      previousHash: previous.hash,
      epoch: view.epoch,
      aggregateKey: registration.aggregateKey,
      parameters: stmParameters(view),
      metadata: {
        protocolVersion,
        initiatedAt: BigInt(open.openedAt),
        sealedAt: BigInt(clock.now()),
        signers: proof.signatures.map(({ signature: { signerIndex } }) => {
          const { steward, stake } = stewards[signerIndex] as { steward: string; stake: bigint };
          return { steward, stake };
        }),
      },
      content: { kind: "multisignature", entity: open.entity, message: open.message, proof: proofToHex(proof) },
    });
  }

  /** What the next certificate of an epoch follows: its first one, its genesis, or the first one of the epoch before. */
  async #predecessor(epoch: bigint): Promise<Certificate | undefined> {
    const { store } = this.#ports;
    return (await store.firstOf(epoch)) ?? (await store.genesisOf(epoch)) ?? (await store.firstOf(epoch - 1n));
  }

  /** Seals what waits for it; false without an account, and while it does not work: others may be able to. */
  async #seal(pending: readonly bigint[]): Promise<boolean> {
    const { transactions, logger } = this.#ports;
    if (transactions === null) return false;
    try {
      for (const registered of pending) await transactions.seal(registered);
      return true;
    } catch (error) {
      if (!(error instanceof NodeError) || error.fate !== "keep") throw error;
      const { code, message } = error;
      logger.warn({ code, message, pending: pending.map(String) }, "registrations not sealed yet");
      return false;
    }
  }

  /**
   * Brings certificates to the registry, in their order. What fails is tried again, and keeps no message from its quorum; one that the
   * registry does not take yet is tried less and less often, and keeps no other certificate back.
   */
  async #sendCertificates(): Promise<void> {
    const { store, sender, clock, logger, observer } = this.#ports;
    if (sender === null) return;
    for (const { hash, ...certificate } of await store.unsent()) {
      if (!this.#resending.isDue(hash, clock.now())) continue;
      try {
        const outcome = await sender.send({ hash, ...certificate });
        this.#resending.forget(hash);
        await store.markSent(hash, outcome);
        logger.info({ hash, outcome }, "certificate sent to the registry");
      } catch (error) {
        if (!(error instanceof NodeError) || error.fate !== "keep") throw error;
        const { code, message } = error;
        if (code === "nodes/certificate-postponed") {
          const delay = this.#resending.postpone(hash, clock.now());
          observer?.("postponed");
          logger.warn({ hash, code, message, delay }, "the registry does not take a certificate yet");
          continue;
        }
        if (code !== "nodes/certificate-refused") {
          logger.warn({ hash, code, message }, "certificate not sent yet");
          return;
        }
        this.#resending.forget(hash);
        // Stewards vouched for something that the contract does not accept: a person must look, repetition does not help.
        await store.markSent(hash, "refused");
        logger.error({ hash, code, message }, "the registry refuses a certificate");
      }
    }
  }
}

const stmParameters = ({ parameters: { k, m, phiF } }: EpochView) => ({ k, m, phiF });
