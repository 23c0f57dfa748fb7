import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { payoutList, readPayouts, readRecipients } from "../../../src/funding/payout.js";
import { readFlagged } from "../../../src/funding/read-donations.js";
import { collectRound, type Donation } from "../../../src/funding/round.js";
import { countFlagged, taxProjects } from "../../../src/funding/tax.js";
import { DEFAULT_LIST_OPTIONS } from "../../../src/merkle/list/options.js";
import { readList } from "../../../src/merkle/list/read-list.js";
import { writeTable } from "../../../src/sybil/tables/write-table.js";

const folder = () => mkdtempSync(path.join(tmpdir(), "payout-"));
const written = (text: string) => {
  const file = path.join(folder(), "table.csv");
  writeFileSync(file, text);
  return file;
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => `${(error as { code: string }).code} ${(error as Error).message}`,
  );
const address = (at: number) => `0x${at.toString(16).padStart(40, "0")}`;

describe("payouts", () => {
  it("funding/payouts-are-a-list-that-builds", async () => {
    const payouts = await readPayouts(written("project,matching,payout\na,9,1\nb,9,1\nc,9,1\nd,0,0\n"));
    const recipients = await readRecipients(
      written(`project,user_id,address\na,7,${address(1)}\nb,3,${address(2)}\nc,5,${address(3)}\n`),
    );
    const rows = payoutList(payouts, recipients, 3, 100n);
    expect(rows.map(({ amount }) => amount)).to.deep.equal([34n, 33n, 33n]);
    const file = path.join(folder(), "list.csv");
    await writeTable(
      file,
      ["user_id", "address", "amount"],
      rows.map((row) => [row.userId, row.address, row.amount.toString()]),
    );
    expect(readFileSync(file, "utf8").split("\n")[1]).to.equal(`7,${address(1)},34`);
    const list = await readList(file, DEFAULT_LIST_OPTIONS);
    expect([...list.rows.ids]).to.deep.equal([3, 5, 7]);
    expect(list.total).to.equal(100n);
  });

  it("funding/payouts-never-above-the-pool", () => {
    const amounts = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 0n, max: 10n ** 27n }), (values, units) => {
        const payouts = values.map((payout, at) => ({ project: `p${at}`, payout }));
        const recipients = new Map(
          payouts.map(({ project }, at) => [project, { userId: `${at}`, address: address(at) }]),
        );
        const pool = values.reduce((sum, value) => sum + value, 0);
        const paid = payoutList(payouts, recipients, pool, units).reduce((sum, { amount }) => sum + amount, 0n);
        expect(paid).to.equal(pool === 0 ? 0n : units);
        expect(payoutList(payouts, recipients, pool, units).every(({ amount }) => amount > 0n)).to.equal(true);
      }),
    );
  });

  it("funding/payout-files-name-the-line", async () => {
    expect(await codeOf(readPayouts(written("project,payout\na,1\na,2\n")))).to.match(
      /^funding\/bad-donation .*line 3/,
    );
    expect(await codeOf(readPayouts(written("project,payout\na,-1\n")))).to.match(/^funding\/bad-donation .*line 2/);
    expect(await codeOf(readPayouts(written("project,payout,colour\na,1,red\n")))).to.match(/^sybil\/unknown-column/);
    expect(await codeOf(readPayouts(written("project,payout,tax\na,1\n")))).to.match(/^sybil\/bad-table .*line 2/);
    const header = "project,user_id,address\n";
    for (const second of ["a,2,0x0", "b,1,0x0"]) {
      expect(await codeOf(readRecipients(written(`${header}a,1,0x0\n${second}\n`)))).to.match(
        /^funding\/bad-recipient .*line 3/,
      );
    }
    expect(await codeOf(readFlagged(written("donor\nx\nx\n")))).to.match(/^funding\/bad-donation .*line 3/);
    expect(() => payoutList([{ project: "a", payout: 1 }], new Map(), 1, 10n))
      .to.throw()
      .with.property("code", "funding/bad-recipient");
  });
});

describe("the tax and those who would use it against others", () => {
  const honest = (): Donation[] =>
    [...Array(20).keys()].flatMap((donor) => [
      { donor: `h${donor}`, project: "rival", amount: 10 },
      { donor: `h${donor}`, project: "own", amount: 5 },
    ]);

  it("counts flagged donors where the matching would be lower without them", () => {
    const round = collectRound([
      { donor: "h", project: "both", amount: 4 },
      { donor: "s", project: "both", amount: 9 },
      { donor: "s", project: "alone", amount: 9 },
    ]);
    expect(countFlagged(round, new Set(["s"]))).to.deep.equal([
      { project: "both", matching: 0, flagged: 1, others: 1, limit: 9 },
      { project: "alone", matching: 0, flagged: 0, others: 0, limit: 0 },
    ]);
  });

  it("funding/griefing-costs-more-than-the-rival-loses", () => {
    const gift = fc.record({
      accounts: fc.integer({ min: 1, max: 60 }),
      each: fc.double({ min: 0.01, max: 500, noNaN: true }),
    });
    fc.assert(
      fc.property(gift, ({ accounts, each }) => {
        const gifts = [...Array(accounts).keys()].map((s) => ({ donor: `s${s}`, project: "rival", amount: each }));
        const flagged = new Set(gifts.map(({ donor }) => donor));
        const before = countFlagged(collectRound(honest()), flagged);
        const counted = countFlagged(collectRound([...honest(), ...gifts]), flagged);
        const [rival, own] = taxProjects(counted).payouts as [number, number];
        const cost = accounts * each;
        // Squelched donors change no matching: what the rival loses is its tax, and it keeps the gifts.
        const lost = before[0]!.matching - rival;
        expect(lost).to.be.above(0);
        expect(lost - cost).to.be.at.most(1e-9 * cost);
        expect(own - before[1]!.matching).to.be.at.most(cost * (1 + 1e-9));
      }),
      { numRuns: 200 },
    );
  });
});
