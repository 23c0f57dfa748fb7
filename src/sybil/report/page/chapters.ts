// What the page says besides its plots, a chapter a function.
import type { RoundResult } from "../result.js";
import { RULE_NAMES } from "../plots/costs.js";
import { html, table, type Markup } from "./markup.js";
import { count, dollars, money, plural, share, sum, withInterval } from "./words.js";

export function method({ accounts, heuristics, labels, model }: RoundResult): Markup {
  const { people, rule, model: byModel, nothing } = accounts.settledBy;
  const judged = heuristics.rules.filter(({ precision }) => precision !== null);
  return html`<p>
      Cheap rules come first: a strong one settles an account either way. What is left goes to a model. Here people
      settled ${plural(people, "account")}, strong rules ${count(rule)}, the model
      ${count(byModel)}${nothing > 0 ? `; of ${count(nothing)} nothing could be said, and they are not flagged` : ""}.
    </p>
    ${labelsSentence(labels)}
    ${
      model === null
        ? html`<p>There is no model: ${labels.modelRefused ?? "nothing to learn from"}.</p>`
        : html`<p>
            The model is a penalised logistic regression on ${plural(model.trainedOn.human, "account")} known as people
            and ${count(model.trainedOn.sybil)} known as Sybils, by what
            ${model.labels === "people" ? "people said" : "strong rules said"}. It kept
            ${plural(model.terms.length, "term")} of ${count(model.terms.length + model.dropped)}. On accounts whose
            whole cluster it had not seen, its probability was higher for a Sybil than for a person
            ${model.quality.auc === null ? "in an unknown share of pairs" : `in ${share(model.quality.auc)} of pairs`}
            (50 % is a coin); its Brier score is ${model.quality.brier.toFixed(3)} (0 is perfect, 0.25 a
            coin).${model.leftOut.length > 0 ? ` ${plural(model.leftOut.length, "feature")} were kept from it, for the labels came from the same sources.` : ""}
            ${withoutPersonalData(model.withoutPersonalData)}
          </p>`
    }
    ${
      judged.length === 0
        ? undefined
        : html`<h3>How often people agreed with a rule</h3>
            ${table(
              "Rules against judgements by people",
              ["rule", "says", "right, of those judged", "found, of those judged so"],
              judged.map(({ rule: name, towards, precision, recall }) => [
                name,
                towards === "sybil" ? "Sybil" : "person",
                precision === null ? "?" : withInterval(precision),
                recall === null ? "?" : withInterval(recall),
              ]),
            )}`
    }`;
}

function withoutPersonalData({ leftOut, auc, lost }: NonNullable<RoundResult["model"]>["withoutPersonalData"]): string {
  if (leftOut.length === 0) return "It read nothing that comes from people's names or origins.";
  const without = `Without names and origins, and the ${plural(leftOut.length, "feature")} that come from them,`;
  if (auc === null || lost === null) return `${without} it could not be judged.`;
  const points = `${Math.abs(lost * 100).toFixed(1)} percentage points`;
  return `${without} that would be ${share(auc)} of pairs: ${points} ${lost < 0 ? "more" : "less"}.`;
}

function labelsSentence({ judgements, raters, compared, alpha }: RoundResult["labels"]): Markup {
  if (judgements === 0) return html`<p>Nobody judged accounts of this round by hand.</p>`;
  const agreement =
    alpha === null
      ? "How far they agree cannot be said."
      : `On ${plural(compared, "account")} judged twice or more they agree to ${alpha.toFixed(2)} (Krippendorff's alpha: 1 is always, 0 is chance).`;
  return html`<p>${plural(raters, "person", "people")} made ${plural(judgements, "judgement")}. ${agreement}</p>`;
}

export function gateChapter({ gate }: RoundResult): Markup | undefined {
  if (gate === null) return undefined;
  const cost =
    gate.costPerFraud === null
      ? ""
      : ` A flagged account that passed holds stamps of ${dollars(gate.costPerFraud)} on average: what a fraudulent account costs.`;
  return html`<p>
      If the analysis is right, ${withInterval(gate.flaggedThatPassed)} of Sybils passed the gate at ${gate.threshold}
      points, and ${withInterval(gate.othersThatFailed)} of the others did not.${cost}
    </p>
    ${table(
      "The gate",
      ["", "accounts", "gave", "matched, undefended"],
      (
        [
          ["flagged, passed", gate.flaggedAbove],
          ["flagged, failed", gate.flaggedBelow],
          ["others, passed", gate.othersAbove],
          ["others, failed", gate.othersBelow],
        ] as const
      ).map(([name, cell]) => [name, count(cell.accounts), sum(cell.donated), sum(cell.matched)]),
    )}`;
}

export function costsChapter({ costs, bands }: RoundResult): Markup | undefined {
  if (costs === null) return undefined;
  const { cheapestPass: pass, round, profit, stakes, stakeTerms, unpriced, priceFactor } = costs;
  return html`<p>
      The stamps of all flagged accounts would cost ${sum(round.flagged, dollars)} to forge,
      ${sum(round.flaggedFungible, dollars)} of it for evidence that money buys; those of the others
      ${sum(round.others, dollars)}.${priceFactor === 1 ? "" : ` All prices were multiplied by ${priceFactor}; without that, divide by it.`}
    </p>
    ${
      pass === null
        ? html`<p>No set of priced stamps passes the current rules.</p>`
        : html`<p>
            <strong>The cheapest way to pass the current rules costs ${dollars(pass.cost)}</strong
            >${pass.exact ? "" : " (the search gave up: there may be a cheaper one)"}:
            ${plural(pass.stamps.length, "stamp")} with ${Number(pass.points.toFixed(4))}
            points${bands === null ? "" : `, where ${bands.threshold} are asked for`}. ${dollars(pass.fungibleCost)} of
            it is for evidence that money buys. <span class="soft">${pass.stamps.join(", ")}</span>
          </p>`
    }
    ${
      profit.length === 0
        ? undefined
        : html`<h3>The profit test</h3>
            <p>
              A farm buys the cheapest pass for each account, and gives ${money(costs.donation)}, the median of the
              round, from each to one project of its own.
            </p>
            ${table(
              "Profit of farms by matching rule",
              ["matching rule", "largest farm that pays", "best farm", "its profit", "most that an account brings"],
              profit.map(({ rule, largest, best, profit: earned, gainPerAccount }) => [
                RULE_NAMES[rule] ?? rule,
                largest === 0 ? "none pays" : count(largest),
                largest === 0 ? "–" : count(best),
                largest === 0 ? "–" : money(earned),
                money(gainPerAccount),
              ]),
            )}`
    }
    ${
      stakes.length === 0
        ? undefined
        : html`<h3>The least stake that would do instead</h3>
            <p>
              A stake on an account keeps farms out only if losing it, and the interest on it, cost more than the
              account can bring. Assumed: capital at ${share(stakeTerms.rate)} a year, locked for ${stakeTerms.years}
              years, ${share(stakeTerms.slashShare)} of it slashed.
            </p>
            ${table(
              "Least stake by chance of being slashed",
              ["chance that a fake account is slashed", "least stake, in the round's currency"],
              stakes.map(({ slashProbability, least }) => [share(slashProbability), money(least)]),
            )}`
    }
    ${unpriced.length === 0 ? undefined : html`<p class="soft">Without a price, and so counted as free: ${unpriced.join(", ")}.</p>`}`;
}

const MOST_PROJECTS = 40;

export function matchingChapter({ matching, round }: RoundResult): Markup {
  const shown = matching.projects.slice(0, MOST_PROJECTS);
  return html`<p>
      Four rules share the pool of ${money(round.pool)}: standard quadratic funding; pairwise, where each two donors who
      agree over the whole round add less (M = ${matching.m}); donation profiles, where donors who gave to exactly the
      same projects count as one; and connection-oriented cluster match (COCM) over the clusters of this analysis, each
      of which counts as one donor. Each is paid as it is, weighted by passport score, without flagged accounts, and
      with a project tax on top.
    </p>
    ${table(
      "What each defence moves, by matching rule",
      ["matching rule", "weighting moves", "squelching moves", "tax", "taxed projects"],
      matching.rules.map(({ rule, movedByWeighting, movedBySquelching, tax, taxedProjects }) => [
        RULE_NAMES[rule] ?? rule,
        movedByWeighting === null ? "–" : money(movedByWeighting),
        money(movedBySquelching),
        money(tax),
        count(taxedProjects),
      ]),
    )}
    <details>
      <summary>What each project gets under the standard rule</summary>
      ${table(
        "Payouts under the standard rule",
        ["project", "donors", "flagged", "raw", "weighted", "squelched", "tax", "in the end"],
        shown.map(({ project, donors, flaggedDonors, payouts }) => {
          const paid = payouts.standard;
          const cell = (value: number | null | undefined) =>
            value === null || value === undefined ? "–" : money(value);
          return [
            project,
            count(donors),
            flaggedDonors === null ? "<5" : count(flaggedDonors),
            cell(paid?.raw),
            cell(paid?.weighted),
            cell(paid?.squelched),
            cell(paid?.tax),
            cell(paid?.taxed),
          ];
        }),
      )}
      ${matching.projects.length > shown.length ? html`<p class="soft">The ${shown.length} largest of ${count(matching.projects.length)} projects; all, and all rules, are in <code>plots/payouts.csv</code>.</p>` : undefined}
    </details>`;
}

export function driftChapter({ drift }: RoundResult): Markup | undefined {
  if (drift === null) return undefined;
  const value = (figure: number | null) => (figure === null ? "–" : Number(figure.toPrecision(3)));
  return html`<p>
      Compared with ${drift.round}. Notable is what differs beyond both intervals. Change is a reason to look and to
      label again, and no sign of fraud by itself.
    </p>
    ${table(
      "Measures of the two rounds",
      ["measure", "before", "now", "notable"],
      drift.measures.map(({ measure, before, now, notable }) => [
        measure,
        value(before),
        value(now),
        notable ? "yes" : "",
      ]),
    )}
    ${drift.gone.length > 0 ? html`<p>No longer known: ${drift.gone.join(", ")}.</p>` : undefined}
    ${drift.added.length > 0 ? html`<p>New: ${drift.added.join(", ")}.</p>` : undefined}`;
}

const MOST_STAMPS = 60;

export function tuningChapter({ tuning }: RoundResult): Markup | undefined {
  if (tuning === null) return undefined;
  const { proposal, refused, goal } = tuning;
  const wanted = [
    ...(goal.include === null ? [] : [`at least ${share(goal.include)} of people pass`]),
    ...(goal.penetration === null ? [] : [`at most ${share(goal.penetration)} of Sybils pass`]),
  ].join(" and ");
  if (proposal === null) return html`<p>The goal is that ${wanted}. Nothing is proposed: ${refused ?? "unknown"}.</p>`;
  const { before, thresholdAlone, after, outOfSample, cheapestPass, flips } = proposal;
  const cost = (value: number | null) => (value === null ? "unknown" : dollars(value));
  const row = (name: string, { people, sybils }: Pick<typeof before, "people" | "sybils">) => [
    name,
    withInterval(people),
    withInterval(sybils),
  ];
  return html`<p>
      The goal is that ${wanted}. Who is a person and who a Sybil was judged without looking at stamps, by
      ${proposal.labels === "people" ? "people's labels and what a model learnt from them" : "strong rules"}:
      ${count(proposal.people)} and ${count(proposal.sybils)}. The proposal is ${proposal.threshold} points under new
      weights. It is a proposal: the version is in <code>scorer-version.json</code>, and whoever owns the scorer
      decides.
    </p>
    ${table(
      "Who passes",
      ["", "people who pass", "Sybils who pass"],
      [
        row("current rules", before),
        ...(thresholdAlone === null ? [] : [row("current weights, another threshold", thresholdAlone)]),
        row("proposed, on the accounts it was fitted to", after),
        row(`proposed, on accounts left out (${outOfSample.folds} folds)`, outOfSample),
      ],
    )}
    <p>
      Of people ${count(flips.people.gained)} would pass newly and ${count(flips.people.lost)} no more; of Sybils
      ${count(flips.sybils.gained)} and ${count(flips.sybils.lost)}. The cheapest pass costs
      ${cost(cheapestPass.before)} now and ${cost(cheapestPass.after)} then.
    </p>
    <details>
      <summary>The weights</summary>
      ${table(
        "Weights of stamps before and after",
        ["stamp", "points now", "proposed", "because", "people hold it", "Sybils hold it"],
        proposal.stamps
          .slice(0, MOST_STAMPS)
          .map(({ stamp, before: was, after: is, origin, people, sybils }) => [
            stamp,
            String(was),
            String(is),
            ORIGINS[origin],
            withInterval(people),
            withInterval(sybils),
          ]),
      )}
    </details>`;
}

const ORIGINS = {
  fitted: "evidence for its holder",
  negative: "evidence against its holder gives no points",
  separated: "one class hardly has it: kept",
  few: "too few holders to judge: kept",
} as const;
