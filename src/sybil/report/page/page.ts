import type { Plot } from "../plots/chart.js";
import type { RoundResult } from "../result.js";
import { costsChapter, driftChapter, gateChapter, matchingChapter, method, tuningChapter } from "./chapters.js";
import { figure } from "./figure.js";
import { html, Markup } from "./markup.js";
import { STYLES } from "./styles.js";
import { suspects } from "./suspects.js";
import { count, day, dollars, money, plural, share, sum, withInterval } from "./words.js";

interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly body: Markup | undefined;
}

/** The report as one page: nothing is fetched, no script runs. `hash` is that of the result. */
export function reportPage(result: RoundResult, plots: readonly Plot[], hash: string): string {
  const drawn = new Map(plots.map((plot) => [plot.id, plot]));
  const figures = (...ids: readonly string[]) =>
    ids.flatMap((id) => {
      const plot = drawn.get(id);
      return plot === undefined ? [] : [figure(plot)];
    });
  const { round, bands } = result;
  const all: Chapter[] = [
    {
      id: "who",
      title: "Who looks like a Sybil, and why",
      body: html`<p>
          A Sybil is an account of somebody who has many, to count as many people. The analysis gives each donor a
          probability of being one; from ${share(round.flagFrom)} on the account is flagged.
        </p>
        ${figures("clusters", "probabilities")}${suspects(result)}`,
    },
    {
      id: "how",
      title: "How it was judged",
      body: html`${method(result)}${figures("heuristics", "coefficients", "calibration")}`,
    },
    {
      id: "passport",
      title: "Did the passport hold?",
      body:
        bands === null
          ? undefined
          : html`<p class="verdict">${bands.verdict}</p>
              <p class="soft">
                Correlation of score and flag: ${bands.pearson?.toFixed(3) ?? "unknown"} (Pearson),
                ${bands.spearman?.toFixed(3) ?? "unknown"} (Spearman); below 0 is what a score is for.
              </p>
              ${figures("flagged-by-score", "gate")}${gateChapter(result)}`,
    },
    {
      id: "newcomers",
      title: "Newcomers, and accounts with little data",
      body: html`<p>
          People who are new, or keep their lives private, have little to show, and look like farms. If they are flagged
          much more often than others, flags may say more about the data than about them.
        </p>
        ${figures("flagged-by-group")}`,
    },
    {
      id: "costs",
      title: "What forging costs",
      body:
        result.costs === null
          ? undefined
          : html`${costsChapter(result)}${figures("farm-profit", "passport-costs", "stamp-costs")}`,
    },
    {
      id: "matching",
      title: "What it does to the matching",
      body: html`${matchingChapter(result)}${figures("defences", "payouts", "project-tax")}`,
    },
    {
      id: "tuning",
      title: "Which weights would do better",
      body: result.tuning === null ? undefined : html`${tuningChapter(result)}${figures("trade-off", "stamp-effects")}`,
    },
    {
      id: "drift",
      title: "What changed since the last round",
      body: result.drift === null ? undefined : html`${driftChapter(result)}${figures("drift")}`,
    },
    {
      id: "caveats",
      title: "What this report cannot say",
      body: html`<ol class="caveats">
        ${result.caveats.map((caveat) => html`<li>${caveat}</li> `)}
      </ol>`,
    },
  ];
  const chapters = all.filter(({ body }) => body !== undefined);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Sybil report: ${round.name}</title>
        <style>
          ${new Markup(STYLES)}
        </style>
      </head>
      <body>
        <a class="unseen skip" href="#who">To the report</a>
        <header>
          <p class="soft">Sybil report</p>
          <h1>${round.name}</h1>
          <p class="soft">
            Closed on ${day(round.closedAt)}. ${plural(round.donors, "donor")} gave ${money(round.donated)} to
            ${plural(round.projects, "project")}; the matching pool is ${money(round.pool)}.
          </p>
          ${tiles(result)}
          <p class="note">
            <strong>A flag is a reason to look, not proof.</strong> Read
            <a href="#caveats">what this report cannot say</a> before you act on it.
          </p>
          ${result.notices.map((notice) => html`<p class="note">${notice}</p>`)}
          <nav aria-label="Chapters">
            <ol>
              ${chapters.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
            </ol>
          </nav>
        </header>
        <main>
          ${chapters.map(
            ({ id, title, body }) =>
              html`<section aria-labelledby="${id}">
                <h2 id="${id}">${title}</h2>
                ${body}
              </section> `,
          )}
        </main>
        <footer>${about(result, hash)}</footer>
      </body>
    </html> `;
  return page.text;
}

function tiles(result: RoundResult): Markup {
  const { accounts, gate, costs, matching, round, bands } = result;
  const standard = matching.rules.find(({ rule }) => rule === "standard");
  const entries: [kind: string, figure: string, meaning: string][] = [
    [
      "",
      count(accounts.flagged.hits),
      `accounts are flagged, ${accounts.flagged.share === null ? "?" : share(accounts.flagged.share)} of all donors: ${count(accounts.flagged.hits - accounts.alone.length)} in ${plural(accounts.clusters.length, "cluster")}, ${count(accounts.alone.length)} alone`,
    ],
    [
      "bad",
      sum(accounts.matchedToFlagged),
      `of the pool of ${money(round.pool)} would follow their donations if nothing were done`,
    ],
  ];
  if (gate !== null) {
    entries.push([
      "bad",
      gate.flaggedThatPassed.share === null ? "–" : share(gate.flaggedThatPassed.share),
      `of flagged accounts passed the passport's gate at ${gate.threshold} points`,
    ]);
  }
  if (bands?.inverted === true) entries.push(["bad", "inverted", "a higher passport score goes with more flags"]);
  if (costs?.cheapestPass)
    entries.push(["", dollars(costs.cheapestPass.cost), "buys the cheapest passport that passes the current rules"]);
  if (standard !== undefined) {
    entries.push([
      "good",
      money(standard.movedBySquelching),
      "moves to other projects when flagged accounts are squelched (standard rule)",
    ]);
    entries.push([
      "",
      money(standard.tax),
      `project tax from ${plural(standard.taxedProjects, "project")} (standard rule)`,
    ]);
  }
  return html`<ul class="tiles">
    ${entries.map(([kind, figure, meaning]) => html`<li class="${kind}"><strong>${figure}</strong><span>${meaning}</span></li>`)}
  </ul>`;
}

function about({ naming, round, heuristics, accounts }: RoundResult, hash: string): Markup {
  const names = {
    names: "Accounts are called by their ids.",
    "pseudonyms-given-salt":
      "Accounts are called by pseudonyms: HMAC-SHA-256 of their ids under a salt that the round's manager keeps. Sums of single accounts are rounded, for exact ones could be found on a chain.",
    "pseudonyms-random-salt":
      "Accounts are called by pseudonyms: HMAC-SHA-256 of their ids under a random salt that was not kept. Sums of single accounts are rounded, for exact ones could be found on a chain.",
  }[naming];
  return html`<p>${names}</p>
    <p>
      Everything here comes from <code>result.json</code>, whose SHA-256 is <code>${hash}</code>. The heuristics' hash
      is
      <code>${heuristics.hash}</code
      >${round.rulesHash === null ? "" : html`, the scorer's rules' hash <code>${round.rulesHash}</code>`}. Flagged:
      ${withInterval(accounts.flagged)} of donors; intervals are of 95 %.
    </p>`;
}
