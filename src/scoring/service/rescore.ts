// A scorer's whole rescore, in pages of one transaction each. The state of the run is written with every page: a process that is
// killed loses one page at most, and any other goes on from there.
//
// Two passes. First every stored stamp meets the links in the order of acceptance, so that a nullifier that has become free goes
// to whoever has waited longest, not to whoever is scored first. Then every account is scored by the full pipeline.
import { unixSeconds, type Clock } from "../../shared/clock.js";
import { settleStamp } from "./commands.js";
import { PassportServiceError } from "./errors.js";
import type { PassportService } from "./passport-service.js";
import type { PassportStore, RescoreState } from "./ports.js";
import type { PassportWorkspace } from "./workspace.js";

export interface RescorePorts {
  readonly store: PassportStore;
  readonly service: PassportService;
  readonly clock: Clock;
}

const PAGE = 1_000;

export class Rescorer {
  readonly #ports: RescorePorts;
  readonly #page: number;

  constructor(ports: RescorePorts, { page = PAGE } = {}) {
    this.#ports = ports;
    this.#page = page;
  }

  /** Notes that a scorer is to be rescored; `runOpen` does it. Throws `scoring/rescore-under-way`. */
  async request(scorerId: number, { author, reason }: { author: string; reason: string }): Promise<RescoreState> {
    const { store, service, clock } = this.#ports;
    await service.scorer(scorerId);
    const id = await store.beginRescore({ scorerId, author, reason, at: unixSeconds(clock) });
    if (id === undefined) throw new PassportServiceError("scoring/rescore-under-way", "a rescore is under way already");
    return this.state(id);
  }

  async state(id: number): Promise<RescoreState> {
    const state = await this.#ports.store.rescore(id);
    if (state === undefined) throw new PassportServiceError("scoring/invalid-request", `there is no rescore ${id}`);
    return state;
  }

  /** Requests a rescore and runs it to its end. */
  async run(scorerId: number, authorship: { author: string; reason: string }): Promise<RescoreState> {
    const { id } = await this.request(scorerId, authorship);
    return this.finish(id);
  }

  async finish(id: number): Promise<RescoreState> {
    let state = await this.state(id);
    while (state.phase !== "done") state = await this.step(state);
    return state;
  }

  /** Does what is open, also what another process left, until there is no more or the caller stops. */
  async runOpen(stopped: () => boolean = () => false): Promise<void> {
    const next = () => (stopped() ? undefined : this.open());
    for (let open = await next(); open !== undefined; open = await next()) await this.step(open);
  }

  /** The oldest rescore that is not done, of whatever scorer. */
  open(): Promise<RescoreState | undefined> {
    return this.#ports.store.openRescore();
  }

  /** One page; when another process was faster, its state is what comes back. */
  async step(state: RescoreState): Promise<RescoreState> {
    const moved = state.phase === "settle" ? await this.#settlePage(state) : await this.#scorePage(state);
    return moved ?? this.state(state.id);
  }

  async #settlePage(state: RescoreState): Promise<RescoreState | undefined> {
    const { store, clock } = this.#ports;
    const { scorerId } = state;
    const now = unixSeconds(clock);
    const page = await store.shownAfter(scorerId, state.settledTo, this.#page);
    const needs = [...new Set(page.map(({ account }) => account))].map((account) => ({ scorerId, account }));
    return store.advanceRescore(state, needs, (workspace) => {
      for (const { account, digest } of page) {
        const shown = workspace.stamp(scorerId, account, digest);
        if (shown !== undefined) settleStamp(workspace, scorerId, shown, now);
      }
      const last = page.at(-1);
      return page.length < this.#page || last === undefined
        ? { ...state, phase: "score" }
        : { ...state, settledTo: last.sequence };
    });
  }

  async #scorePage(state: RescoreState): Promise<RescoreState | undefined> {
    const { store, clock } = this.#ports;
    const { scorerId } = state;
    const now = unixSeconds(clock);
    const accounts = await store.accountsAfter(scorerId, state.scoredTo, this.#page);
    const needs = accounts.map((account) => ({ scorerId, account }));
    return store.advanceRescore(state, needs, (workspace) => {
      const counts = { scored: state.scored, changed: state.changed, flipped: state.flipped };
      for (const account of accounts) this.#scoreOne(workspace, scorerId, account, now, counts);
      const last = accounts.at(-1);
      const done = accounts.length < this.#page || last === undefined;
      const end = done ? { phase: "done" as const, finishedAt: now } : {};
      return { ...state, ...counts, scoredTo: last ?? state.scoredTo, ...end };
    });
  }

  #scoreOne(
    workspace: PassportWorkspace,
    scorerId: number,
    account: string,
    now: number,
    counts: { scored: number; changed: number; flipped: number },
  ): void {
    const before = workspace.score(scorerId, account);
    const events = workspace.scoreEvents.length;
    const after = this.#ports.service.rescoreIn(workspace, scorerId, account, now);
    counts.scored += 1;
    if (workspace.scoreEvents.length > events) counts.changed += 1;
    if ((before?.passing ?? false) !== after.passing) counts.flipped += 1;
  }
}
