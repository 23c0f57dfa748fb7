// The signer: registers a key each epoch, computes what there is to sign, and signs nothing else.
//
//   UNREGISTERED ──► SIGNING   a key of its own signs in this epoch
//        ▲      └──► WAITING   none does: it registered later, its stake was too small, or the epoch cannot be signed
//        └── both, when the epoch changes
//
//   OUTDATED   from any state, while this program does not have the rules of the epoch's era: it registers, seals and signs
//              nothing, because it does not know what that would mean
//
// In any state it registers for two epochs ahead until that is done, or cannot be done in this epoch: an account without gas, or
// whose stake became too small, still signs with the keys that it has.
import { certificateMessageHash } from "../../certificates/certificate-message.js";
import { entityKey } from "../../certificates/entity.js";
import { signedBytes } from "../../certificates/message.js";
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import { signBinding } from "../../stm/binding.js";
import type { SigningKey } from "../../stm/keys.js";
import { sign } from "../../stm/sign.js";
import { unknownActive, type EraMarker } from "../eras/era.js";
import type { EraWatch } from "../eras/era-watch.js";
import type { Agenda, AgendaItem } from "../protocol/agenda.js";
import type { ChainClock, StewardChain, StewardTransactions } from "../protocol/chain.js";
import type { EpochView } from "../protocol/epoch-keys.js";
import type { EpochViews } from "../protocol/epoch-views.js";
import { isSpent, registrationEpochOf } from "../protocol/epochs.js";
import { NodeError } from "../protocol/errors.js";
import type { Machine } from "../protocol/machine.js";
import type { SignatureMessage } from "../protocol/signature-message.js";
import type { SignaturePublisher } from "../protocol/transport.js";
import type { KeyStore, SignedStore, SignerObserver } from "./ports.js";

export type SignerState =
  | { readonly name: "UNREGISTERED" }
  | { readonly name: "WAITING"; readonly epoch: bigint }
  | { readonly name: "OUTDATED"; readonly epoch: bigint; readonly era: EraMarker }
  | { readonly name: "SIGNING"; readonly view: EpochView; readonly key: SigningKey };

/**
 * When a signer seals registrations that nobody else sealed: so long after it saw them open, and later by its place among those who
 * registered, so that not all send at once. In milliseconds.
 */
export interface SealingDelay {
  readonly after: number;
  readonly between: number;
}

export interface SignerPorts {
  readonly chain: StewardChain;
  readonly views: EpochViews;
  readonly transactions: StewardTransactions;
  readonly agenda: Agenda;
  readonly keys: KeyStore;
  readonly signed: SignedStore;
  readonly publishers: readonly SignaturePublisher[];
  /** Null for a signer that leaves sealing to others. */
  readonly sealing: SealingDelay | null;
  /** Null or absent where there are no era markers. */
  readonly eras?: EraWatch | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer?: SignerObserver;
  /** Version of the program, for statistics. */
  readonly software: string;
}

const UNREGISTERED = { name: "UNREGISTERED" } as const;

export class SignerMachine implements Machine<SignerState> {
  readonly initial: SignerState = UNREGISTERED;
  readonly #ports: SignerPorts;
  /** The epoch in which there is nothing more to do about registering; a process that begins anew asks the chain. */
  #registeredFor = 0n;
  /** The epoch for which what is spent was deleted. */
  #tidiedFor = 0n;
  #open: { readonly epoch: bigint; readonly since: number } | undefined;

  constructor(ports: SignerPorts) {
    this.#ports = ports;
  }

  async step(state: SignerState): Promise<SignerState> {
    const clock = await this.#ports.chain.clock();
    if (clock.epoch === 0n) return UNREGISTERED;
    const report = await this.#ports.eras?.look(clock.epoch);
    const era = report === undefined ? undefined : unknownActive(report);
    if (era !== undefined) {
      await this.#tidy(clock.epoch);
      return { name: "OUTDATED", epoch: clock.epoch, era };
    }
    // First what an epoch waits for: whoever keeps the log may be slow, and must not cost a registration.
    if (this.#registeredFor !== clock.epoch && (await this.#register(clock.epoch))) this.#registeredFor = clock.epoch;
    return this.#work(state, clock);
  }

  async #work(state: SignerState, clock: ChainClock): Promise<SignerState> {
    switch (state.name) {
      case "UNREGISTERED":
        return this.#begin(clock.epoch);
      case "OUTDATED":
        return UNREGISTERED;
      case "WAITING":
        // A key that somebody seals later in the epoch still signs in it.
        return clock.epoch === state.epoch ? this.#begin(state.epoch) : UNREGISTERED;
      case "SIGNING":
        if (clock.epoch !== state.view.epoch) return UNREGISTERED;
        await this.#sign(state.view, state.key, clock);
        return state;
    }
  }

  /**
   * Registers for two epochs ahead, once; a process that died in between finds its registration on the chain. False when it is to be
   * tried again.
   */
  async #register(epoch: bigint): Promise<boolean> {
    const { chain, transactions, keys, logger, observer } = this.#ports;
    const { account } = transactions;
    const name = { epoch: epoch.toString() };
    try {
      const registered = (await chain.registrationsOf(epoch)).find(({ steward }) => steward === account);
      const key = await keys.keyFor(epoch);
      if (registered === undefined) {
        const { chainId, address } = chain.registry;
        const binding = signBinding(key, { chainId, registry: address, epoch, steward: account });
        await transactions.register(epoch, { verificationKey: key.verificationKey(), proof: key.prove(), binding });
        logger.info(name, "key registered");
      } else if (!Buffer.from(registered.verificationKey).equals(key.verificationKey().bytes)) {
        logger.error(name, "another key is registered for this account: this node cannot sign with it");
        observer?.registration(epoch, "other-key");
        return true;
      }
      observer?.registration(epoch, "registered");
      return true;
    } catch (error) {
      if (!(error instanceof NodeError) || error.fate !== "keep") throw error;
      const { code, message } = error;
      if (code === "nodes/registration-refused") {
        logger.error({ ...name, message }, "this account cannot register in this epoch; tried again in the next one");
        observer?.registration(epoch, "refused");
        return true;
      }
      logger.warn({ ...name, code, message }, "key not registered yet");
      return false;
    }
  }

  async #begin(epoch: bigint): Promise<SignerState> {
    const { views, keys, transactions } = this.#ports;
    await this.#tidy(epoch);
    const waiting = { name: "WAITING", epoch } as const;
    const view = await views.read(epoch);
    if ("reason" in view) {
      if (view.reason === "unsealed") await this.#seal(epoch, view.pending);
      return waiting;
    }
    const key = await keys.existing(registrationEpochOf(epoch));
    if (key === undefined) return waiting;
    const own = key.verificationKey();
    const at = view.keys.registration.parties.findIndex(({ verificationKey }) => verificationKey.equals(own));
    return view.keys.stewards[at]?.steward === transactions.account ? { name: "SIGNING", view, key } : waiting;
  }

  /** Deletes the keys that are of no use any more, and forgets what they signed; once in an epoch. */
  async #tidy(epoch: bigint): Promise<void> {
    if (this.#tidiedFor === epoch) return;
    const { keys, signed } = this.#ports;
    await keys.deleteWhere((registration) => isSpent(registration, epoch));
    await signed.prune(epoch - 1n);
    this.#tidiedFor = epoch;
  }

  /** Seals what nobody sealed in time. A failure waits as long as the first try did. */
  async #seal(epoch: bigint, pending: readonly bigint[]): Promise<void> {
    const { chain, clock, sealing, transactions, logger } = this.#ports;
    if (sealing === null) return;
    const now = clock.now();
    if (this.#open?.epoch !== epoch) this.#open = { epoch, since: now };
    const waited = now - this.#open.since;
    if (waited < sealing.after) return;
    const registered = await chain.registrationsOf(pending[0] as bigint);
    const place = registered.findIndex(({ steward }) => steward === transactions.account);
    if (waited < sealing.after + sealing.between * (place === -1 ? registered.length : place)) return;
    this.#open = { epoch, since: now };
    try {
      for (const registration of pending) {
        await transactions.seal(registration);
        logger.info({ epoch: registration.toString() }, "registrations sealed");
      }
    } catch (error) {
      if (!(error instanceof NodeError) || error.fate !== "keep") throw error;
      const { code, message } = error;
      logger.warn({ code, message, pending: pending.map(String) }, "registrations not sealed yet");
    }
  }

  async #sign(view: EpochView, key: SigningKey, clock: ChainClock): Promise<void> {
    const { agenda, signed } = this.#ports;
    await this.#signItem(agenda.stakes(view), view, key);
    await this.#publish(view.epoch); // before the log is asked for: the chain goes on without scores
    const scores = await agenda.scores(view, clock, await signed.lastSnapshotBlock(view.epoch));
    if (scores === undefined) return;
    await this.#signItem(scores, view, key);
    await this.#publish(view.epoch);
  }

  async #signItem({ entity, message }: AgendaItem, view: EpochView, key: SigningKey): Promise<void> {
    const { signed, transactions, logger, observer, software } = this.#ports;
    const name = entityKey(entity);
    if (await signed.isSettled(name)) return;
    const { k, m, phiF } = view.parameters;
    const hash = certificateMessageHash(message);
    const signature = sign(key, signedBytes(hash), view.keys.registration, { k, m, phiF });
    if (signature === undefined) {
      await signed.passOver(entity);
      observer?.skipped();
      logger.info({ entity: name }, "no lottery won: nothing to send");
      return;
    }
    const { account: steward } = transactions;
    // Stored before anybody hears of it. Where another one is stored about the entity, that one is sent.
    if (!(await signed.save({ epoch: view.epoch, entity: name, message: hash, steward, signature, software }))) return;
    observer?.signed(entity);
    logger.info({ entity: name, message: hash, indexes: signature.indexes.length }, "signed");
  }

  /** Sends what some publisher has not taken yet; one that does not answer holds up no other. */
  async #publish(epoch: bigint): Promise<void> {
    const { signed, publishers } = this.#ports;
    const unpublished = await signed.unpublished(epoch);
    await Promise.all(
      publishers.map(async (publisher) => {
        for (const { signature, publishers: done } of unpublished) {
          // Who does not answer about one signature is not asked about the others before the next step.
          if (!done.includes(publisher.name) && !(await this.#publishTo(publisher, signature))) return;
        }
      }),
    );
  }

  /** False when the publisher does not answer. */
  async #publishTo(publisher: SignaturePublisher, signature: SignatureMessage): Promise<boolean> {
    const { signed, logger, observer } = this.#ports;
    const { name } = publisher;
    const { entity } = signature;
    let outcome: "taken" | "late";
    try {
      outcome = await publisher.publish(signature);
    } catch (error) {
      const { code, message } = error as { code?: unknown; message?: unknown };
      observer?.published(name, "failed");
      logger.warn({ entity, publisher: name, code, message: String(message) }, "signature not published, tried again");
      return code !== "nodes/peer-unavailable";
    }
    await signed.published(entity, name);
    observer?.published(name, outcome);
    logger.info({ entity, publisher: name, outcome }, "signature published");
    return true;
  }
}
