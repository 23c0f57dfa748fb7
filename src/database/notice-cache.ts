import type { Kysely } from "kysely";

import { BanIndex } from "../passport/bans.js";
import { RevocationIndex } from "../passport/revocations.js";
import { banEventFromRow, revocationFromRow } from "./passport-rows.js";
import type { Database } from "./schema.js";

/** What the log says against stamps, up to an event. */
export interface Notices {
  readonly bans: BanIndex;
  readonly revocations: RevocationIndex;
}

/**
 * Bans and issuers' revocations in a process's memory. Whoever holds the head's row knows up to which event they must reach, and
 * only events that are not here yet are read: mostly none.
 */
export class NoticeCache {
  #notices: Notices = { bans: BanIndex.EMPTY, revocations: RevocationIndex.EMPTY };
  #sequence = 0;

  /** The notices up to an event, within the transaction that holds the head. */
  async upTo(sequence: number, db: Kysely<Database>): Promise<Notices> {
    if (sequence > this.#sequence) {
      const { bans, revocations } = this.#notices;
      const banRows = db.selectFrom("ban_events").selectAll().where("seq", ">", this.#sequence);
      const newBans = await banRows.where("seq", "<=", sequence).orderBy("seq").execute();
      const revocationRows = db.selectFrom("issuer_revocations").selectAll().where("seq", ">", this.#sequence);
      const newRevocations = await revocationRows.where("seq", "<=", sequence).orderBy("seq").execute();
      this.#notices = {
        bans: bans.with(newBans.map(banEventFromRow)),
        revocations: revocations.with(newRevocations.map(revocationFromRow)),
      };
      this.#sequence = sequence;
    }
    return this.#notices;
  }
}
