// A scorer's whole rescore, in pages of one transaction each. The state of the run is written with every page: a process that is
// killed loses one page at most, and any other goes on from there.
//
// Two passes. First every stored stamp meets the links in the order of acceptance, so that a nullifier that has become free goes
// to whoever has waited longest, not to whoever is scored first. Then every account is scored by the full pipeline.
//
// Most accounts are plain: nobody else can get their links, and no trust, ban or revocation has changed. Those are scored from
// one packed row each and their links are not read; docs/adr/0013-bulk-rescore.md says why that comes to the same.
import { unixSeconds, type Clock } from "../../shared/clock.js";
import { settleStamp } from "./commands.js";
import { PassportServiceError } from "./errors.js";
import type { PassportService } from "./passport-service.js";
import { PageScorer } from "./packed/page-scorer.js";
import { NotPlainError, type PassportStore, type PreparedPassport, type RescoreState } from "./ports.js";
import type { PassportWorkspace } from "./workspace.js";

export interface RescorePorts {
  readonly store: PassportStore;
  readonly service: PassportService;
  readonly clock: Clock;
}

/** How many stamps or accounts a transaction takes: it keeps everybody else waiting for a fraction of a second. */
const PAGES = { stamps: 5_000, accounts: 5_000 };

interface Counts {
  scored: number;
  changed: number;
  flipped: number;
}

export class Rescorer {
  readonly #ports: RescorePorts;
  readonly #pages: typeof PAGES;

  /** `page` is for both kinds of pages. */
  constructor(ports: RescorePorts, { page }: { page?: number } = {}) {
    this.#ports = ports;
    this.#pages = page === undefined ? PAGES : { stamps: page, accounts: page };
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

  #settlePage(state: RescoreState): Promise<RescoreState | undefined> {
    const { store, clock } = this.#ports;
    const now = unixSeconds(clock);
    return store.advanceSettling(state, this.#pages.stamps, (workspace, stamps) => {
      for (const stamp of stamps) if (!stamp.refused) settleStamp(workspace, state.scorerId, stamp, now);
      const last = stamps.at(-1);
      return stamps.length < this.#pages.stamps || last === undefined
        ? { ...state, phase: "score" }
        : { ...state, settledTo: last.sequence };
    });
  }

  #scorePage(state: RescoreState): Promise<RescoreState | undefined> {
    const { store, clock, service } = this.#ports;
    const { scorerId } = state;
    const newPage = (workspace: PassportWorkspace) =>
      new PageScorer(this.#pages.accounts, clock, (now) => service.packedRecheck(workspace, now));
    return store.advanceScoring(state, newPage, (workspace, entries, page) => {
      const { now } = page;
      const counts = { scored: state.scored, changed: state.changed, flipped: state.flipped };
      const notPlain: string[] = [];
      for (const { account, prepared } of entries) {
        if (prepared === null) this.#scoreOne(workspace, scorerId, account, now, counts);
        else if (page.finish(workspace, scorerId, prepared, "rescored")) countPacked(workspace, prepared, counts);
        else notPlain.push(account);
      }
      if (notPlain.length > 0) throw new NotPlainError(notPlain);
      const last = entries.at(-1);
      const done = entries.length < this.#pages.accounts || last === undefined;
      const end = done ? { phase: "done" as const, finishedAt: now } : {};
      return { ...state, ...counts, scoredTo: last?.account ?? state.scoredTo, ...end };
    });
  }

  #scoreOne(workspace: PassportWorkspace, scorerId: number, account: string, now: number, counts: Counts): void {
    const before = workspace.score(scorerId, account);
    const events = workspace.scoreEvents.length;
    const after = this.#ports.service.rescoreIn(workspace, scorerId, account, now);
    counts.scored += 1;
    if (workspace.scoreEvents.length > events) counts.changed += 1;
    if ((before?.passing ?? false) !== after.passing) counts.flipped += 1;
  }
}

function countPacked(workspace: PassportWorkspace, { account, passing }: PreparedPassport, counts: Counts): void {
  counts.scored += 1;
  const newest = workspace.packedScores.at(-1)?.record;
  if (newest?.account !== account) return;
  counts.changed += 1;
  if (newest.passing !== passing) counts.flipped += 1;
}
