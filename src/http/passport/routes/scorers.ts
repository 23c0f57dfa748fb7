import { Readable } from "node:stream";

import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { EVERYTHING } from "../../../scoring/rules/gate/gate.js";
import { fungibility, gateWarnings } from "../../../scoring/rules/gate/fungibility.js";
import { formatPoints } from "../../../scoring/rules/points.js";
import { parseRules } from "../../../scoring/rules/parse-rules.js";
import type { ScorerRules } from "../../../scoring/rules/scorer-rules.js";
import { previewRules, type Flip, type PreviewSummary } from "../../../scoring/service/preview.js";
import type { PassportService } from "../../../scoring/service/passport-service.js";
import { HttpError } from "../../http-error.js";
import type { Visitor } from "../access.js";
import type { RouteTools } from "../app.js";
import { BulkBody, NewScorerBody, NewVersionBody, PageQuery, PreviewBody, ScorerParameters } from "../schemas.js";
import { scorerToWire, versionToWire } from "../wire.js";

const read = { access: { scope: "scores" } } as const;
const write = { access: { scope: "scorers" } } as const;
const PAGE = 1_000;

/** Scorers, their versions, and scores by the thousand. */
export const scorerRoutes =
  ({ service, store, clock }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const create = { summary: "Create a scorer with its first version", body: NewScorerBody };
    app.post("/v1/scorers", { config: write, schema: create }, async (request, reply) => {
      const author = authorOf(request.visitor);
      const made = await service.createScorer({
        ...request.body,
        author,
        owner: author,
      });
      const { rules } = await service.version(made.id);
      return reply.status(201).send({ ...scorerToWire(made), gate: gateReport(rules) });
    });

    const list = { summary: "The scorers", querystring: PageQuery };
    app.get("/v1/scorers", { config: read, schema: list }, async ({ query }) => ({
      scorers: (await service.scorers(pageOf(query))).map(scorerToWire),
    }));

    const one = { summary: "A scorer with its rules", params: ScorerParameters };
    app.get("/v1/scorers/:scorer", { config: read, schema: one }, async ({ params }) => {
      const id = Number(params.scorer);
      const [scorer, { rules }] = await Promise.all([service.scorer(id), service.version(id)]);
      return { ...scorerToWire(scorer), threshold: formatPoints(rules.threshold), gate: gateReport(rules) };
    });

    const add = {
      summary: "Add a version; scores follow with the next rescore",
      description: "Only whoever made the scorer, or an operator",
      params: ScorerParameters,
      body: NewVersionBody,
    };
    app.post("/v1/scorers/:scorer/versions", { config: write, schema: add }, async (request, reply) => {
      const id = Number(request.params.scorer);
      await requireOwner(service, id, request.visitor);
      const scorer = await service.addVersion(id, request.body.rules, {
        author: authorOf(request.visitor),
        reason: request.body.reason,
      });
      const { rules } = await service.version(id);
      return reply.status(201).send({ ...scorerToWire(scorer), gate: gateReport(rules) });
    });

    const preview = {
      summary: "What rules would change: a line of JSON for each account whose verdict would turn, the counts last",
      description: "Only whoever made the scorer, or an operator: the lines name accounts",
      params: ScorerParameters,
      body: PreviewBody,
    };
    app.post("/v1/scorers/:scorer/previews", { config: write, schema: preview }, async (request, reply) => {
      const id = Number(request.params.scorer);
      await requireOwner(service, id, request.visitor);
      // What is wrong with the rules is told before the first line.
      parseRules(request.body.rules);
      const flips = previewRules({ store, service, clock }, id, request.body.rules);
      return reply.header("content-type", "application/x-ndjson").send(Readable.from(previewLines(flips)));
    });

    const versions = { summary: "All versions of a scorer, with author and reason", params: ScorerParameters };
    app.get("/v1/scorers/:scorer/versions", { config: read, schema: versions }, async ({ params }) => ({
      versions: (await service.versions(Number(params.scorer))).map(versionToWire),
    }));

    const bulk = {
      summary: "Scores of up to 10,000 accounts, a line of JSON each, in the order that they were asked for",
      params: ScorerParameters,
      body: BulkBody,
    };
    app.post("/v1/scorers/:scorer/scores", { config: read, schema: bulk }, async (request, reply) => {
      const id = Number(request.params.scorer);
      await service.scorer(id);
      const lines = Readable.from(bulkLines(service, id, request.body.addresses));
      return reply.header("content-type", "application/x-ndjson").send(lines);
    });
  };

async function* bulkLines(service: PassportService, scorer: number, addresses: readonly string[]) {
  for (let from = 0; from < addresses.length; from += PAGE) {
    const page = addresses.slice(from, from + PAGE).map((address) => address.toLowerCase());
    const scores = await service.scoresOf(scorer, page);
    const lines = page.map((address) => {
      const score = scores.get(address);
      if (score === undefined) return JSON.stringify({ address, score: null, passing: false, status: "NONE" });
      const { passing, expired, status, version, scoredAt, expiresAt } = score;
      const points = status === "ERROR" || score.score === null ? null : formatPoints(score.score);
      return JSON.stringify({ address, score: points, passing, expired, status, version, scoredAt, expiresAt });
    });
    yield `${lines.join("\n")}\n`;
  }
}

async function* previewLines(flips: AsyncGenerator<Flip, PreviewSummary>): AsyncGenerator<string, void> {
  const wire = ({ sum, passing }: Flip["before"]) => ({ sum: formatPoints(sum), passing });
  for (;;) {
    const { done, value } = await flips.next();
    if (done === true) {
      yield `${JSON.stringify({ summary: value })}\n`;
      return;
    }
    yield `${JSON.stringify({ address: value.account, before: wire(value.before), after: wire(value.after) })}\n`;
  }
}

/** A key's id, which its owner can be asked about; no name of a person. */
export const authorOf = ({ key }: Visitor): string => `key:${key?.id ?? "none"}`;

async function requireOwner(service: PassportService, id: number, visitor: Visitor): Promise<void> {
  const { owner } = await service.scorer(id);
  if (visitor.key?.scopes.includes("operator") === true || owner === authorOf(visitor)) return;
  throw new HttpError("access/missing-permission", "The scorer belongs to another key", { scope: "owner" });
}

const pageOf = ({ after, limit }: { after?: string; limit?: string }) => ({
  after: Number(after ?? 0),
  limit: Math.min(1_000, Number(limit ?? 100)),
});

/** How strong a gate is against money, for whoever writes it. */
function gateReport({ gate, groups, weights, nonFungible }: ScorerRules) {
  if (gate === null) return null;
  const evidence = {
    isFungible: (provider: string) => !nonFungible.includes(provider),
    members: (group: string) => (group === EVERYTHING ? [...weights.keys()] : (groups.get(group)?.providers ?? [])),
    weight: (provider: string) => weights.get(provider) ?? 0,
  };
  return { class: fungibility(gate, evidence), warnings: gateWarnings(gate, evidence) };
}
