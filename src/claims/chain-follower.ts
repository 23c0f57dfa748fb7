import { unixSeconds, type Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import type { AllocationBook } from "../merkle/allocation.js";
import type { ClaimEvent, ClaimRecord } from "./claim-record.js";
import { ClaimError } from "./errors.js";
import { followClaim, type ClaimSighting } from "./follow-claim.js";
import type {
  Alerts,
  ChainHead,
  ChainStatus,
  ClaimChain,
  ClaimedEvent,
  ClaimLedger,
  FollowedBlock,
  LedgerChange,
  LedgerView,
} from "./ports.js";

export interface FollowerSettings {
  /** The distributor's first block, or any earlier one. */
  readonly startBlock: number;
  readonly confirmations: number;
  readonly pollMilliseconds: number;
  /** Without news from the chain for so long nothing is signed. */
  readonly staleSeconds: number;
  /** How old the newest block may be, in seconds: a node can answer and be stuck. 0 for any age. */
  readonly maxHeadAge: number;
  /** How long a reported transaction that no node knows counts as pending. */
  readonly patienceSeconds: number;
}

export interface FollowerPorts {
  readonly chain: ClaimChain;
  readonly ledger: ClaimLedger;
  readonly book: AllocationBook;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that only ever go forward: a wall clock that is set must not age what we know. */
  readonly uptime?: () => number;
}

/** How many checkpoints are kept: a re-organisation below the oldest one means reading from the start block again. */
const KEPT_BLOCKS = 128;
/** Nodes limit the range of one log query. */
const BLOCKS_PER_QUERY = 2_000;
/** A clock that lags behind the chain by so many seconds is wrong. */
const TOLERATED_LAG = 60;

/**
 * Follows the distributor's events: each step reads from the newest block that is still in the chain, so that a
 * re-organisation is only a longer step. Several processes may follow at once; the ledger takes each step once.
 */
export class ChainFollower {
  readonly #settings: FollowerSettings;
  readonly #ports: FollowerPorts;
  #status: { readonly value: ChainStatus; readonly seenAt: number } | undefined;
  readonly #uptime: () => number;
  #stop: (() => Promise<void>) | undefined;
  #down = false;
  #stalled = false;
  #latest: Promise<void> = Promise.resolve();

  constructor(settings: FollowerSettings, ports: FollowerPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#uptime = ports.uptime ?? (() => performance.now());
  }

  /** Throws `claims/chain-unavailable` when the newest knowledge is too old. */
  status(): ChainStatus {
    if (this.#status === undefined || this.#uptime() - this.#status.seenAt > this.#settings.staleSeconds * 1000) {
      throw new ClaimError("claims/chain-unavailable", "There is no recent news from the chain");
    }
    const age = this.#headAge(this.#status.value.head);
    if (this.#isStalled(age)) {
      throw new ClaimError(
        "claims/chain-unavailable",
        `The node's newest block is ${age} seconds old: it may be stuck`,
      );
    }
    return this.#status.value;
  }

  /** Follows until the returned function is called, which waits for the step under way. */
  start(): () => Promise<void> {
    if (this.#stop !== undefined) return this.#stop;
    let wake = () => {};
    let stopped = false;
    const running = (async () => {
      while (!stopped) {
        await this.#tryStep();
        if (stopped) break;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, this.#settings.pollMilliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    })();
    this.#stop = async () => {
      stopped = true;
      wake();
      await running;
    };
    return this.#stop;
  }

  /** One look at the chain, taken into the ledger; steps of one follower never overlap. */
  step(): Promise<void> {
    const next = this.#latest.then(() => this.#look());
    this.#latest = next.catch(() => {}); // whoever asked for a step hears of its failure, the next one does not
    return next;
  }

  async #look(): Promise<void> {
    const { chain, ledger } = this.#ports;
    const { confirmations } = this.#settings;
    const head = await chain.head();
    const settled = confirmations <= 1 ? head : await chain.block(Math.max(0, head.number - confirmations + 1));
    if (settled === undefined) return; // re-organised while we looked: the next step sees the new chain
    const campaign = await chain.campaign();
    this.#status = {
      value: { head, settledTime: settled.timestamp, campaign },
      seenAt: this.#uptime(),
    };
    this.#checkClock(head);
    this.#checkHeadAge(head);

    const followed = await ledger.followedBlocks();
    const common = await this.#commonBlock(followed, head);
    const readFrom = common === undefined ? this.#settings.startBlock : common.number + 1;
    if (common !== followed[0]) this.#reportReorganisation(followed[0], readFrom);
    const events = await this.#readEvents(readFrom, head.number);
    if ((await chain.block(head.number))?.hash !== head.hash) return;

    const records = await ledger.unsettled({ includedFrom: readFrom, deadlineBefore: settled.timestamp });
    const userIds = [...new Set([...records.map(({ userId }) => userId), ...events.keys()])];
    if (userIds.length === 0 && followed[0]?.hash === head.hash) return;
    const sightings = await this.#lookUp(records, events);
    const older = followed.filter(({ number }) => common !== undefined && number <= common.number);
    const kept = older[0]?.number === head.number ? older : [{ number: head.number, hash: head.hash }, ...older];
    const step = { expected: followed[0], kept: kept.slice(0, KEPT_BLOCKS) };
    const taken = await ledger.follow(step, userIds, (view) =>
      this.#takeIn(view, userIds, events, sightings, readFrom, head, settled.timestamp),
    );
    if (!taken) this.#ports.logger.info({ head: head.number }, "another process followed the chain first");
  }

  async #tryStep(): Promise<void> {
    const { alerts, logger } = this.#ports;
    try {
      await this.step();
      if (this.#down) logger.info({}, "following the chain again");
      this.#down = false;
    } catch (error) {
      const code = error instanceof ClaimError ? error.code : "unexpected";
      logger.warn({ code, error: error instanceof Error ? error.message : "unknown" }, "a look at the chain failed");
      if (this.#down || code === "claims/database-unavailable") return;
      this.#down = true;
      alerts.raise({
        pattern: "chain-unavailable",
        severity: "warning",
        message: "The chain cannot be followed",
        details: { code },
      });
    }
  }

  /** The newest followed block that the chain still contains. */
  async #commonBlock(followed: readonly FollowedBlock[], head: ChainHead): Promise<FollowedBlock | undefined> {
    for (const block of followed) {
      if (block.number > head.number) continue;
      const current = block.number === head.number ? head : await this.#ports.chain.block(block.number);
      if (current?.hash === block.hash) return block;
    }
    return undefined;
  }

  async #readEvents(from: number, to: number): Promise<Map<number, ClaimedEvent>> {
    const events = new Map<number, ClaimedEvent>();
    for (let start = from; start <= to; start += BLOCKS_PER_QUERY) {
      const end = Math.min(to, start + BLOCKS_PER_QUERY - 1);
      for (const event of await this.#ports.chain.claimedEvents(start, end)) events.set(event.userId, event);
    }
    return events;
  }

  /** Asks for the transactions of claims that wait for one. */
  async #lookUp(records: readonly ClaimRecord[], events: ReadonlyMap<number, ClaimedEvent>) {
    const { chain } = this.#ports;
    const sightings = new Map<number, Omit<ClaimSighting, "event">>();
    for (const { userId, status, transaction, inclusion } of records) {
      if (status !== "broadcast" || transaction === null || inclusion !== null || events.has(userId)) continue;
      const seen = (await chain.transaction(transaction.hash)) ?? null;
      const nonceSpent =
        transaction.from !== null &&
        transaction.nonce !== null &&
        (await chain.spentNonces(transaction.from)) > transaction.nonce;
      sightings.set(userId, { transaction: seen, nonceSpent });
    }
    return sightings;
  }

  #takeIn(
    view: LedgerView,
    userIds: readonly number[],
    claimed: ReadonlyMap<number, ClaimedEvent>,
    sightings: ReadonlyMap<number, Omit<ClaimSighting, "event">>,
    readFrom: number,
    head: ChainHead,
    settledTime: number,
  ): LedgerChange {
    const { confirmations, patienceSeconds: patience } = this.#settings;
    const at = unixSeconds(this.#ports.clock);
    const context = { readFrom, headNumber: head.number, confirmations, settledTime, at, patience };
    const records: ClaimRecord[] = [];
    const events: ClaimEvent[] = [];
    for (const userId of userIds) {
      const sighting = sightings.get(userId) ?? { transaction: undefined, nonceSpent: false };
      const result = followClaim(view.record(userId), userId, { ...sighting, event: claimed.get(userId) }, context);
      if (result.record === undefined || result.events.length === 0) continue;
      records.push(result.record);
      events.push(...result.events);
      if (result.unexpected) this.#reportUnexpected(result.record);
    }
    return { records, events };
  }

  /** A bound user needs nobody to claim; an unbound one without a claim of ours means that somebody else can sign. */
  #reportUnexpected({ userId, account, inclusion }: ClaimRecord): void {
    const listed = this.#ports.book.find(userId)?.account;
    if (listed !== null && listed === account) return;
    this.#ports.alerts.raise({
      pattern: "unexpected-claim",
      severity: "critical",
      message: "A claim was paid that this service did not sign: check the signing key",
      details: { userId, account, transaction: inclusion?.transactionHash ?? null },
    });
  }

  #reportReorganisation(newest: FollowedBlock | undefined, readFrom: number): void {
    if (newest === undefined) return;
    this.#ports.alerts.raise({
      pattern: "reorganisation",
      severity: "warning",
      message: "The chain was re-organised",
      details: { followedTo: newest.number, readAgainFrom: readFrom },
    });
  }

  #headAge(head: ChainHead): number {
    return unixSeconds(this.#ports.clock) - head.timestamp;
  }

  #isStalled(age: number): boolean {
    const { maxHeadAge } = this.#settings;
    return maxHeadAge > 0 && age > maxHeadAge;
  }

  #checkHeadAge(head: ChainHead): void {
    const age = this.#headAge(head);
    const stalled = this.#isStalled(age);
    if (stalled && !this.#stalled) {
      this.#ports.alerts.raise({
        pattern: "chain-stalled",
        severity: "critical",
        message: "The chain's newest block is too old: nothing is signed until the node has a newer one",
        details: { head: head.number, seconds: age },
      });
    }
    this.#stalled = stalled;
  }

  #checkClock(head: ChainHead): void {
    const lag = head.timestamp - unixSeconds(this.#ports.clock);
    if (lag <= TOLERATED_LAG) return;
    this.#ports.alerts.raise({
      pattern: "clock-skew",
      severity: "warning",
      message: "This machine's clock is behind the chain's",
      details: { seconds: lag },
    });
  }
}
