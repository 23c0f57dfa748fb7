import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { readFlagged, readMemberships } from "../../../../src/funding/read-donations.js";
import { parseRules } from "../../../../src/scoring/rules/parse-rules.js";
import { rulesHash } from "../../../../src/scoring/rules/scorer-rules.js";
import { parseVersion } from "../../../../src/scoring/rules/version-document.js";
import type { DomainError } from "../../../../src/shared/errors.js";
import { noProgress } from "../../../../src/shared/progress.js";
import { parseFarms } from "../../../../src/sybil/generate/farms/parse-farms.js";
import { generateRound } from "../../../../src/sybil/generate/generate-round.js";
import { writeGeneratedRound } from "../../../../src/sybil/generate/write-round.js";
import { writeReport } from "../../../../src/sybil/report/output/write-report.js";
import { plotsOf } from "../../../../src/sybil/report/plots/all-plots.js";
import { drawPlot } from "../../../../src/sybil/report/plots/chart.js";
import { namesOf, pseudonymous } from "../../../../src/sybil/report/pseudonyms.js";
import type { RoundReport } from "../../../../src/sybil/report/report-round.js";
import { readNaming, runReport } from "../../../../src/sybil/report/run-report.js";
import { tuneForReport } from "../../../../src/sybil/report/tune.js";
import { reportOf, smallRound } from "../../../support/sybil-report.js";

const newFolder = () => mkdtempSync(path.join(tmpdir(), "touchstone-report-"));
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(path.join(folder, file)).isFile(),
  );
const faultOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail("nothing was refused"),
    (error: unknown) => error as DomainError,
  );

describe("a report's folder", () => {
  const tables = smallRound();
  const place = path.join(newFolder(), "report");
  const read = (file: string) => readFileSync(path.join(place, file), "utf8");
  let report: RoundReport;
  let hash: string;
  before(async () => {
    const first = await reportOf(tables);
    const tune = () => tuneForReport(tables, first.facts.assessment, {});
    report = await reportOf(tables, { previous: first.result, tune });
    hash = await writeReport(place, report);
  });

  it("sybil/public-reports-name-nobody", () => {
    const ids = new Set(tables.donations.donorNames);
    for (const { name, funder, origins } of tables.accounts) {
      for (const id of [name, funder, ...origins]) if (id !== undefined) ids.add(id);
    }
    for (const { rater } of tables.labels) ids.add(rater);
    expect(ids.size).to.be.above(800);
    const published = filesOf(place).filter((file) => !file.startsWith("private"));
    expect(published.length).to.be.above(30);
    for (const file of published) {
      const text = read(file);
      const found = text.split(/[^\p{L}\p{N}_-]+/u).find((word) => ids.has(word));
      expect(found, file).to.equal(undefined);
      // Ids are found inside of other words too; names are ordinary words sometimes.
      for (const donor of tables.donations.donorNames) expect(text.includes(donor), file).to.equal(false);
    }
    expect(read("private/accounts.csv")).to.contain(tables.donations.donorNames[0]);
  });

  it("says whole points alone of accounts that it does not name", () => {
    const { accounts, bands } = report.result;
    const listed = [...accounts.clusters.flatMap((one) => one.accounts), ...accounts.alone];
    for (const { score } of listed) expect(Number.isInteger(score)).to.equal(true);
    expect(bands!.bands.at(-1)!.to).not.to.equal(Math.max(...report.facts.scores!.sums));
    expect(read("report.html")).to.contain("gave more than").and.not.to.contain("stamps cost</th>");
  });

  it("sybil/report-proposes-a-version-that-scorers-take", () => {
    const { rules, reason, report: source } = parseVersion(JSON.parse(read("scorer-version.json")));
    expect(source).to.equal(`0x${hash}`);
    expect(reason).to.contain(hash);
    const proposal = report.result.tuning!.proposal!;
    expect(rulesHash(parseRules(rules))).to.equal(proposal.rulesHash);
    const few = { ...tables, stamps: tables.stamps.map(() => new Set<string>()) };
    expect(tuneForReport(few, report.facts.assessment, {})).to.equal(undefined);
    const unreachable = tuneForReport(tables, report.facts.assessment, {}, { include: 1, penetration: 0 });
    expect(unreachable?.refused).to.be.a("string");
  });

  it("names accounts when asked to", async () => {
    const named = await reportOf(tables, { naming: { kind: "names" } });
    const other = path.join(newFolder(), "report");
    await writeReport(other, named);
    const flagged = [...(await readFlagged(path.join(other, "private/squelch.csv")))];
    expect(readFileSync(path.join(other, "report.html"), "utf8")).to.contain(flagged[0]);
    expect(named.result.naming).to.equal("names");
  });

  it("hands the squelch list and the clusters to quadratic funding", async () => {
    const squelched = await readFlagged(path.join(place, "private/squelch.csv"));
    expect(squelched.size).to.equal(report.result.accounts.flagged.hits);
    const flagged = tables.donations.donorNames.filter((_, row) => report.facts.flagged[row] === 1);
    expect([...squelched]).to.deep.equal(flagged);
    const clusters = await readMemberships(path.join(place, "clusters.csv"));
    const members = report.facts.assessment.features.clusters.groups.flat();
    expect([...clusters.keys()].sort()).to.deep.equal(members.map(report.facts.nameOf).sort());
    const named = await readMemberships(path.join(place, "private/clusters.csv"));
    expect([...named.keys()].sort()).to.deep.equal(members.map((row) => tables.donations.donorNames[row]).sort());
    for (const file of ["squelch.csv", "clusters.csv", "accounts.csv", "README.txt"]) {
      expect(statSync(path.join(place, "private", file)).mode & 0o777, file).to.equal(0o600);
    }
    expect(statSync(path.join(place, "private")).mode & 0o777).to.equal(0o700);
  });

  it("states the hash of the result wherever it is referred to", () => {
    expect(createHash("sha256").update(read("result.json")).digest("hex")).to.equal(hash);
    expect(read("result.sha256")).to.equal(`${hash}  result.json\n`);
    for (const file of ["summary.txt", "report.html"]) expect(read(file), file).to.contain(hash);
  });

  it("sybil/page-is-whole-and-readable-without-seeing", () => {
    const page = read("report.html");
    expect(page).not.to.match(/<script|<link|<img|<iframe|@import|\bon[a-z]+=|url\((?!#)/i);
    const addresses = [...page.matchAll(/https?:\/\/[^\s"'<]+/g)].map(([address]) => address);
    expect(new Set(addresses)).to.deep.equal(new Set(["http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"]));
    const pictures = [...page.matchAll(/<svg[^>]*>/g)].map(([tag]) => tag);
    const plots = plotsOf(report.result);
    expect(pictures).to.have.length(2 * plots.length);
    for (const tag of pictures) {
      const [, title, description] = /role="img" aria-labelledby="(\S+) (\S+)"/.exec(tag) ?? [];
      expect(page, tag).to.contain(`<title id="${title}">`).and.to.contain(`<desc id="${description}">`);
    }
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).to.have.length(new Set(ids).size);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).to.contain(target);
    for (const caveat of report.result.caveats) expect(page).to.contain(caveat.slice(0, 40).replaceAll("'", "&#39;"));
    for (const { id } of plots) expect(page, id).to.contain(`<figure id="${id}">`);
  });

  it("draws each plot the same every time, with its data beside it", () => {
    for (const plot of plotsOf(report.result)) {
      expect(drawPlot(plot), plot.id).to.equal(drawPlot(plot));
      expect(`${drawPlot(plot)}\n`).to.equal(read(`plots/${plot.id}.svg`));
      expect(drawPlot(plot)).not.to.match(/NaN|undefined|zr\d/);
      const lines = read(`plots/${plot.id}.csv`).trimEnd().split("\n");
      expect(lines, plot.id).to.have.length(plot.rows.length + 1);
      for (const row of plot.rows) expect(row).to.have.length(plot.columns.length);
    }
  });

  it("escapes what others have written", async () => {
    const evil = `<b onclick="x">&'`;
    const projects = tables.donations.projectNames.map((name, p) => (p === 0 ? evil : name));
    const named = {
      ...tables,
      settings: { ...tables.settings, name: evil },
      donations: { ...tables.donations, projectNames: projects },
    };
    const folder = path.join(newFolder(), "report");
    await writeReport(folder, await reportOf(named));
    for (const file of filesOf(folder).filter((one) => /\.(html|svg)$/.test(one))) {
      expect(readFileSync(path.join(folder, file), "utf8"), file).not.to.contain("<b onclick");
    }
    expect(readFileSync(path.join(folder, "report.html"), "utf8")).to.contain(
      "&lt;b onclick=&quot;x&quot;&gt;&amp;&#39;",
    );
  });

  it("sybil/reports-are-written-whole-or-not-at-all", async () => {
    expect(await faultOf(writeReport(place, report))).to.have.property("code", "sybil/output-exists");
    const before = read("result.json");
    const other = newFolder();
    writeFileSync(path.join(other, "letters.txt"), "dear");
    expect(await faultOf(writeReport(other, report, { force: true }))).to.have.property("code", "sybil/output-exists");
    expect(filesOf(other)).to.deep.equal(["letters.txt"]);
    await writeReport(place, report, { force: true });
    expect(read("result.json")).to.equal(before);
    expect(readdirSync(path.dirname(place))).to.deep.equal(["report"]);

    const broken = { ...report, facts: { ...report.facts, nameOf: () => expect.fail("broken in the middle") } };
    const parent = newFolder();
    const fault = await faultOf(writeReport(path.join(parent, "report"), broken));
    expect(fault.message).to.equal("broken in the middle");
    expect(readdirSync(parent)).to.deep.equal([]);
    const run = { out: place, force: false, naming: await readNaming(true, undefined), seed: 1, priceFactor: 1 };
    const refused = await faultOf(runReport({ ...run, place: "nowhere", progress: noProgress }));
    expect(refused).to.have.property("code", "sybil/output-exists");
  });
});

describe("a run from a round's folder", () => {
  it("reads configuration and the last result, and gives the same again", async () => {
    const folder = newFolder();
    const round = path.join(folder, "round");
    await writeGeneratedRound(
      round,
      generateRound({ seed: 5, donors: 200, projects: 8, farms: parseFarms("funding:20") }),
    );
    const salt = path.join(folder, "salt");
    writeFileSync(salt, "a salt that nobody knows");
    const change = (members: object) => {
      const document = JSON.parse(readFileSync(path.join(round, "round.json"), "utf8")) as object;
      writeFileSync(path.join(round, "round.json"), JSON.stringify({ ...document, ...members }));
    };
    const rules = [{ rule: "farm" }];
    writeFileSync(path.join(round, "heuristics.json"), JSON.stringify({ format: "touchstone-heuristics-v1", rules }));
    change({ heuristics: "heuristics.json" });
    const run = async (out: string) =>
      runReport({
        place: round,
        out: path.join(folder, out),
        force: false,
        naming: await readNaming(false, salt),
        seed: 7,
        priceFactor: 2,
        progress: noProgress,
      });
    const first = await run("first");
    expect(first.result.heuristics.rules.map(({ rule }) => rule)).to.deep.equal(["farm"]);
    expect(first.result.costs?.priceFactor).to.equal(2);
    expect((await run("again")).hash).to.equal(first.hash);
    change({ previous: "../first/result.json" });
    const second = await run("second");
    expect(second.result.drift?.round).to.equal("Generated round 5");
    expect(second.result.drift?.features.every(({ band }) => band === "stable")).to.equal(true);
    writeFileSync(path.join(folder, "first/result.json"), "{}");
    expect(await faultOf(run("third"))).to.have.property("code", "sybil/bad-round");
    expect(readdirSync(folder).sort()).to.deep.equal(["again", "first", "round", "salt", "second"]);
  });
});

describe("pseudonyms", () => {
  it("hang on the salt, and differ for different accounts", async () => {
    const donors = Array.from({ length: 500 }, (_, at) => `d${at}`);
    const first = namesOf(donors, pseudonymous(Buffer.alloc(16, 1)));
    expect(first).to.deep.equal(namesOf(donors, pseudonymous(Buffer.alloc(16, 1))));
    expect(new Set(first).size).to.equal(500);
    const others = [pseudonymous(Buffer.alloc(16, 2)), pseudonymous(), await readNaming(false, undefined)];
    for (const naming of others) expect(namesOf(donors, naming)[0]).not.to.equal(first[0]);
    expect(namesOf(donors, { kind: "names" })).to.deep.equal(donors);
    for (const name of first) expect(name).to.match(/^acct-[0-9a-f]{12}$/);
  });

  it("refuse a salt that can be guessed, and one that nothing uses", async () => {
    expect(() => pseudonymous(Buffer.alloc(15)))
      .to.throw()
      .with.property("code", "sybil/bad-setting");
    const salt = path.join(newFolder(), "salt");
    writeFileSync(salt, "0123456789abcdef");
    expect(await readNaming(false, salt)).to.deep.include({ kind: "pseudonyms", salted: "given" });
    expect(await faultOf(readNaming(true, salt))).to.have.property("code", "sybil/bad-setting");
    expect(await faultOf(readNaming(false, `${salt}.not`))).to.have.property("code", "sybil/unreadable");
  });
});
