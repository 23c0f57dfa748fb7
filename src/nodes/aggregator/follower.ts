// Taking over what another aggregator certified. Every certificate is held against the registry before it is kept: its stewards,
// parameters and keys are those that the chain gives, its multisignature verifies, and it follows a certificate that is here.
import { sameAggregateKey } from "../../certificates/link.js";
import { certificateMessageHash } from "../../certificates/certificate-message.js";
import {
  certificateHash,
  makeCertificate,
  type Certificate,
  type ChainAnchor,
  type SignedContent,
} from "../../certificates/certificate.js";
import { entityKey, type Entity } from "../../certificates/entity.js";
import { verifyNext } from "../../certificates/verify.js";
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import { proofFromHex } from "../../stm/encoding/json.js";
import { ClientError } from "../client/errors.js";
import type { ChainClock, StewardChain } from "../protocol/chain.js";
import { composeMessage } from "../protocol/compose-message.js";
import type { EpochView } from "../protocol/epoch-keys.js";
import type { EpochViews } from "../protocol/epoch-views.js";
import { NodeError } from "../protocol/errors.js";
import type { AggregatorStore, CertificateFollower, LeaderSource } from "./ports.js";

export interface FollowerSettings {
  /** Between two looks at the leader. */
  readonly intervalMilliseconds: number;
  /** After a lie. */
  readonly distrustMilliseconds: number;
  /** So many certificates are taken in one go; the rest waits for the next step. */
  readonly batch: number;
  /** For so long at most, give or take one answer: a slow leader must not hold up what is done besides. */
  readonly patienceMilliseconds: number;
}

export interface FollowerPorts {
  readonly source: LeaderSource;
  readonly chain: StewardChain;
  readonly views: EpochViews;
  readonly store: AggregatorStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears of what came, of a leader that is away, and of one that lies. */
  readonly observer?: (event: "followed" | "away" | "lied") => void;
}

export class Follower implements CertificateFollower {
  readonly #settings: FollowerSettings;
  readonly #ports: FollowerPorts;
  #nextAt = 0;

  constructor(settings: FollowerSettings, ports: FollowerPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  async follow(clock: ChainClock): Promise<void> {
    const { source, logger, observer } = this.#ports;
    const { intervalMilliseconds, distrustMilliseconds } = this.#settings;
    const now = this.#ports.clock.now();
    if (now < this.#nextAt) return;
    try {
      const done = await this.#synchronise(clock.epoch, now + this.#settings.patienceMilliseconds);
      if (done) this.#nextAt = this.#ports.clock.now() + intervalMilliseconds;
    } catch (error) {
      if (!(error instanceof NodeError || error instanceof ClientError)) throw error;
      const { code, message } = error;
      if (code === "nodes/wrong-certificate" || code === "client/malformed-answer") {
        observer?.("lied");
        logger.error({ leader: source.name, message }, "the leader's certificates do not verify");
        this.#nextAt = now + distrustMilliseconds;
      } else if (code === "client/unavailable") {
        observer?.("away");
        logger.warn({ leader: source.name, code, message }, "the leader does not answer");
        this.#nextAt = now + intervalMilliseconds;
      } else if (code === "nodes/unknown-protocol") {
        logger.warn(
          { leader: source.name, code, message },
          "the leader's certificates cannot be verified by this program",
        );
        this.#nextAt = now + intervalMilliseconds;
      } else throw error;
    }
  }

  /** From the last epoch that is here to the current one. False when there was more than one goes through at once. */
  async #synchronise(current: bigint, until: number): Promise<boolean> {
    const { chain, store, source } = this.#ports;
    const anchors = await chain.anchors();
    const [first] = anchors;
    if (first === undefined) return true; // no chain of certificates began yet
    let epoch = current;
    while (epoch > first.epoch && (await store.firstOf(epoch)) === undefined) epoch -= 1n;
    let taken = 0;
    for (; epoch <= current; epoch += 1n) {
      for (const { hash, entity } of await source.listEpoch(epoch)) {
        if (await this.#isHere(epoch, hash, entity)) continue;
        if (taken === this.#settings.batch || this.#ports.clock.now() >= until) return false;
        const certificate = await source.certificate(hash);
        if (certificate === undefined) throw gone(source, hash);
        if (await this.#take(certificate, hash, epoch, anchors)) taken += 1;
      }
    }
    return true;
  }

  /** By the leader's word alone: what it says wrongly here, only hides a certificate that others have. */
  async #isHere(epoch: bigint, hash: string, entity: Entity | undefined): Promise<boolean> {
    const { store } = this.#ports;
    if (entity === undefined) return (await store.genesisOf(epoch)) !== undefined;
    return (await store.isCertified(entityKey(entity))) || (await store.certificate(hash)) !== undefined;
  }

  /** Verifies and keeps a certificate; false when another one of its entity is here. */
  async #take(given: Certificate, hash: string, epoch: bigint, anchors: readonly ChainAnchor[]): Promise<boolean> {
    const { chain, store, logger, observer } = this.#ports;
    if (given.hash !== hash || given.epoch !== epoch) {
      throw untrue(`asked for ${hash} of epoch ${epoch}, it gave ${given.hash} of epoch ${given.epoch}`);
    }
    if (certificateHash(given) !== hash) throw untrue(`${hash} is not the hash of its content`);
    const { content } = given;
    if (content.kind === "multisignature") {
      if (await store.isCertified(entityKey(content.entity))) return false;
      await this.#requireChains(given, content);
    } else if ((await store.genesisOf(epoch)) !== undefined) return false;
    const [certificate, previous] = content.kind === "genesis" ? [given, undefined] : await this.#linked(given);
    const checks = verifyNext(certificate, previous, { registry: chain.registry, anchors });
    const failed = checks.find(({ outcome }) => outcome !== "ok");
    if (failed !== undefined) throw untrue(`${hash}: ${failed.name}: ${failed.reason ?? "failed"}`);
    await store.saveCertificate(certificate);
    observer?.("followed");
    logger.info({ hash, epoch: epoch.toString() }, "certificate taken from the leader");
    return true;
  }

  /** Everything that a certificate says about its epoch is on the chain, but for the scores, for which the quorum stands. */
  async #requireChains(given: Certificate, content: SignedContent): Promise<void> {
    const { chain, views } = this.#ports;
    const { hash, epoch, aggregateKey } = given;
    const view = await views.read(epoch);
    if ("reason" in view && view.reason === "unknown-era") {
      const message = `${hash} is of epoch ${epoch}, the rules of whose era this program does not have`;
      throw new NodeError("nodes/unknown-protocol", message);
    }
    if ("reason" in view) throw untrue(`${hash} is of epoch ${epoch}, in which nothing can be signed: ${view.reason}`);
    const { scores } = content.message;
    if (!sameAggregateKey(aggregateKey, view.keys.registration.aggregateKey)) {
      throw untrue(`${hash} has another aggregate key than the registry sealed`);
    }
    const expected = composeMessage(chain.registry, view, scores);
    if (certificateMessageHash(content.message) !== certificateMessageHash(expected)) {
      throw untrue(`${hash} says something else about the stewards of epoch ${epoch + 1n} than the registry`);
    }
    if (!sameSigners(given, content, view)) throw untrue(`${hash} names other signers than its multisignature has`);
    const held = await chain.certifiedEpoch(epoch);
    if (scores !== undefined && held?.snapshotBlock === scores.snapshotBlock && held.scoresRoot !== scores.scoresRoot) {
      throw untrue(`${hash} has other scores at block ${scores.snapshotBlock} than the registry`);
    }
  }

  /**
   * As the next certificate of the chain that is kept here. Predecessors are not signed: an aggregator that went on for itself has
   * a chain of its own, and takes what others certified into it.
   */
  async #linked(given: Certificate): Promise<[Certificate, Certificate]> {
    const { store } = this.#ports;
    const { hash, epoch } = given;
    const previous =
      (await store.firstOf(epoch)) ?? (await store.genesisOf(epoch)) ?? (await store.firstOf(epoch - 1n));
    if (previous === undefined) throw untrue(`${hash} follows ${given.previousHash}, which is kept back`);
    const { hash: previousHash } = previous;
    return [given.previousHash === previousHash ? given : makeCertificate({ ...given, previousHash }), previous];
  }
}

/** The signers that metadata names are those of the proof, whom the registry knows. */
function sameSigners({ metadata }: Certificate, { proof }: SignedContent, { keys }: EpochView): boolean {
  const { signatures } = proofFromHex(proof);
  if (signatures.length !== metadata.signers.length) return false;
  return signatures.every(({ signature }, n) => {
    const [known, named] = [keys.stewards[signature.signerIndex], metadata.signers[n]];
    return known !== undefined && known.steward === named?.steward && known.stake === named.stake;
  });
}

const untrue = (message: string) => new NodeError("nodes/wrong-certificate", message);

/** It listed it a moment ago. */
const gone = ({ name }: LeaderSource, hash: string) =>
  new ClientError("client/unavailable", `${name} does not give its certificate ${hash}`, { peer: name, hash });
