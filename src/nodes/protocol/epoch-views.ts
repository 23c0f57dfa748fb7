import type { Clock } from "../../shared/clock.js";
import type { EraWatch } from "../eras/era-watch.js";
import type { StewardChain } from "./chain.js";
import { readEpoch, type EpochView, type NotSignable } from "./epoch-keys.js";
import { NodeError } from "./errors.js";

/** How many epochs are kept: each holds a tree over its stewards. */
const KEPT = 16;

/** How long "cannot be signed" is believed by those who ask on behalf of strangers, in milliseconds. */
const PATIENCE = 2_000;

/** How many epochs may wait to be read for strangers. */
const VISITS = 16;

/**
 * The stewards of epochs, read once: registrations are closed and seals final when an epoch can be signed, and to read it costs a
 * question to the chain for each steward. Questions for one epoch at the same time are asked once.
 */
export class EpochViews {
  readonly #chain: StewardChain;
  readonly #clock: Clock;
  readonly #eras: Pick<EraWatch, "unknownAt"> | null;
  readonly #views = new Map<bigint, EpochView>();
  readonly #refusals = new Map<bigint, { readonly refusal: NotSignable; readonly at: number }>();
  readonly #reading = new Map<bigint, Promise<EpochView | NotSignable>>();
  readonly #visits = new Map<bigint, Promise<EpochView | NotSignable>>();
  #turn: Promise<unknown> = Promise.resolve();

  /** Without `eras` the rules of every epoch are taken for known. */
  constructor(chain: StewardChain, clock: Clock, eras: Pick<EraWatch, "unknownAt"> | null = null) {
    this.#chain = chain;
    this.#clock = clock;
    this.#eras = eras;
  }

  /** As {@link readEpoch}; what cannot be signed yet is asked again each time. */
  async read(epoch: bigint): Promise<EpochView | NotSignable> {
    const known = this.#views.get(epoch);
    if (known !== undefined) return known;
    const under = this.#reading.get(epoch) ?? this.#load(epoch);
    this.#reading.set(epoch, under);
    return under;
  }

  /** The same for whoever may ask often: what could not be signed a moment ago is not asked again. */
  async recent(epoch: bigint): Promise<EpochView | NotSignable> {
    const refused = this.#refusals.get(epoch);
    if (refused !== undefined && this.#clock.now() - refused.at < PATIENCE) return refused.refusal;
    return this.read(epoch);
  }

  /**
   * The same for strangers who ask about epochs that are over: read one after another, and kept by whoever asks, so that a walk
   * through the past costs the chain's node one epoch at a time and takes nothing from the epochs that the node works on. Throws
   * `nodes/epoch-not-ready` when too many wait already.
   */
  async visit(epoch: bigint): Promise<EpochView | NotSignable> {
    const known = this.#views.get(epoch);
    if (known !== undefined) return known;
    const under = this.#reading.get(epoch) ?? this.#visits.get(epoch);
    if (under !== undefined) return under;
    if (this.#visits.size >= VISITS) {
      throw new NodeError(
        "nodes/epoch-not-ready",
        "Too many epochs of the past are asked for at once; ask again later",
      );
    }
    const visit = this.#turn.then(() => this.#readKnown(epoch)).finally(() => this.#visits.delete(epoch));
    this.#visits.set(epoch, visit);
    this.#turn = visit.catch(() => {}); // its failure is its caller's
    return visit;
  }

  /** An epoch is read by its era's rules or not at all. What is found stays true: the era of an epoch that began is final. */
  async #readKnown(epoch: bigint): Promise<EpochView | NotSignable> {
    const unknown = await this.#eras?.unknownAt(epoch);
    return unknown === undefined ? readEpoch(this.#chain, epoch) : { epoch, reason: "unknown-era", pending: [] };
  }

  async #load(epoch: bigint): Promise<EpochView | NotSignable> {
    try {
      const found = await this.#readKnown(epoch);
      this.#refusals.delete(epoch);
      if ("reason" in found) keep(this.#refusals, epoch, { refusal: found, at: this.#clock.now() });
      else keep(this.#views, epoch, found);
      return found;
    } finally {
      this.#reading.delete(epoch);
    }
  }
}

/** Keeps the newest entries. */
function keep<Value>(map: Map<bigint, Value>, key: bigint, value: Value): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= KEPT) break;
    map.delete(oldest);
  }
}
