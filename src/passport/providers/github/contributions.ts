// Days with a contribution in the last year, as GitHub's own calendar counts them. The account's number goes into the nullifier
// and its name nowhere: not into the credential, a log or an error. The token is used for one request and dropped.
import { DomainError } from "../../../shared/errors.js";
import { eligible, notEligible, type CostEstimate, type StampProvider } from "../provider.js";
import type { HttpClient } from "../ports.js";
import type { GithubApp } from "./oauth.js";

const QUERY = `query($from: DateTime!, $to: DateTime!) {
  viewer {
    databaseId
    contributionsCollection(from: $from, to: $to) {
      contributionCalendar { weeks { contributionDays { contributionCount } } }
    }
  }
}`;

const YEAR = 365 * 86_400;

interface Viewer {
  readonly databaseId: number;
  readonly contributionsCollection: {
    readonly contributionCalendar: {
      readonly weeks: readonly { readonly contributionDays: readonly { readonly contributionCount: number }[] }[];
    };
  };
}

async function readViewer(http: HttpClient, app: GithubApp, token: string, now: number): Promise<Viewer> {
  const date = (at: number) => new Date(at * 1000).toISOString();
  const { status, body } = await http.request({
    method: "POST",
    url: `${app.apiUrl}/graphql`,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "user-agent": "touchstone" },
    body: JSON.stringify({ query: QUERY, variables: { from: date(now - YEAR), to: date(now) } }),
  });
  if (status === 401) throw new DomainError("passport/github-refused", "GitHub does not accept the token");
  try {
    const viewer = (JSON.parse(body) as { data?: { viewer?: Viewer } }).data?.viewer;
    const weeks = viewer?.contributionsCollection.contributionCalendar.weeks;
    if (status === 200 && Number.isSafeInteger(viewer?.databaseId) && Array.isArray(weeks)) return viewer as Viewer;
  } catch {
    // Falls through: the answer is not what was asked for.
  }
  throw new DomainError("passport/github-unavailable", `GitHub answered ${status}`, { status });
}

export interface ContributionOptions {
  readonly name: string;
  /** Days with at least one contribution in the last 365. */
  readonly days: number;
  readonly cost: CostEstimate;
}

/** Takes `proofs.token`, an access token of either flow. */
export function githubContributions(http: HttpClient, app: GithubApp, options: ContributionOptions): StampProvider {
  const { name, days, cost } = options;
  return {
    name,
    title: `GitHub, ${days} days`,
    evidence: `A GitHub account contributed on at least ${days} days of the last year.`,
    group: "code",
    cost,
    // Commits can be dated back and accounts change hands: work is likelier here than elsewhere, and still for sale.
    fungible: true,
    async check({ proofs, now }) {
      const token = proofs.token;
      if (token === undefined) return notEligible("a GitHub access token is missing");
      const viewer = await readViewer(http, app, token, now);
      const active = viewer.contributionsCollection.contributionCalendar.weeks
        .flatMap(({ contributionDays }) => contributionDays)
        .filter(({ contributionCount }) => contributionCount > 0).length;
      if (active < days) return notEligible(`${active} days with contributions, ${days} are needed`);
      // One nullifier per tier: the tiers of one account are different stamps of the same person.
      return eligible({ github: String(viewer.databaseId) });
    },
  };
}
