import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { readDonations } from "../../../../src/funding/read-donations.js";
import { parseRules } from "../../../../src/scoring/rules/parse-rules.js";
import { rulesHash } from "../../../../src/scoring/rules/scorer-rules.js";
import { readStampCosts } from "../../../../src/sybil/cost/stamp-costs.js";
import { parseFarms } from "../../../../src/sybil/generate/farms/parse-farms.js";
import { dnaDistance } from "../../../../src/sybil/generate/farms/template.js";
import { FARM_KINDS, type FarmPlan } from "../../../../src/sybil/generate/farms/traits.js";
import {
  generateRound,
  tablesOf,
  truthOf,
  type GeneratedRound,
  type GeneratorSettings,
} from "../../../../src/sybil/generate/generate-round.js";
import { writeGeneratedRound } from "../../../../src/sybil/generate/write-round.js";
import { readRound } from "../../../../src/sybil/round/read-round.js";
import { codePoints, levenshtein } from "../../../../src/sybil/names/levenshtein.js";

const allKinds = (adaptive: boolean): FarmPlan[] => FARM_KINDS.map((kind) => ({ kind, accounts: 20, adaptive }));
const small = (more: Partial<GeneratorSettings> = {}) =>
  generateRound({ seed: 7, donors: 400, projects: 30, farms: allKinds(false), labels: 60, ...more });
const emptyFolder = () => path.join(mkdtempSync(path.join(tmpdir(), "generated-")), "round");
const contents = (folder: string) => readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file))]);
const membersOf = ({ farms }: GeneratedRound, kind: string) => farms.find((farm) => farm.plan.kind === kind)!.accounts;
const pairs = <T>(items: readonly T[]) => items.flatMap((a, at) => items.slice(at + 1).map((b) => [a, b] as const));
const distance = (a: string, b: string) => levenshtein(codePoints(a), codePoints(b))!;
const dna = ({ gifts }: { gifts: ReadonlyMap<number, number> }) => ({
  projects: [...gifts.keys()],
  cents: [...gifts.values()].reduce((sum, cents) => sum + cents, 0),
});

describe("a generated round", () => {
  it("sybil/generated-rounds-repeat-byte-for-byte", async () => {
    const folders = [emptyFolder(), emptyFolder(), emptyFolder()] as const;
    await writeGeneratedRound(folders[0], small());
    await writeGeneratedRound(folders[1], small());
    await writeGeneratedRound(folders[2], small({ seed: 8 }));
    expect(contents(folders[0])).to.deep.equal(contents(folders[1]));
    expect(contents(folders[0])).to.not.deep.equal(contents(folders[2]));
  });

  it("writes what the analysis' readers read, and says the same in memory", async () => {
    const folder = emptyFolder();
    const generated = small();
    await writeGeneratedRound(folder, generated);
    const tables = tablesOf(generated);
    const round = JSON.parse(readFileSync(path.join(folder, "round.json"), "utf8")) as Record<string, unknown>;
    expect(round.format).to.equal("touchstone-round-v1");
    expect(Object.keys(round)).to.not.include("truth");
    expect(await readDonations(path.join(folder, "donations.csv"))).to.deep.equal(tables.donations);
    expect(tables.donations.donorNames).to.deep.equal(tables.accounts.map(({ donor }) => donor));
    const scorer: unknown = JSON.parse(readFileSync(path.join(folder, "scorer.json"), "utf8"));
    expect(rulesHash(parseRules(scorer))).to.equal(rulesHash(tables.rules!));
    const prices = await readStampCosts(path.join(folder, "prices.csv"));
    expect(prices.map(({ stamp }) => stamp).sort()).to.deep.equal([...tables.rules!.weights.keys()].sort());
    const { rules: read, ...others } = await readRound(folder);
    const { rules: made, ...memory } = tables;
    expect(others).to.deep.equal(memory);
    expect(rulesHash(read!)).to.equal(rulesHash(made!));
    expect(tables.labels).to.have.length(120);
    expect(new Set(tables.labels.map(({ donor }) => donor)).size).to.equal(60);
  });

  it("sybil/generated-folders-are-whole-or-not-there", async () => {
    const filled = mkdtempSync(path.join(tmpdir(), "generated-"));
    writeFileSync(path.join(filled, "note"), "mine");
    const refusal = await writeGeneratedRound(filled, small()).catch((error: unknown) => error);
    expect(refusal).to.have.property("code", "sybil/output-exists");
    expect(readdirSync(filled)).to.deep.equal(["note"]);
    const empty = mkdtempSync(path.join(tmpdir(), "generated-"));
    await writeGeneratedRound(empty, small());
    expect(readdirSync(empty)).to.include.members(["round.json", "truth.csv"]);
    const below = path.join(filled, "note", "round");
    const unwritable = await writeGeneratedRound(below, small()).catch((error: unknown) => error);
    expect(unwritable).to.be.instanceOf(Error);
    expect((unwritable as { code: string }).code).to.match(/^sybil\/(unwritable|output-exists)$/);
    expect(readdirSync(filled)).to.deep.equal(["note"]);
  });

  it("sybil/farms-change-nothing-about-people", () => {
    const withFarms = small({ donors: 400, farms: parseFarms("copy:40,names:10") });
    const without = small({ donors: 350, farms: [] });
    const people = (round: GeneratedRound) =>
      round.accounts
        .filter(({ kind }) => kind !== "sybil")
        .map((account) => JSON.stringify([account, [...account.stamps], [...account.gifts]]))
        .sort();
    expect(people(withFarms)).to.deep.equal(people(without));
  });

  it("has the published round's shape: heavy-tailed projects, many copies, few rich passports", () => {
    const generated = generateRound({ farms: [] });
    const gifts = generated.accounts.map((account) => account.gifts.size).sort((a, b) => a - b);
    const at = (share: number) => gifts[Math.floor(share * gifts.length)]!;
    const published = [
      [0.25, 2],
      [0.5, 6],
      [0.75, 11],
      [0.95, 26],
    ] as const;
    for (const [share, count] of published) expect(at(share)).to.be.within(0.7 * count, 1.5 * count);
    const perProject = generated.projects.names.map(
      (_, project) => generated.accounts.filter((account) => account.gifts.has(project)).length,
    );
    perProject.sort((a, b) => b - a);
    const tenth = perProject.slice(0, 6).reduce((sum, count) => sum + count, 0);
    expect(tenth / perProject.reduce((sum, count) => sum + count, 0)).to.be.within(0.3, 0.6);
    const keys = generated.accounts.map(({ gifts: given }) => JSON.stringify([...given].sort()));
    const copies = keys.length - new Set(keys).size;
    expect(copies / keys.length).to.be.within(0.15, 0.5);
    const newcomers = generated.accounts.filter(({ kind }) => kind === "newcomer");
    const mean = (accounts: typeof newcomers) =>
      accounts.reduce((sum, { stamps }) => sum + stamps.size, 0) / accounts.length;
    expect(newcomers.length / generated.accounts.length).to.be.within(0.09, 0.15);
    expect(mean(newcomers)).to.be.below(0.6 * mean([...generated.accounts]));
    const origins = generated.accounts.flatMap(({ origins: seen }) => seen);
    expect(new Set(origins).size).to.be.below(origins.length);
  });

  it("sybil/adaptive-farms-stay-below-published-thresholds", () => {
    const plain = small();
    const names = (round: GeneratedRound) => membersOf(round, "names").map(({ name }) => name!);
    expect(pairs(names(plain)).some(([a, b]) => distance(a, b) === 1)).to.equal(true);
    expect(new Set(membersOf(plain, "funding").map(({ funder }) => funder)).size).to.equal(1);
    for (const [a, b] of pairs(membersOf(plain, "copy"))) expect(dnaDistance(dna(a), dna(b))).to.equal(0);

    for (const seed of [1, 2, 3]) {
      const adaptive = small({ seed, farms: allKinds(true) });
      for (const [a, b] of pairs(names(adaptive))) expect(distance(a, b)).to.be.at.least(2);
      const funders = membersOf(adaptive, "funding").map(({ funder }) => funder);
      const groups = [...new Set(funders)].map((one) => funders.filter((funder) => funder === one).length);
      expect(Math.max(...groups)).to.be.below(8);
      expect(groups.length).to.be.below(funders.length / 2);
      const copies = membersOf(adaptive, "copy");
      for (const [a, b] of pairs(copies)) expect(dnaDistance(dna(a), dna(b))).to.be.above(0.1);
      const near = copies.filter((a) => copies.some((b) => a !== b && dnaDistance(dna(a), dna(b)) <= 0.4));
      expect(near.length / copies.length, "they are still copies").to.be.above(0.9);
      const { rules } = tablesOf(adaptive);
      for (const { stamps } of [...membersOf(adaptive, "names"), ...copies]) {
        const points = [...stamps.keys()].reduce((sum, stamp) => sum + (rules!.weights.get(stamp) ?? 0), 0);
        expect(points).to.be.at.least(rules!.threshold);
      }
    }
  });

  it("sybil/every-farm-member-gives-to-its-targets", () => {
    for (const adaptive of [false, true]) {
      const { farms, accounts } = small({ farms: allKinds(adaptive) });
      for (const { accounts: members, targets } of farms) {
        expect(targets.length).to.be.within(1, 2);
        for (const { gifts } of members) for (const target of targets) expect(gifts.has(target)).to.equal(true);
      }
      const truth = truthOf(small({ farms: allKinds(adaptive) }));
      expect(truth.filter(({ kind }) => kind === "sybil")).to.have.length(120);
      expect(truth.every(({ kind, farm }) => (kind === "sybil") === (farm !== undefined))).to.equal(true);
      // The order of donors gives no farm away: the first members are not all before the last people.
      const positions = accounts.flatMap(({ kind }, at) => (kind === "sybil" ? [at] : []));
      expect(positions.reduce((sum, at) => sum + at, 0) / positions.length).to.be.within(120, 280);
    }
  });

  it("rental and staking farms leave the trace that they are named for", () => {
    const round = small();
    const rented = membersOf(round, "rental");
    const closedAt = round.settings.closedAt;
    for (const { stamps } of rented) {
      for (const { issued } of stamps.values()) expect(closedAt - issued).to.be.at.most(3 * 86_400);
      expect([...stamps.keys()].some((stamp) => /GovId|Coinbase|Binance/.test(stamp))).to.equal(true);
    }
    const ring = new Set(membersOf(round, "staking"));
    const inside = round.vouches.filter(({ from }) => ring.has(from));
    expect(inside.length).to.equal(60);
    expect(inside.every(({ to }) => ring.has(to))).to.equal(true);
    for (const { stamps } of ring) expect(stamps.has("ExperiencedCommunityStaker")).to.equal(true);
  });

  it("reads farms, and refuses what is none", () => {
    expect(parseFarms("copy:40,names:3:adaptive")).to.deep.equal([
      { kind: "copy", accounts: 40, adaptive: false },
      { kind: "names", accounts: 3, adaptive: true },
    ]);
    expect(parseFarms("copy:4", true)[0]!.adaptive).to.equal(true);
    for (const text of [
      "copy",
      "copy:0",
      "copy:-1",
      "copy:1.5",
      "cats:4",
      "copy:4:shy",
      "copy:4:adaptive:x",
      ",",
      "copy:4,",
    ]) {
      expect(() => parseFarms(text), text)
        .to.throw()
        .with.property("code", "sybil/bad-setting");
    }
    const refused: Partial<GeneratorSettings>[] = [
      { farms: parseFarms("copy:400") },
      { seed: -1 },
      { seed: 0.5 },
      { donors: 0 },
      { projects: 3 },
      { labels: 401 },
    ];
    for (const more of refused) {
      expect(() => small(more), JSON.stringify(more))
        .to.throw()
        .with.property("code", "sybil/bad-setting");
    }
  });
});
