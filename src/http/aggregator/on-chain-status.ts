import type { Certificate } from "../../certificates/certificate.js";
import type { SendOutcome } from "../../nodes/aggregator/ports.js";
import type { OnChainCertificate, StewardChain } from "../../nodes/protocol/chain.js";
import { NodeError } from "../../nodes/protocol/errors.js";
import type { Clock } from "../../shared/clock.js";
import { remembered } from "../../shared/remembered.js";

/**
 * `anchored`: the registry holds it. `superseded`: the registry holds another of its epoch. `pending`: the registry holds none yet,
 * and still takes it. `missed`: it takes it no more. `refused`: it did not accept it. `unknown`: the chain does not answer.
 */
export type OnChainStatus = "anchored" | "superseded" | "pending" | "missed" | "refused" | "unknown";

const MOMENT = 3_000;
const KEPT = 256;

/** Where certificates stand in the registry. The registry is asked once in a moment for each epoch. */
export class OnChainStatuses {
  readonly #chain: StewardChain;
  readonly #clock: Clock;
  readonly #epoch: () => Promise<bigint>;
  readonly #held = new Map<bigint, () => Promise<OnChainCertificate | undefined>>();

  constructor(chain: StewardChain, epoch: () => Promise<bigint>, clock: Clock) {
    this.#chain = chain;
    this.#epoch = epoch;
    this.#clock = clock;
  }

  async of({ epoch, content }: Certificate, outcome: SendOutcome | null): Promise<OnChainStatus> {
    if (content.kind === "genesis") return "anchored"; // it repeats what the registry says
    if (outcome === "anchored") return "anchored";
    try {
      const held = await this.#certified(epoch);
      if (held === undefined) {
        if (outcome === "refused") return "refused";
        return epoch + 1n < (await this.#epoch()) ? "missed" : "pending";
      }
      const { scores, stakeDistributionRoot } = content.message;
      const same =
        held.stakeDistributionRoot === stakeDistributionRoot &&
        held.scoresRoot === scores?.scoresRoot &&
        held.snapshotDigest === scores?.snapshotDigest;
      if (same) return "anchored";
      // The registry takes later snapshots of the same epoch.
      if ((scores?.snapshotBlock ?? -1n) > held.snapshotBlock) return outcome === "refused" ? "refused" : "pending";
      return "superseded";
    } catch (error) {
      if (error instanceof NodeError && error.code === "nodes/chain-unavailable") return "unknown";
      throw error;
    }
  }

  #certified(epoch: bigint): Promise<OnChainCertificate | undefined> {
    let ask = this.#held.get(epoch);
    if (ask === undefined) {
      if (this.#held.size >= KEPT) this.#held.clear();
      ask = remembered(() => this.#chain.certifiedEpoch(epoch), MOMENT, this.#clock);
      this.#held.set(epoch, ask);
    }
    return ask();
  }
}
