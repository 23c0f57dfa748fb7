// Which passports a ban or a revocation concerns: whose scores must be computed anew at once. A duplicate of a nullifier has no
// points to lose, so holders are looked for and nobody else; the next rescore says the same to all others.
import { sql, type Kysely } from "kysely";

import type { BanEntry } from "../passport/bans.js";
import { linkKey } from "../passport/nullifiers/realm.js";
import type { PassportNeed } from "../scoring/service/ports.js";
import type { Database } from "./schema.js";

export async function passportsBanned(
  db: Kysely<Database>,
  ban: BanEntry,
  realms: readonly string[],
): Promise<PassportNeed[]> {
  if (ban.kind === "nullifier") return passportsHolding(db, [ban.subject], realms);
  const shown = db.selectFrom("scorer_stamps as e").select(["e.scorer_id", "e.account"]).distinct();
  const own = shown.where("e.account", "=", ban.subject);
  const rows =
    ban.provider === undefined
      ? await own.execute()
      : await own.innerJoin("stamps as s", "s.digest", "e.digest").where("s.provider", "=", ban.provider).execute();
  return rows.map(needFromRow);
}

/** The passports that show one of these credentials, or hold one of these nullifiers in one of the realms. */
export async function passportsRevoked(
  db: Kysely<Database>,
  { digests, nullifiers }: { digests: readonly string[]; nullifiers: readonly string[] },
  realms: readonly string[],
): Promise<PassportNeed[]> {
  const holding = await passportsHolding(db, nullifiers, realms);
  if (digests.length === 0) return holding;
  const { rows } = await sql<Row>`
    select distinct e.scorer_id, e.account from json_array_elements_text(${JSON.stringify(digests)}::json) as asked (digest)
    join scorer_stamps e on e.digest = asked.digest`.execute(db);
  const found = new Map(
    [...holding, ...rows.map(needFromRow)].map((need) => [`${need.scorerId}|${need.account}`, need]),
  );
  return [...found.values()];
}

/** A link is found by scope and key: scopes are few, realms fewer. */
async function passportsHolding(
  db: Kysely<Database>,
  nullifiers: readonly string[],
  realms: readonly string[],
): Promise<PassportNeed[]> {
  const keys = realms.flatMap((realm) => nullifiers.map((nullifier) => linkKey(realm, nullifier)));
  if (keys.length === 0) return [];
  const { rows } = await sql<Row>`
    with scopes as (
      select 'scorer:' || id as scope from scorers union select 'global'
      union select 'group:' || (rules::json #>> '{dedupe,group}') from scorer_versions
        where rules::json #>> '{dedupe,group}' is not null)
    select distinct e.scorer_id, e.account from scopes
    cross join json_array_elements_text(${JSON.stringify(keys)}::json) as asked (key)
    join links l on l.scope = scopes.scope and l.key = asked.key
    join scorer_stamps e on e.digest = l.digest`.execute(db);
  return rows.map(needFromRow);
}

interface Row {
  readonly scorer_id: number;
  readonly account: string;
}

const needFromRow = ({ scorer_id: scorerId, account }: Row): PassportNeed => ({ scorerId, account });
