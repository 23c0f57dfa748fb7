import { unixSeconds, type Clock } from "../../shared/clock.js";
import { DomainError } from "../../shared/errors.js";
import type { AnchorService, ScoreProof, StoredAnchor } from "./anchor.js";
import { PassportServiceError } from "./errors.js";
import type { PassportService } from "./passport-service.js";

export interface AnchorRequestStore {
  /** Notes that an account waits for the next root of a scorer; a second time moves the first on. */
  requestAnchor(scorerId: number, account: string, at: number): Promise<void>;
  /** How many asked after a time (seconds). */
  waiting(scorerId: number, since: number): Promise<number>;
}

export interface AnchorRequestPorts {
  readonly store: AnchorRequestStore;
  readonly service: PassportService;
  /** Null where no registry is configured. */
  readonly anchors: AnchorService | null;
  /** Seconds, as the roots are built with. */
  readonly maxLifetime: number;
  readonly clock: Clock;
}

/** What a holder who asks is told. */
export type AnchorAnswer =
  /** The newest root says what the score is now: here is the proof to send. */
  | { readonly status: "anchored"; readonly proof: ScoreProof }
  /** It does not; the root of this number will. */
  | { readonly status: "next"; readonly number: number };

/** A holder's own way to the chain: whoever lost a score there, or renewed it here, need not wait for anybody's attention. */
export class AnchorRequests {
  readonly #ports: AnchorRequestPorts;

  constructor(ports: AnchorRequestPorts) {
    this.#ports = ports;
  }

  #anchors(): AnchorService {
    const { anchors } = this.#ports;
    if (anchors !== null) return anchors;
    throw new PassportServiceError("scoring/not-anchored", "no registry is configured here");
  }

  /**
   * Computes the account's score anew and gives the proof of it, or notes that the next root is waited for. That root takes in
   * everybody, so the note costs the holder nothing when it is lost. Throws `scoring/nothing-to-anchor` for an account without a
   * score, in the newest root or now.
   */
  async ask(scorerId: number, account: string): Promise<AnchorAnswer> {
    const anchors = this.#anchors();
    const { service, store, clock } = this.#ports;
    const { chainScore, expiresAt } = await service.rescoreAccount(scorerId, account);
    const newest = await anchors.anchor(scorerId).catch(absent);
    const proof =
      newest === undefined ? undefined : await anchors.proofOf(scorerId, account, newest.number).catch(absent);
    if (proof === undefined && chainScore === 0) {
      throw new PassportServiceError(
        "scoring/nothing-to-anchor",
        "the account has no score, here or in the newest root",
      );
    }
    if (proof !== undefined && this.#says(proof, newest as StoredAnchor, chainScore, expiresAt)) {
      return { status: "anchored", proof };
    }
    await store.requestAnchor(scorerId, account, unixSeconds(clock));
    return { status: "next", number: await anchors.nextNumber(scorerId) };
  }

  #says(leaf: ScoreProof, { issuedAt }: StoredAnchor, score: number, expiresAt: number | null): boolean {
    if (leaf.score !== score) return false;
    return score === 0 || Number(leaf.expiresAt) === Math.min(expiresAt ?? 0, issuedAt + this.#ports.maxLifetime);
  }

  /** How many have asked since the newest root was built. */
  async waiting(scorerId: number): Promise<number> {
    await this.#ports.service.scorer(scorerId);
    const newest = await this.#anchors().anchor(scorerId).catch(absent);
    return this.#ports.store.waiting(scorerId, newest?.issuedAt ?? 0);
  }
}

const absent = (error: unknown): undefined => {
  if (error instanceof DomainError && error.code === "scoring/not-anchored") return undefined;
  throw error;
};
