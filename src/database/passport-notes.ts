// What is noted for the next rescore: the stamps that have links to meet, and each passport in packed form. Whoever has loaded a
// passport with its links writes its notes anew; a rescore that finds none loads the passport itself.
import { sql, type Transaction } from "kysely";

import { isSettled } from "../scoring/rules/links/claim-link.js";
import { packPassport } from "../scoring/service/packed/passport.js";
import type { ShownStamp } from "../scoring/service/records.js";
import type { LoadedPassport, PassportWorkspace } from "../scoring/service/workspace.js";
import { asciiArray, byteaArray, int8Array } from "./binary-array.js";
import type { Database, OpenStampsTable } from "./schema.js";

/** In a scope that several scorers share, one scorer's release or revocation ends what the others have noted. */
export async function loosenNotes(transaction: Transaction<Database>, workspace: PassportWorkspace): Promise<void> {
  const accounts = loosenedAccounts(workspace);
  if (accounts.size === 0) return;
  const asked = asciiArray([...accounts]);
  await sql`
    insert into open_stamps (scorer_id, digest, seq, account, provider, expires_at, link_keys)
    select e.scorer_id, e.digest, e.seq, e.account, s.provider, s.expires_at, s.link_keys
    from scorer_stamps e join stamps s on s.digest = e.digest
    where e.scorer_id in (select id from scorers) and e.account = any(${asked}::text[]) and e.refusal is null
    on conflict (scorer_id, digest) do nothing`.execute(transaction);
  await sql`delete from packed_passports
    where scorer_id in (select id from scorers) and account = any(${asked}::text[])`.execute(transaction);
}

const loosenedAccounts = ({ loosened }: PassportWorkspace): ReadonlySet<string> =>
  new Set([...loosened.values()].flatMap((accounts) => [...accounts]));

interface Notes {
  readonly opened: OpenStampsTable[];
  readonly closed: { readonly scorerId: number; readonly digest: string }[];
  readonly packs: { readonly scorerId: number; readonly account: string; readonly packed: Buffer }[];
}

export async function writeNotes(transaction: Transaction<Database>, workspace: PassportWorkspace): Promise<void> {
  const loosened = loosenedAccounts(workspace);
  const changed = new Set(workspace.changedStamps.keys());
  const notes: Notes = { opened: [], closed: [], packs: [] };
  for (const passport of workspace.loaded.values()) {
    takeNotes(workspace, passport, loosened.has(passport.account), changed, notes);
  }
  const { opened, closed, packs } = notes;
  if (closed.length > 0) {
    await sql`delete from open_stamps o
      using unnest(${int8Array(closed.map(({ scorerId }) => scorerId))}::bigint[],
        ${asciiArray(closed.map(({ digest }) => digest))}::text[]) as n (scorer_id, digest)
      where o.scorer_id = n.scorer_id and o.digest = n.digest`.execute(transaction);
  }
  if (opened.length > 0) {
    await sql`insert into open_stamps
      select * from json_populate_recordset(null::open_stamps, ${JSON.stringify(opened)}::json)
      on conflict (scorer_id, digest) do update set seq = excluded.seq`.execute(transaction);
  }
  if (packs.length > 0) {
    await sql`insert into packed_passports (scorer_id, account, packed)
      select * from unnest(${int8Array(packs.map(({ scorerId }) => scorerId))}::bigint[],
        ${asciiArray(packs.map(({ account }) => account))}::text[], ${byteaArray(packs.map(({ packed }) => packed))}::bytea[])
      on conflict (scorer_id, account) do update set packed = excluded.packed`.execute(transaction);
  }
}

function takeNotes(
  workspace: PassportWorkspace,
  { scorerId, account, packed, open }: LoadedPassport,
  lost: boolean,
  changed: ReadonlySet<string>,
  notes: Notes,
): void {
  const scope = workspace.version(scorerId)?.scope;
  // Without a score there is nothing that a rescore would come for.
  if (scope === undefined || workspace.score(scorerId, account) === undefined) return;
  const stamps = workspace.stamps(scorerId, account);
  const settles = ({ stamp, refusal }: ShownStamp) =>
    refusal === null && isSettled(workspace, { ...stamp, scope, keys: stamp.linkKeys });
  let turned = lost || !packed;
  for (const shown of stamps) {
    const { stamp, sequence, refusal } = shown;
    const { digest, provider, expiresAt, linkKeys } = stamp;
    const opens = refusal === null && !settles(shown);
    const isChanged = changed.has(`${scorerId}|${digest}`);
    if (open.has(digest) === opens && !isChanged && !lost) continue;
    turned = true;
    const row = { scorer_id: scorerId, digest, seq: sequence, account, provider };
    if (opens) notes.opened.push({ ...row, expires_at: expiresAt, link_keys: JSON.stringify(linkKeys) });
    else notes.closed.push({ scorerId, digest });
  }
  if (turned) notes.packs.push({ scorerId, account, packed: packPassport(stamps, settles) ?? Buffer.alloc(0) });
}
