// The watcher: trusts nobody, changes nothing, and tells people what they have to know.
//
//   IDLE ──► WATCHING   what the chain says about the epochs at hand is checked
//     ▲         │       aggregators are followed, all that is wrong is compared with what was told already
//     └─────────┘       when the epoch changes
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import { ClientError } from "../client/errors.js";
import type { CertificateSource } from "../client/ports.js";
import { trustedChain } from "../client/verify-source.js";
import { unknownActive, type EraReport } from "../eras/era.js";
import type { EraWatch } from "../eras/era-watch.js";
import type { ChainClock, OnChainCertificate, StewardChain } from "../protocol/chain.js";
import { registrationEpochOf } from "../protocol/epochs.js";
import type { Machine } from "../protocol/machine.js";
import type { Alarm } from "./alarm.js";
import { deliverAlarms, reconcile } from "./alarm-book.js";
import { BY_ERA_RULES, findUnknownEras } from "./check-eras.js";
import { checkParameterSet, checkSeal, findGaps } from "./check-chain.js";
import { findChainForks, findForks, findLowParticipation } from "./check-certificates.js";
import { type Followed, followSource } from "./follow-source.js";
import type { AlarmReceiver, KeptAlarm, SoftwareShare, SoftwareSource, WatcherStore } from "./ports.js";

export interface WatcherSettings {
  /** How many epochs back are looked at; at least 1. */
  readonly window: bigint;
  /** After how many epochs more an epoch without a certificate is a gap; at least 1: so long the registry takes one. */
  readonly grace: bigint;
  /** The least share of the stake that a certificate should rest on. */
  readonly minimumShare: number;
  /** The least security level against a third of the stake. */
  readonly minimumBits: number;
}

export interface WatcherPorts {
  readonly chain: StewardChain;
  readonly sources: readonly (CertificateSource & SoftwareSource)[];
  readonly store: WatcherStore;
  readonly receiver: AlarmReceiver;
  /** Null or absent where there are no era markers. */
  readonly eras?: EraWatch | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What was seen at the last look. */
export interface Watched {
  readonly epoch: bigint;
  readonly lastCertified: bigint;
  /** Undefined where there are no era markers. */
  readonly eras: EraReport | undefined;
  /** None while the active era's rules are not known: nobody can be judged by them. */
  readonly sources: readonly Followed[];
  /** By source, where it says so. */
  readonly software: ReadonlyMap<string, readonly SoftwareShare[]>;
  /** The alarms that hold. */
  readonly alarms: readonly KeptAlarm[];
}

export type WatcherState =
  | { readonly name: "IDLE" }
  | { readonly name: "WATCHING"; readonly epoch: bigint; readonly watched: Watched | undefined };

export class WatcherMachine implements Machine<WatcherState> {
  readonly initial: WatcherState = { name: "IDLE" };
  readonly #settings: WatcherSettings;
  readonly #ports: WatcherPorts;
  /** A seal and an epoch's parameters are final: what was found about them stays true. By epoch of registration, and by epoch. */
  readonly #seals = new Map<bigint, readonly Alarm[]>();
  readonly #parameters = new Map<bigint, readonly Alarm[]>();

  constructor(settings: WatcherSettings, ports: WatcherPorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  async step(state: WatcherState): Promise<WatcherState> {
    const clock = await this.#ports.chain.clock();
    if (state.name === "WATCHING" && state.epoch === clock.epoch) {
      return { name: "WATCHING", epoch: clock.epoch, watched: await this.#watch(clock) };
    }
    if (state.name === "WATCHING" || clock.epoch === 0n) return { name: "IDLE" };
    await this.#checkParameters(clock);
    return { name: "WATCHING", epoch: clock.epoch, watched: undefined };
  }

  /** The oldest epoch that is looked at. */
  #from({ epoch }: ChainClock): bigint {
    const from = epoch - this.#settings.window;
    return from > 1n ? from : 1n;
  }

  async #checkParameters(clock: ChainClock): Promise<void> {
    const { chain } = this.#ports;
    const from = this.#from(clock);
    forgetBefore(this.#parameters, from);
    // Those of the next epoch are in every certificate of this one.
    for (let epoch = from; epoch <= clock.epoch + 1n; epoch++) {
      if (this.#parameters.has(epoch)) continue;
      this.#parameters.set(epoch, await checkParameterSet(chain, epoch, this.#settings.minimumBits));
    }
  }

  /** Registrations of an epoch are sealed once it is over, sooner or later. */
  async #checkSeals(clock: ChainClock): Promise<void> {
    // As far back as its keys sign in an epoch that is looked at.
    const first = registrationEpochOf(this.#from(clock));
    const from = first > 1n ? first : 1n;
    forgetBefore(this.#seals, from);
    for (let registered = from; registered < clock.epoch; registered++) {
      if (this.#seals.has(registered)) continue;
      const alarms = await checkSeal(this.#ports.chain, registered);
      if (alarms !== undefined) this.#seals.set(registered, alarms);
    }
  }

  async #watch(clock: ChainClock): Promise<Watched> {
    const { chain, store, receiver, logger } = this.#ports;
    const { minimumShare, grace } = this.#settings;
    const from = this.#from(clock);
    const eras = await this.#ports.eras?.look(clock.epoch);
    const outdated = eras !== undefined && unknownActive(eras) !== undefined;
    const sources = outdated ? [] : this.#ports.sources;
    await this.#checkSeals(clock);
    const trusted = await trustedChain(chain);
    const followed: Followed[] = [];
    for (const source of sources) {
      const one = await followSource(source, store, trusted, clock);
      if (!one.reached) logger.warn({ source: one.source, problem: one.problem }, "an aggregator does not answer");
      if (one.verified > 0) logger.info({ source: one.source, verified: one.verified }, "certificates verified");
      followed.push(one);
    }
    const certificates = outdated ? [] : await store.watched(from);
    const held = await this.#held(from, clock);
    const alarms = [
      ...[...this.#seals.values(), ...this.#parameters.values()].flat(),
      ...(await findGaps(chain, held, clock, { from, grace })),
      ...(eras === undefined ? [] : findUnknownEras(eras, this.#ports.eras?.versions ?? [])),
      ...followed.flatMap(({ alarm }) => (alarm === undefined ? [] : [alarm])),
      ...findForks(certificates),
      ...findChainForks(certificates, held),
      ...findLowParticipation(certificates, minimumShare),
    ];
    const silent = new Set(followed.filter(({ reached }) => !reached).map(({ source }) => source));
    const isUnknown = ({ kind, subject }: Alarm) =>
      (outdated && BY_ERA_RULES.includes(kind)) || (kind === "invalid-certificate" && silent.has(subject));
    const now = this.#ports.clock.now();
    const changes = reconcile(await store.alarms(), { alarms, isUnknown, from, now });
    await store.saveAlarms(changes);
    for (const { alarm, clearedAt } of changes) {
      const { kind, epoch, message } = alarm;
      if (clearedAt === null) logger.error({ alarm: kind, epoch: epoch.toString(), detail: message }, "alarm");
      else logger.info({ alarm: kind, epoch: epoch.toString(), detail: message }, "alarm is over");
    }
    await deliverAlarms(store, receiver, logger);
    return {
      epoch: clock.epoch,
      lastCertified: clock.lastCertified,
      eras,
      sources: followed,
      software: await this.#software(clock.epoch, silent),
      alarms: (await store.alarms()).filter(({ clearedAt }) => clearedAt === null),
    };
  }

  async #held(from: bigint, { epoch: now }: ChainClock): Promise<Map<bigint, OnChainCertificate>> {
    const held = new Map<bigint, OnChainCertificate>();
    for (let epoch = from; epoch <= now; epoch++) {
      const found = await this.#ports.chain.certifiedEpoch(epoch);
      if (found !== undefined) held.set(epoch, found);
    }
    return held;
  }

  /** Which programs the stewards run: nobody's alarm, and nobody's to verify. */
  async #software(epoch: bigint, silent: ReadonlySet<string>): Promise<Map<string, readonly SoftwareShare[]>> {
    const { sources, logger } = this.#ports;
    const said = new Map<string, readonly SoftwareShare[]>();
    for (const source of sources.filter(({ name }) => !silent.has(name))) {
      try {
        const shares = await source.software(epoch);
        if (shares !== undefined) said.set(source.name, shares);
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        logger.warn({ source: source.name, problem: error.message }, "an aggregator does not say which versions run");
      }
    }
    return said;
  }
}

function forgetBefore(map: Map<bigint, unknown>, from: bigint): void {
  for (const epoch of [...map.keys()]) if (epoch < from) map.delete(epoch);
}
