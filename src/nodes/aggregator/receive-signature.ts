// What an aggregator does with a signature that somebody brings. Nobody is trusted: cheap questions come first, the curve last, and
// what is kept is bounded by what registered stewards really signed.
import { signedBytes } from "../../certificates/message.js";
import type { Clock } from "../../shared/clock.js";
import { DomainError } from "../../shared/errors.js";
import type { Logger } from "../../shared/logger.js";
import { messageWithRoot } from "../../stm/aggregate-key.js";
import { checkLotteries } from "../../stm/verify.js";
import type { EpochView } from "../protocol/epoch-keys.js";
import type { EpochViews } from "../protocol/epoch-views.js";
import { NodeError } from "../protocol/errors.js";
import { verifySignatureMessage, type SignatureMessage } from "../protocol/signature-message.js";
import type { AggregatorStore } from "./ports.js";

export interface ReceiverSettings {
  /** How many messages of an epoch are kept of one steward: a number, or who knows it. An honest one signs one for each snapshot. */
  readonly maxMessages: number | (() => Promise<number>);
}

export interface ReceiverPorts {
  readonly views: EpochViews;
  /** The registry's epoch; may lag by a moment. */
  readonly epoch: () => Promise<bigint>;
  readonly store: AggregatorStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `stored`: for a message that is open here. `buffered`: for one that is not, or not yet. */
export type Reception = "stored" | "buffered";

/** Takes single signatures, from whatever transport. */
export class SignatureReceiver {
  readonly #settings: ReceiverSettings;
  readonly #ports: ReceiverPorts;

  constructor(settings: ReceiverSettings, ports: ReceiverPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /**
   * Verifies and keeps a signature. Throws `nodes/message-closed` when nobody needs it any more, `nodes/epoch-not-ready` when it
   * may be sent again later, `nodes/wrong-message`, `nodes/unknown-party`, `nodes/invalid-signature` and
   * `nodes/too-many-messages` when it is refused.
   */
  async receive(received: SignatureMessage): Promise<Reception> {
    const { store, views, clock } = this.#ports;
    await this.#requireNeeded(received);
    const view = await views.recent(received.epoch);
    if ("reason" in view) {
      throw notReady(`Nothing can be signed in epoch ${received.epoch}: ${view.reason}`);
    }
    if (!(await this.#extendsHeld(received, view))) {
      const { epoch, steward } = received;
      const { maxMessages } = this.#settings;
      const limit = typeof maxMessages === "number" ? maxMessages : await maxMessages();
      if ((await store.countSigned(epoch, steward)) >= limit) {
        const message = `${steward} signed ${limit} messages of epoch ${epoch}; no more are kept`;
        throw new NodeError("nodes/too-many-messages", message);
      }
      verifySignatureMessage(received, view);
    }
    await store.saveSignature(received, clock.now());
    return this.#reception(received);
  }

  /** What the store and the clock can say, before anything is computed. */
  async #requireNeeded({ epoch, entity }: SignatureMessage): Promise<void> {
    const { store } = this.#ports;
    const named = /^(?:scores-(\d+)-(\d+)-\d+|stake-distribution-(\d+))$/.exec(entity);
    if (named === null || BigInt(named[1] ?? named[3] ?? "-1") !== epoch) {
      throw new NodeError("nodes/wrong-message", `"${entity}" is no entity of epoch ${epoch}`);
    }
    const now = await this.#ports.epoch();
    if (epoch > now) {
      if (epoch > now + 1n) throw new NodeError("nodes/wrong-message", `Epoch ${epoch} is ahead of epoch ${now}`);
      throw notReady(`Epoch ${epoch} has not begun here yet: it is epoch ${now}`);
    }
    if (epoch < now) throw new NodeError("nodes/message-closed", `Epoch ${epoch} is over: it is epoch ${now}`);
    if (await store.isCertified(entity)) throw new NodeError("nodes/message-closed", `${entity} is certified`);
    const block = named[2];
    if (block !== undefined && BigInt(block) <= (await store.lastSnapshotBlock(epoch))) {
      throw new NodeError("nodes/message-closed", `A later snapshot than ${entity} is certified`);
    }
  }

  /**
   * Whether the steward's signature of this message is here already, with as many or fewer indices. σ is unique for key and
   * message: another one is refused, and the same one needs no curve again, whoever repeats it how often.
   */
  async #extendsHeld({ message, steward, signature }: SignatureMessage, view: EpochView): Promise<boolean> {
    const { keys, parameters } = view;
    const held = await this.#ports.store.signature(message, steward);
    if (held === undefined) return false;
    const party = keys.registration.parties[signature.signerIndex];
    if (party === undefined || keys.stewards[signature.signerIndex]?.steward !== steward) {
      const problem = `Signer ${signature.signerIndex} of epoch ${view.epoch} is not ${steward}`;
      throw new NodeError("nodes/unknown-party", problem);
    }
    try {
      const { aggregateKey } = keys.registration;
      const signed = messageWithRoot(signedBytes(message), aggregateKey);
      if (!Buffer.from(held.signature.sigma).equals(signature.sigma)) {
        throw new NodeError("nodes/invalid-signature", `${steward} signed ${message} with another signature`);
      }
      checkLotteries(signature, signed, party.stake, aggregateKey.totalStake, parameters);
    } catch (cause) {
      if (cause instanceof NodeError || !(cause instanceof DomainError)) throw cause;
      const problem = `The signature of ${steward} does not verify: ${cause.message}`;
      throw new NodeError("nodes/invalid-signature", problem, { cause });
    }
    return true;
  }

  async #reception({ entity, message, steward }: SignatureMessage): Promise<Reception> {
    const open = await this.#ports.store.openMessages();
    if (open.some(({ hash }) => hash === message)) return "stored";
    if (open.some(({ key }) => key === entity)) {
      // Either of the two computes wrongly, or has another log: a person should compare.
      this.#ports.logger.warn({ entity, message, steward }, "a steward signed another message than the one open here");
    }
    return "buffered";
  }
}

/** Seconds until a signer may try again. */
const RETRY_AFTER = 5;

const notReady = (message: string) =>
  new NodeError("nodes/epoch-not-ready", message, { details: { retryAfter: RETRY_AFTER } });
