import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { RELEASED_DETAIL } from "../../../src/scoring/assemble.js";
import { DEFAULT_RULES } from "../../../src/scoring/rules/default-rules.js";
import { GATED_DETAIL, type StampScore } from "../../../src/scoring/rules/score.js";
import type { DomainError } from "../../../src/shared/errors.js";
import type { ReadPassports } from "../../../src/sybil/round/passports.js";
import { readRound, readRoundFolder } from "../../../src/sybil/round/read-round.js";

const ROUND = {
  format: "touchstone-round-v1",
  name: "A round",
  closedAt: "2026-03-01T12:00:00Z",
  pool: "1000",
  donations: "donations.csv",
};
const DONATIONS = "donor,project,amount\nann,well,4\nbob,well,1\nann,school,2.5\nann,well,5\n";

/** A folder that holds these files; an object becomes JSON. */
function folder(files: Readonly<Record<string, string | object>>): string {
  const place = mkdtempSync(path.join(tmpdir(), "touchstone-round-"));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(place, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return place;
}

const whole = (
  changes: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, string | object>> = {},
) => folder({ "round.json": { ...ROUND, ...changes }, "donations.csv": DONATIONS, ...files });

const SOMEBODY = `0x${"aB".repeat(20)}`;
const stamp = (provider: string, status: StampScore["status"], expiresAt: number, detail?: string): StampScore => ({
  ...{ provider, status, expiresAt, digest: `0x${"1".repeat(64)}`, points: 0 },
  ...(detail === undefined ? {} : { detail }),
});

describe("reading a round", () => {
  it("knows nothing of donors where there are donations alone", async () => {
    const place = whole();
    const tables = await readRound(place);
    expect(await readRound(path.join(place, "round.json"))).to.deep.equal(tables);
    expect(tables.settings).to.deep.equal({
      name: "A round",
      closedAt: Date.UTC(2026, 2, 1, 12) / 1000,
      pool: 1000,
      cap: 1,
      scale: { lower: 15, upper: 25 },
      tax: { k: 0.5, cap: 0.25 },
      flagFrom: 0.5,
    });
    expect(tables.donations.donorNames).to.deep.equal(["ann", "bob"]);
    expect([...tables.donations.amounts]).to.deep.equal([9, 1, 2.5]);
    expect(tables.accounts.map(({ donor }) => donor)).to.deep.equal(["ann", "bob"]);
    expect(tables.accounts[0]).to.deep.include({ name: undefined, created: undefined, origins: [], owner: undefined });
    expect(tables.stamps.map(({ size }) => size)).to.deep.equal([0, 0]);
    expect([tables.rules, tables.prices.size, tables.labels, tables.vouches]).to.deep.equal([undefined, 0, [], []]);
  });

  it("puts every table in the order of the donors", async () => {
    const header = "stamp,cost,users,incentivised,reversibility,meta_identity,social";
    const files = {
      "accounts.csv":
        "owner,donor,name,created,transactions,stake,funder,origins\n" +
        "NA,stranger,NA,NA,NA,NA,NA,NA\n1,bob,bob01,2026-02-01,7,NA,0xf,a b a\n0,ann,NA,2026-03-01T13:00+01:00,NA,2.5,NA,\n",
      "stamps.csv":
        "donor,provider,issued,expires\n" +
        "bob,Ens,2026-01-01,2026-03-01T12:00:00Z\nbob,Google,2026-03-01T12:00:00Z,2026-06-01\n" +
        "ann,Ens,2026-03-02,2026-06-01\nstranger,Ens,2026-01-01,2026-06-01\n",
      "prices.csv": `${header}\nSelfStakingSilver,211,0,0,0,0,0\nSelfStakingGold,31,0.25,0,0,0,0\n`,
      "labels.csv": "donor,rater,label\nann,r1,human\nstranger,r1,sybil\nann,r2,unsure\n",
      "vouches.csv": "staker,donor,amount\nstranger,ann,5\n",
      "scorer.json": { format: "touchstone-scorer-rules-v1", threshold: "2", weights: { Ens: "2" } },
      "heuristics.json": { any: 1 },
      "last.json": { last: true },
    };
    const named = Object.fromEntries(
      ["accounts", "stamps", "prices", "labels", "vouches"].map((name) => [name, `${name}.csv`]),
    );
    const settings = { cap: 0.2, scale: { lower: "1", upper: 2 }, tax: { k: "1", cap: "0" }, flagFrom: "0.9" };
    const place = whole(
      { ...named, ...settings, scorer: "scorer.json", heuristics: "heuristics.json", previous: "last.json" },
      files,
    );
    const { tables, heuristics, previous, notices } = await readRoundFolder(place);
    expect(tables.settings).to.deep.include({ cap: 0.2, tax: { k: 1, cap: 0 }, flagFrom: 0.9 });
    expect(tables.settings.scale).to.deep.equal({ lower: 1, upper: 2 });
    const [ann, bob] = tables.accounts;
    expect(bob).to.deep.equal({
      donor: "bob",
      name: "bob01",
      created: Date.UTC(2026, 1, 1) / 1000,
      transactions: 7,
      stake: undefined,
      funder: "0xf",
      origins: ["a", "b"],
      owner: true,
    });
    expect(ann).to.deep.include({ name: undefined, created: tables.settings.closedAt, stake: 2.5, owner: false });
    // Of two bounds the first counts: a stamp is valid at its beginning, and no more at its end.
    expect(tables.stamps.map((held) => [...held])).to.deep.equal([[], ["Google"]]);
    expect([...tables.prices]).to.deep.equal([
      ["SelfStakingSilver", 31],
      ["SelfStakingGold", 211 * 1.25],
    ]);
    expect(notices).to.have.length(1);
    expect(tables.labels.map(({ verdict }) => verdict)).to.deep.equal(["human", "unsure"]);
    expect(tables.vouches).to.deep.equal([{ staker: "stranger", donor: "ann", amount: 5 }]);
    expect(tables.rules?.weights.get("Ens")).to.equal(20_000);
    expect([heuristics, previous]).to.deep.equal([{ any: 1 }, { last: true }]);
  });

  it("sybil/passports-are-of-donors-that-are-addresses", async () => {
    const closedAt = Date.UTC(2026, 2, 1, 12) / 1000;
    const asked: unknown[] = [];
    const read: ReadPassports = (...question) => {
      asked.push(question);
      const stamps = [
        stamp("Counted", "counted", closedAt + 1),
        stamp("Capped", "capped", closedAt + 1),
        stamp("Weightless", "gated", closedAt + 1, GATED_DETAIL),
        stamp("Released", "gated", closedAt + 1, RELEASED_DETAIL),
        stamp("Over", "counted", closedAt),
        ...(["duplicate", "expired", "untrusted_issuer", "banned"] as const).map((status) =>
          stamp(status, status, closedAt + 1),
        ),
      ];
      return Promise.resolve({ rules: DEFAULT_RULES, stamps: new Map([[SOMEBODY.toLowerCase(), stamps]]) });
    };
    const donations = `${DONATIONS}${SOMEBODY},well,1\n0x${"2".repeat(40)},well,1\n`;
    const place = whole({ passports: { scorer: 7, folder: "data" } }, { "donations.csv": donations });
    const { tables, notices } = await readRoundFolder(place, read);
    const accounts = [SOMEBODY.toLowerCase(), `0x${"2".repeat(40)}`];
    expect(asked).to.deep.equal([[{ scorer: 7, folder: path.join(place, "data") }, closedAt, accounts]]);
    expect(tables.rules).to.equal(DEFAULT_RULES);
    expect(tables.stamps.map((held) => [...held])).to.deep.equal([[], [], ["Counted", "Capped", "Weightless"], []]);
    expect(notices).to.have.length(1);
    expect(notices[0]).to.include("Of 4 donors 2 are no addresses");
    const strangers = whole({ passports: { scorer: 7, server: true } });
    const noScorer = () => Promise.resolve(undefined);
    for (const refused of [
      () => readRound(strangers, read),
      () => readRound(place),
      () => readRound(place, noScorer),
    ]) {
      const code = await refused().then(
        () => "none",
        (error: DomainError) => error.code,
      );
      expect(code).to.equal("sybil/bad-round");
    }
    expect(asked).to.have.length(1);
  });

  it("sybil/round-faults-name-file-and-line", async () => {
    const accounts = "donor,name,created,transactions,stake,funder,origins,owner\n";
    const stamps = "donor,provider,issued,expires\n";
    const server = { scorer: 1, server: true };
    const [both, no, url] = [
      { ...server, folder: "a" },
      { scorer: 1, server: false },
      { ...server, url: "postgres://" },
    ];
    const cases: [wanted: string, code: string, files: Record<string, string | object>][] = [
      ["round.json", "sybil/unreadable", {}],
      ["round.json", "sybil/bad-round", { "round.json": "{" }],
      ["round.json.pool", "sybil/bad-round", { "round.json": { ...ROUND, pool: "1e3" } }],
      ["round.json.name", "sybil/bad-round", { "round.json": { ...ROUND, name: "a\nb" } }],
      ["round.json.cap", "sybil/bad-round", { "round.json": { ...ROUND, cap: 1.5 } }],
      ["round.json.tax.cap", "sybil/bad-round", { "round.json": { ...ROUND, tax: { k: 1, cap: 1 } } }],
      ["round.json.scale", "sybil/bad-round", { "round.json": { ...ROUND, scale: { lower: 2, upper: 2 } } }],
      ["round.json.closedAt", "sybil/bad-round", { "round.json": { ...ROUND, closedAt: "2026-03-01T12:00:00" } }],
      ["round.json.closedAt", "sybil/bad-round", { "round.json": { ...ROUND, closedAt: "2026-02-30" } }],
      ["round.json.passports.scorer", "sybil/bad-round", { "round.json": { ...ROUND, passports: { folder: "a" } } }],
      ["round.json.passports", "sybil/bad-round", { "round.json": { ...ROUND, passports: { scorer: 1 } } }],
      ["round.json.passports", "sybil/bad-round", { "round.json": { ...ROUND, passports: both } }],
      ["round.json.passports.server", "sybil/bad-round", { "round.json": { ...ROUND, passports: no } }],
      ["round.json.passports.url", "sybil/bad-round", { "round.json": { ...ROUND, passports: url } }],
      ["round.json.stamps", "sybil/bad-round", { "round.json": { ...ROUND, passports: server, stamps: "s.csv" } }],
      ["round.json.scorer", "sybil/bad-round", { "round.json": { ...ROUND, passports: server, scorer: "s.json" } }],
      ["round.json.bonus", "sybil/bad-round", { "round.json": { ...ROUND, bonus: 1 } }],
      ["donations.csv", "sybil/unreadable", { "round.json": ROUND }],
      ["donations.csv, line 2", "funding/bad-donation", { "donations.csv": "donor,project,amount\na,b,0\n" }],
      ["donations.csv, line 3", "sybil/bad-cell", { "donations.csv": "donor,project,amount\na,b,1\na,c,NaN\n" }],
      ["accounts.csv", "sybil/empty-table", { "accounts.csv": accounts }],
      ["accounts.csv, line 2", "sybil/bad-cell", { "accounts.csv": `${accounts}ann,NA,2026-13-01,1,1,NA,,1\n` }],
      ["accounts.csv, line 2", "sybil/bad-cell", { "accounts.csv": `${accounts}ann,NA,2026-03-02,1,1,NA,,1\n` }],
      ["accounts.csv, line 2", "sybil/bad-cell", { "accounts.csv": `${accounts}ann,NA,NA,1.5,1,NA,,1\n` }],
      ["accounts.csv, line 2", "sybil/bad-cell", { "accounts.csv": `${accounts}ann,NA,NA,1,-1,NA,,1\n` }],
      ["accounts.csv, line 2", "sybil/bad-cell", { "accounts.csv": `${accounts}ann,NA,NA,1,1,NA,,yes\n` }],
      [
        "accounts.csv, line 3",
        "sybil/duplicate-row",
        { "accounts.csv": `${accounts}ann,NA,NA,1,1,NA,,1\nann,NA,NA,1,1,NA,,1\n` },
      ],
      ["accounts.csv", "sybil/bad-table", { "accounts.csv": `${accounts}ANN,NA,NA,1,1,NA,,1\n` }],
      ["stamps.csv, line 2", "sybil/bad-cell", { "stamps.csv": `${stamps}ann,Ens,2026-01-02,2026-01-02\n` }],
      ["stamps.csv, line 2", "sybil/bad-cell", { "stamps.csv": `${stamps}ann,,2026-01-01,2026-01-02\n` }],
      ["stamps.csv, line 1", "sybil/unknown-column", { "stamps.csv": "donor,provider,issued,expired\n" }],
      ["labels.csv, line 2", "sybil/bad-cell", { "labels.csv": "donor,rater,label\nann,r,bot\n" }],
      ["labels.csv, line 3", "sybil/duplicate-row", { "labels.csv": "donor,rater,label\nann,r,human\nann,r,sybil\n" }],
      ["vouches.csv, line 2", "sybil/bad-cell", { "vouches.csv": "staker,donor,amount\nann,ann,1\n" }],
      ["vouches.csv, line 2", "sybil/bad-cell", { "vouches.csv": "staker,donor,amount\nann,bob,0\n" }],
      ["scorer.json", "scoring/rules-malformed", { "scorer.json": { format: "v0" } }],
    ];
    for (const [wanted, code, files] of cases) {
      const named = Object.keys(files).filter((name) => !["round.json", "donations.csv"].includes(name));
      const members = Object.fromEntries(named.map((name) => [name.split(".")[0], name]));
      const complete = Object.keys(files).some((name) => name !== "round.json")
        ? { "round.json": { ...ROUND, ...members }, "donations.csv": DONATIONS, ...files }
        : files;
      const fault = await readRound(folder(complete)).then(
        () => expect.fail(`${wanted} was accepted`),
        (error: unknown) => error as DomainError,
      );
      const { message, code: given } = fault;
      expect([message.slice(0, wanted.length), given], message).to.deep.equal([wanted, code]);
    }
  });
});
