import type { RoundResult } from "../result.js";
import type { Cluster, FlaggedAccount } from "../sections/accounts.js";
import { html, table, type Markup } from "./markup.js";
import { count, money, plural, share } from "./words.js";

/** What a page lists; result.json has all. */
const FIRST_CLUSTERS = 6;
const MOST_CLUSTERS = 30;
const MOST_IN_CLUSTER = 12;
const MOST_ALONE = 40;

/** The flagged accounts with their reasons, cluster by cluster. */
export function suspects({ accounts, naming }: RoundResult): Markup {
  const named = naming === "names";
  const shown = accounts.clusters.slice(0, MOST_CLUSTERS);
  const rest = accounts.clusters.length - shown.length;
  const alone = accounts.alone.slice(0, MOST_ALONE);
  const hidden = accounts.alone.length - alone.length;
  return html`<h3>Cluster by cluster</h3>
    <p>
      Accounts of a cluster are connected by at least two independent signs: equal donations, a little-known project in
      common, a name one edit away, a common origin, a common funder, a ring of vouches.
    </p>
    ${shown.slice(0, FIRST_CLUSTERS).map((cluster) => describeCluster(cluster, accounts.reasons, named))}
    ${
      shown.length <= FIRST_CLUSTERS
        ? undefined
        : html`<details>
            <summary>${plural(shown.length - FIRST_CLUSTERS, "more cluster")}</summary>
            ${shown.slice(FIRST_CLUSTERS).map((cluster) => describeCluster(cluster, accounts.reasons, named))}
          </details>`
    }
    ${rest > 0 ? html`<p class="soft">${plural(rest, "more cluster")} with flagged accounts: see <code>result.json</code>.</p>` : undefined}
    <h3>Flagged, but in no cluster</h3>
    ${
      alone.length === 0
        ? html`<p>No account outside of clusters is flagged.</p>`
        : html`<p>
              ${plural(accounts.alone.length, "account")} of which the rules, the model or people say enough without a
              cluster.
            </p>
            <details>
              <summary>These accounts</summary>
              ${accountTable("Flagged accounts in no cluster", alone, named)}
              ${hidden > 0 ? html`<p class="soft">The ${alone.length} most suspicious of ${count(accounts.alone.length)}; the others are in <code>result.json</code>.</p>` : undefined}
            </details>`
    }
    <h3>What the reasons mean</h3>
    <dl>
      ${Object.entries(accounts.reasons).map(
        ([reason, meaning]) =>
          html`<dt>${reason}</dt>
            <dd>${meaning}</dd> `,
      )}
    </dl>`;
}

function describeCluster(cluster: Cluster, meanings: Readonly<Record<string, string>>, named: boolean): Markup {
  const shown = cluster.accounts.slice(0, MOST_IN_CLUSTER);
  const most = cluster.topProjects[0];
  const rest = cluster.accounts.length - shown.length;
  return html`<section class="cluster">
    <h3>${cluster.cluster}: ${plural(cluster.size, "account")}, ${count(cluster.flagged)} flagged</h3>
    <p>
      ${most === undefined ? "" : `Most gave to ${most.project} (${count(most.donors)} of ${count(cluster.size)}). `}${
        cluster.donated === null || cluster.matched === null
          ? "It is too small for its sums to be published."
          : `Together they gave ${money(cluster.donated)}, to which the standard rule would add ${money(cluster.matched)}.`
      }
    </p>
    <ul>
      ${cluster.reasons.map(({ reason, accounts }) => html`<li>${count(accounts)} of ${count(cluster.flagged)}: ${meanings[reason] ?? reason}</li>`)}
    </ul>
    <details>
      <summary>Its flagged accounts</summary>
      ${accountTable(`Flagged accounts of cluster ${cluster.cluster}`, shown, named)}
      ${rest > 0 ? html`<p class="soft">and ${count(rest)} more in <code>clusters.csv</code>.</p>` : undefined}
    </details>
  </section> `;
}

function accountTable(caption: string, accounts: readonly FlaggedAccount[], named: boolean) {
  return table(
    caption,
    ["account", "probability", "passport", ...(named ? ["gave", "matched", "stamps cost"] : ["gave more than"]), "why"],
    accounts.map(({ account, probability, score, passed, donated, matched, cost, reasons }) => [
      html`<code>${account}</code>`,
      probability === null ? "?" : share(probability),
      score === null ? "none" : `${Number(score.toFixed(2))} ${passed === true ? "✓" : "✗"}`,
      money(donated),
      ...(named ? [matched === null ? "?" : money(matched), cost === null ? "?" : `$${money(cost)}`] : []),
      reasons.join(", "),
    ]),
  );
}
