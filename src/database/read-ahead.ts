import type { Kysely } from "kysely";

import type { PageEntry, RescoreState, ScoringPage } from "../scoring/service/ports.js";
import { readScoringPage, type ScorerOfPage } from "./passport-page.js";
import type { Database } from "./schema.js";

interface Ahead {
  readonly id: number;
  readonly after: string;
  /** The sequence before and after the page that was written meanwhile. */
  readonly expected: readonly [number, number];
  readonly page: ScoringPage;
  readonly read: Promise<{ readonly sequence: number; readonly entries: PageEntry[] } | undefined>;
}

/**
 * The next page of a rescore, read while the one before it is written, and without the lock. It is used only when nothing but
 * that page was written meanwhile, which the sequence tells: the page touched other accounts, and links are read under the lock.
 */
export class ReadAhead {
  readonly #db: Kysely<Database>;
  #ahead: Ahead | undefined;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  start(
    scorer: ScorerOfPage,
    { id, scoredTo: after }: RescoreState,
    page: ScoringPage,
    expected: readonly [number, number],
  ): void {
    const read = this.#db
      .transaction()
      .setIsolationLevel("repeatable read")
      .execute(async (transaction) => {
        const { seq } = await transaction.selectFrom("passport_head").select("seq").executeTakeFirstOrThrow();
        return { sequence: seq, entries: await readScoringPage(transaction, scorer, page, after) };
      })
      // Whatever went wrong, the page is read again under the lock, and there it is reported.
      .catch(() => undefined);
    this.#ahead = { id, after, expected, page, read };
  }

  /** What was read for this state, if anything. Not to be asked under the lock: it may wait for a connection. */
  async take({ id, scoredTo }: RescoreState): Promise<PageAhead | undefined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead === undefined || ahead.id !== id || ahead.after !== scoredTo) return undefined;
    const { page, expected } = ahead;
    const read = await ahead.read;
    if (read === undefined || !expected.includes(read.sequence)) return undefined;
    return { page, entries: read.entries, sequence: expected[1] };
  }
}

/** Holds while the sequence is this, and the page is fresh. */
export interface PageAhead {
  readonly page: ScoringPage;
  readonly entries: readonly PageEntry[];
  readonly sequence: number;
}
