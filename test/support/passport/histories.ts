import fc from "fast-check";

import type { StampCredential } from "../../../src/passport/credential/credential.js";
import { simpleRules, stampOf, type PassportWorld } from "./service.js";
import { accountOf, ISSUER_DID, NOW } from "./stamps.js";

const DAY = 86_400;
const PEOPLE = ["alice", "bob", "carol", "dave"];
const EVIDENCE = ["one", "two"];
const PROVIDERS = ["Google", "Discord"];

const who = fc.nat(PEOPLE.length - 1);
const at = fc.nat(1);
const submission = fc.record({
  kind: fc.constant("submit" as const),
  at,
  who,
  what: fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }),
});

/** What can happen around rescores of two scorers, with small numbers, so that people meet at the same evidence. */
export const happenings = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: submission },
    fc.record({ kind: fc.constant("release" as const), at, who, what: fc.nat(1) }),
    fc.record({ kind: fc.constant("revoke" as const), who, what: fc.nat(7), told: fc.boolean() }),
    fc.record({
      kind: fc.constant("version" as const),
      at,
      threshold: fc.integer({ min: 1, max: 15 }),
      scope: fc.constantFrom("scorer", "global"),
      closes: fc.option(fc.integer({ min: 1, max: 60 }), { freq: 2 }),
    }),
    fc.record({
      kind: fc.constant("ban" as const),
      who,
      what: fc.constantFrom("account" as const, "nullifier" as const, "stamp" as const),
      place: fc.nat(7),
      days: fc.option(fc.integer({ min: 1, max: 50 })),
      told: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("lift" as const), place: fc.nat(3), told: fc.boolean() }),
    fc.record({
      kind: fc.constant("withdraw" as const),
      who,
      what: fc.constantFrom("credential" as const, "nullifier" as const),
      place: fc.nat(7),
      told: fc.boolean(),
    }),
    fc.record({ kind: fc.constant("distrust" as const), provider: fc.constantFrom(null, "Google") }),
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("rescore" as const), at, between: fc.option(submission) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), days: fc.integer({ min: 1, max: 50 }) }) },
  ),
  { minLength: 5, maxLength: 25 },
);
export type Happening = (typeof happenings extends fc.Arbitrary<(infer T)[]> ? T : never) & object;

export interface Happened {
  readonly world: PassportWorld;
  /** The two scorers. */
  readonly scorers: readonly number[];
  /** The provider whose stamps are not believed at the moment. */
  distrusted: string | null;
  /** Called before each page of a rescore, with whether it is a page of scores. */
  readonly beforePage: () => Promise<void>;
}

/** Eight stamps of each person: two pieces of evidence of two providers, each issued twice. */
export function stampsOfPeople(history: string): Promise<StampCredential[][]> {
  const kinds = [0, 60 * DAY].flatMap((later) =>
    EVIDENCE.flatMap((evidence) => PROVIDERS.map((provider) => ({ later, evidence, provider }))),
  );
  return Promise.all(
    PEOPLE.map((name) =>
      Promise.all(
        kinds.map(({ later, evidence, provider }) =>
          stampOf(accountOf(name), provider, `${history} ${evidence}`, NOW - 80 * DAY + later),
        ),
      ),
    ),
  );
}

/** The realms of the one issuer. */
const REALMS = [ISSUER_DID];
const author = { author: "tests", reason: "random" };
const lower = (person: number) => accountOf(PEOPLE[person] ?? "").toLowerCase();

const stampOfPerson = (stamps: readonly StampCredential[][], { who, place }: { who: number; place: number }) =>
  stamps[who]?.[place] as StampCredential;

/** Ends the bans of an earlier history. */
export async function liftAll({ service, store, time }: PassportWorld): Promise<void> {
  for (const { id } of await service.bans()) await store.liftBan(id, { ...author, at: time.now }, REALMS);
}

export async function happen(
  happened: Happened,
  stamps: readonly StampCredential[][],
  event: Happening,
): Promise<void> {
  const { world, scorers, beforePage } = happened;
  const id = "at" in event ? (scorers[event.at] as number) : 0;
  switch (event.kind) {
    case "submit": {
      const credentials = event.what.map((place) => stamps[event.who]?.[place]);
      await world.service.submit(id, lower(event.who), credentials);
      return;
    }
    case "release":
      // Whoever holds nothing cannot let go.
      await world.service.release(id, lower(event.who), PROVIDERS[event.what] ?? "").catch(() => {});
      return;
    case "revoke": {
      const shown = await world.store.credentials(lower(event.who), { after: 0, limit: 8 });
      const digest = shown[event.what]?.digest;
      if (digest === undefined) return;
      // Told: scores follow at once. Else the process ended in between, and the next rescore finds it.
      if (event.told) await world.service.revoke(digest, author);
      else await world.store.revoke({ digest, ...author, at: world.time.now });
      return;
    }
    case "version": {
      const round = event.closes === null ? {} : { round: { closesAt: NOW + event.closes * DAY } };
      const changes = { threshold: `0.${event.threshold}`, dedupe: { scope: event.scope, cooling: DAY }, ...round };
      await world.service.addVersion(id, simpleRules(changes), author);
      return;
    }
    // Told: scores follow at once. Else the process ended in between, and the next rescore finds it.
    case "ban": {
      const { credentialSubject } = stampOfPerson(stamps, event);
      const subject = event.what === "nullifier" ? (credentialSubject.nullifiers?.[0] ?? "") : lower(event.who);
      const until = event.days === null ? null : world.time.now + event.days * DAY;
      const entry = { kind: event.what, subject, until, reason: "random" };
      const ban = event.what === "stamp" ? { ...entry, provider: PROVIDERS[event.place % 2] ?? "" } : entry;
      if (event.told) await world.service.ban(ban, author);
      else await world.store.ban(ban, { ...author, at: world.time.now }, REALMS);
      return;
    }
    case "lift": {
      const ban = (await world.service.bans())[event.place];
      if (ban === undefined) return;
      if (event.told) await world.service.liftBan(ban.id, author);
      else await world.store.liftBan(ban.id, { ...author, at: world.time.now }, REALMS);
      return;
    }
    case "withdraw": {
      const { credentialSubject } = stampOfPerson(stamps, event);
      const shown = await world.store.credentials(lower(event.who), { after: 0, limit: 8 });
      const value = event.what === "nullifier" ? credentialSubject.nullifiers?.[0] : shown[event.place]?.digest;
      if (value === undefined) return;
      const entries = [{ kind: event.what, value, revokedAt: world.time.now, reason: "random" }];
      const list = { issuer: ISSUER_DID, sequence: 1, entries };
      if (event.told) await world.service.addRevocations(list);
      else await world.store.addRevocations(list, { at: world.time.now }, REALMS);
      return;
    }
    case "distrust":
      happened.distrusted = event.provider;
      return;
    case "rescore": {
      let state = await world.rescorer.request(id, author);
      let between = event.between;
      while (state.phase !== "done") {
        await beforePage();
        const scoring = state.phase === "score";
        state = await world.rescorer.step(state);
        if (!scoring || between === null) continue;
        await happen(happened, stamps, between);
        between = null;
      }
      return;
    }
    case "wait":
      world.time.now += event.days * DAY;
  }
}
