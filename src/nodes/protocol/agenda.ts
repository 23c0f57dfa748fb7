// What there is to sign in an epoch. Signers and aggregators find it out for themselves, from the chain and from their own copy of
// the log, so that nobody has to be asked and nobody can make them sign something else.
import type { CertificateMessage } from "../../certificates/certificate-message.js";
import { snapshotBlock, type Entity } from "../../certificates/entity.js";
import type { Logger } from "../../shared/logger.js";
import type { ChainClock, StewardChain } from "./chain.js";
import { composeMessage } from "./compose-message.js";
import type { EpochView } from "./epoch-keys.js";
import { NodeError, type NodeErrorCode } from "./errors.js";
import type { ScoreView } from "./score-view.js";

export interface AgendaSettings {
  /** Blocks between the head and what counts as settled. */
  readonly confirmations: bigint;
  /** Snapshots are taken at multiples of so many blocks. All nodes of a network have the same. */
  readonly step: bigint;
}

export interface AgendaItem {
  readonly entity: Entity;
  readonly message: CertificateMessage;
}

const LOG_FAULTS: readonly NodeErrorCode[] = ["nodes/log-unavailable", "nodes/log-mismatch", "nodes/log-untrusted"];

export class Agenda {
  readonly #settings: AgendaSettings;
  readonly #chain: StewardChain;
  readonly #scores: ScoreView;

  readonly #logger: Logger;

  constructor(settings: AgendaSettings, ports: { chain: StewardChain; scores: ScoreView; logger: Logger }) {
    this.#settings = settings;
    this.#chain = ports.chain;
    this.#scores = ports.scores;
    this.#logger = ports.logger;
  }

  /** The stake distribution of an epoch: always there, so that the chain goes on in an epoch without scores. */
  stakes(view: EpochView): AgendaItem {
    return {
      entity: { kind: "stake-distribution", epoch: view.epoch },
      message: composeMessage(this.#chain.registry, view),
    };
  }

  /**
   * The newest snapshot to certify: the one that the log's mirrors offer for the latest settled step, computed anew. Undefined
   * while there is none, when it is not after `since`, and when it does not hold: a mirror that lies, or is away, delays a
   * snapshot and stops no node.
   */
  async scores(view: EpochView, clock: ChainClock, since: bigint): Promise<AgendaItem | undefined> {
    const { confirmations, step } = this.#settings;
    const number = snapshotBlock(clock.head.number, confirmations, step);
    if (number === undefined || number <= since) return undefined;
    const block = await this.#chain.block(number);
    if (block === undefined) return undefined;
    try {
      const offer = await this.#scores.offered(view.epoch, block);
      if (offer === undefined) return undefined;
      const computed = await this.#scores.compute(offer, block);
      return {
        entity: { kind: "scores", ...offer.point },
        message: composeMessage(this.#chain.registry, view, computed),
      };
    } catch (error) {
      if (!(error instanceof NodeError) || !LOG_FAULTS.includes(error.code)) throw error;
      this.#logger.warn(
        { code: error.code, message: error.message, block: block.number.toString() },
        "no snapshot to sign",
      );
      return undefined;
    }
  }
}
