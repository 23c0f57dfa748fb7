import type { Kysely } from "kysely";

import { unpackCredential } from "../../../src/passport/credential/compact.js";
import type { Database } from "../../../src/database/schema.js";
import { scorerOf, simpleRules, stampOf, type PassportWorld } from "./service.js";
import { accountOf, ISSUER_DID, NOW } from "./stamps.js";

const DAY = 86_400;
const lower = (name: string) => accountOf(name).toLowerCase();

/** A little of everything that can happen to passports: scorers of one group, duplicates, releases, revocations, bans, versions, a round. */
export async function liveThrough(
  world: PassportWorld,
  anchor: (scorer: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<{ scorers: number[] }> {
  world.time.now = NOW;
  const dedupe = { scope: "group", group: "rounds", cooling: DAY };
  const { id } = await scorerOf(world, simpleRules({ dedupe }));
  const { id: other } = await scorerOf(world, simpleRules({ dedupe, threshold: "0.5" }));
  const google = await stampOf(accountOf("alice"), "Google", "one");
  const discord = await stampOf(accountOf("alice"), "Discord", "two");
  await world.service.submit(id, lower("alice"), [google, discord]);
  await world.service.submit(other, lower("alice"), [google]);
  await world.service.submit(id, lower("bob"), [
    await stampOf(accountOf("bob"), "Google", "one"),
    { no: "credential" },
  ]);
  await world.service.submit(id, lower("carol"), [await stampOf(accountOf("carol"), "Discord", "three")]);
  await anchor(id);
  world.time.now += 2 * DAY;
  await world.service.release(id, lower("alice"), "Google");
  world.time.now += 2 * DAY;
  await world.rescorer.run(id, { author: "tests", reason: "who waited longest" });
  await anchor(id);
  await world.service.submit(id, lower("alice"), [await stampOf(accountOf("alice"), "Google", "four", world.time.now)]);
  const [shown] = await world.store.credentials(lower("carol"), { after: 0, limit: 1 });
  await world.service.revoke(shown?.digest ?? "", { author: "tests", reason: 'sold\ton\\a "market"' });
  await world.service.revoke(`0x${"ab".repeat(32)}`, { author: "tests", reason: "not seen yet" });
  await world.service.addVersion(id, simpleRules({ dedupe, threshold: "2" }), { author: "tests", reason: "stricter" });
  await world.rescorer.run(id, { author: "tests", reason: "stricter" });
  await anchor(id);
  world.time.now += 60 * DAY;
  await world.service.submit(id, lower("alice"), [await stampOf(accountOf("alice"), "Discord", "two", world.time.now)]);
  await banAndRevoke(world, id);
  const round = await closeRound(world);
  world.time.now += 40 * DAY;
  await world.rescorer.run(id, { author: "tests", reason: "time has passed" });
  await world.rescorer.run(round, { author: "tests", reason: "long after the close" });
  return { scorers: [id, other, round] };
}

/** Bans of every kind, some that end or are lifted, and what issuers take back. */
async function banAndRevoke(world: PassportWorld, id: number): Promise<void> {
  const { service, store, time } = world;
  const submit = async (name: string, ...providers: string[]) => {
    const stamps = providers.map((provider) => stampOf(accountOf(name), provider, `${name}'s`, time.now));
    return service.submit(id, lower(name), await Promise.all(stamps));
  };
  for (const name of ["frank", "grace", "heidi", "ivan", "judy"]) await submit(name, "Google", "Discord");
  const ban = (
    entry: { kind: "account" | "nullifier" | "stamp"; subject: string; provider?: string },
    until: number | null,
  ) => service.ban({ ...entry, until, reason: `a "farm",\tseen ${entry.kind}` }, { author: "tests" });
  await ban({ kind: "account", subject: lower("frank") }, time.now + DAY);
  await submit("frank", "Google");
  const shown = async (name: string) =>
    (await store.stampHistory(id, lower(name))).flatMap(({ type, data }) =>
      type === "accepted" ? [data["stamp"] as { digest: string; nullifiers: string[] }] : [],
    );
  const [first] = await shown("grace");
  const lifted = await ban({ kind: "nullifier", subject: first?.nullifiers[0] ?? "" }, null);
  await ban({ kind: "stamp", subject: lower("heidi"), provider: "Discord" }, null);
  await service.liftBan(lifted.id, { author: "tests", reason: "a mistake" });
  const [of, by] = [(await shown("ivan"))[0], (await shown("judy"))[0]];
  const entry = { revokedAt: time.now - 5, reason: "sold" };
  const entries = [
    { ...entry, kind: "credential" as const, value: of?.digest ?? "" },
    { ...entry, kind: "nullifier" as const, value: by?.nullifiers[0] ?? "" },
  ];
  await service.addRevocations({ issuer: ISSUER_DID, sequence: 2, entries });
  await service.addRevocations({
    ...{ issuer: ISSUER_DID, sequence: 3 },
    entries: [...entries, { ...entry, kind: "credential", value: `0x${"cd".repeat(32)}` }],
  });
  await submit("ivan", "Google", "Discord");
}

/** A round that closes, takes what comes in its grace, and loses somebody to a ban there. */
async function closeRound(world: PassportWorld): Promise<number> {
  const { service, time } = world;
  const begun = time.now;
  const [closesAt, graceEndsAt] = [begun + 10 * DAY, begun + 13 * DAY];
  const { id } = await scorerOf(world, simpleRules({ round: { closesAt, graceEndsAt } }));
  const submit = async (name: string, issuedAt: number, evidence = name) =>
    service.submit(id, lower(name), [await stampOf(accountOf(name), "Google", evidence, issuedAt)]);
  await submit("kim", begun);
  await submit("leo", begun);
  time.now = closesAt + DAY;
  // Expired by now, and not at the close.
  await submit("mia", closesAt + 5 - 90 * DAY);
  await submit("nina", begun, "kim");
  await submit("olga", closesAt + 1);
  await service.ban({ kind: "account", subject: lower("kim"), until: null, reason: "bought" }, { author: "tests" });
  await service.rescoreAccount(id, lower("nina"));
  time.now = graceEndsAt;
  await submit("olga", begun);
  return id;
}

const TABLES = [
  ...["passport_head", "scorers", "scorer_versions", "stamps", "scorer_stamps", "stamp_revocations", "links", "scores"],
  ...["score_events", "stamp_events", "ban_events", "issuer_revocations"],
] as const;

/**
 * Every row that a snapshot must bring back, as sorted text. Of a credential, what it says; without what is noted for rescores,
 * which the next one notes again.
 */
export async function passportTables(
  db: Kysely<Database>,
  tables: readonly (keyof Database)[] = TABLES,
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of tables) {
    const rows = (await db.selectFrom(table).selectAll().execute()) as Record<string, unknown>[];
    found[table] = rows
      .map((row) => {
        const { settled_scope: _noted, ...own } = row;
        // One engine's byte strings are Buffers, the other's are not.
        for (const [name, value] of Object.entries(own)) {
          if (value instanceof Uint8Array) own[name] = Buffer.from(value).toString("hex");
        }
        if (typeof own["credential"] !== "string") return JSON.stringify(own);
        return JSON.stringify({ ...own, credential: sorted(unpackCredential(JSON.parse(own["credential"]))) });
      })
      .sort();
  }
  return found;
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([key, member]) => [key, sorted(member)]));
}

/** Keys and indexes of those tables, as the database states them. */
export const indexesOf = async (db: Kysely<Database>): Promise<string[]> => {
  const { rows } = await (
    await import("kysely")
  ).sql<{ text: string }>`
    select indexdef as text from pg_indexes where schemaname = 'public'
    union all
    select conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace order by text`.execute(db);
  return rows.map(({ text }) => text);
};
