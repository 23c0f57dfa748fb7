import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { DEFAULT_RULES } from "../../../scoring/rules/default-rules.js";
import { scoringTime } from "../../../scoring/rules/round.js";
import { PassportServiceError } from "../../../scoring/service/errors.js";
import { answer, MAX_CREDENTIALS } from "../../../scoring/service/passport-service.js";
import type { RouteTools } from "../app.js";
import { metadataToV2, registryMessage, scoreToV1 } from "../compatibility.js";
import { Address, PassportParameters, problems, ScorerId, ScorerParameters, ScoreV1 } from "../schemas.js";
import { readInstant } from "./compatibility.js";
import { readLimit, stampPages } from "./stamp-pages.js";

const NONCE_BYTES = 30;
const config = { access: { scope: "scores", holder: true } } as const;
const Text = Type.Optional(Type.String({ maxLength: 40 }));

/** The first version of the ecosystem's API, which older integrators still call: /registry. */
export const registryRoutes =
  (tools: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { service, store, access, signIn } = tools;
    const read = { access: { scope: "scores" } } as const;

    const message = {
      summary: "A message to sign for submit-passport; its nonce lives five minutes and works once",
      response: { 200: Type.Object({ message: Type.String(), nonce: Type.String() }), ...problems },
    };
    app.get("/registry/signing-message", { config: read, schema: message }, async () => {
      const { nonce } = await signIn.nonce(NONCE_BYTES);
      return { message: registryMessage(nonce), nonce };
    });

    const submit = {
      summary: "Score an account on the stamps that are stored of it",
      description: "The signature is optional, as it always was; one that is sent is checked",
      body: Type.Object({
        address: Address,
        scorer_id: Type.Union([ScorerId, Type.Integer({ minimum: 1 })]),
        signature: Type.Optional(Type.String({ maxLength: 8194 })),
        nonce: Type.Optional(Type.String({ maxLength: 64 })),
      }),
      response: { 200: ScoreV1, ...problems },
    };
    const write = { access: { scope: "submit" } } as const;
    app.post("/registry/submit-passport", { config: write, schema: submit }, async ({ body, visitor }) => {
      const [scorer, account] = [Number(body.scorer_id), body.address.toLowerCase()];
      const { signature = "", nonce = "" } = body;
      if (signature !== "") await signIn.confirm(account, registryMessage(nonce), nonce, signature);
      const { rules } = await service.version(scorer);
      const newest = await store.credentialsBefore(account, {
        before: Number.MAX_SAFE_INTEGER,
        limit: MAX_CREDENTIALS,
      });
      // What is over would be declined, and leave a line in the log at every call.
      const time = scoringTime(rules.round, service.now());
      const credentials = newest.filter(({ expiresAt }) => expiresAt > time).map(({ credential }) => credential);
      const score =
        credentials.length === 0
          ? await service.rescoreAccount(scorer, account)
          : (await service.submit(scorer, account, credentials)).score;
      return scoreToV1(score, rules.mode, await access.seesStamps(visitor, account));
    });

    const one = {
      summary: "An account's stored score",
      params: PassportParameters,
      response: { 200: ScoreV1, ...problems },
    };
    app.get("/registry/score/:scorer/:address", { config, schema: one }, async ({ params, visitor }) => {
      const [scorer, account] = [Number(params.scorer), params.address.toLowerCase()];
      const found = await service.score(scorer, account);
      if (found === undefined)
        throw new PassportServiceError("scoring/not-scored", "Unable to find score for this address");
      const { rules } = await service.version(scorer);
      return scoreToV1(found, rules.mode, await access.seesStamps(visitor, account));
    });

    const many = {
      summary: "A scorer's stored scores in pages, without stamps",
      params: ScorerParameters,
      querystring: Type.Object({
        limit: Text,
        offset: Text,
        order_by: Text,
        last_score_timestamp__gt: Text,
        last_score_timestamp__gte: Text,
      }),
      response: { 200: Type.Object({ items: Type.Array(ScoreV1), count: Type.Integer() }), ...problems },
    };
    app.get("/registry/score/:scorer", { config: read, schema: many }, async ({ params, query }) => {
      const scorer = Number(params.scorer);
      const { rules } = await service.version(scorer);
      const { records, count } = await store.scoresPage(scorer, {
        limit: readLimit(query.limit),
        offset: readOffset(query.offset),
        order: readOrder(query.order_by),
        since: readSince(query),
      });
      const now = service.now();
      return { items: records.map((record) => scoreToV1(answer(record, now), rules.mode, false)), count };
    });

    const metadata = metadataToV2(DEFAULT_RULES);
    const stampMetadata = { summary: "Stamps and their platforms" };
    app.get("/registry/stamp-metadata", { config: read, schema: stampMetadata }, async (_request, reply) =>
      reply.header("cache-control", "max-age=3600").send(metadata),
    );
    await app.register(stampPages(tools, "/registry/stamps"));
  };

const invalid = (detail: string) => new PassportServiceError("scoring/invalid-request", detail);

function readOffset(text = "0"): number {
  if (/^(0|[1-9][0-9]{0,8})$/.test(text)) return Number(text);
  throw invalid("Invalid offset");
}

function readOrder(text = "id"): "account" | "time" {
  if (text === "id") return "account";
  if (text === "last_score_timestamp") return "time";
  throw invalid("Invalid order_by_field value");
}

/** The earliest whole second that both bounds allow. */
function readSince(query: { last_score_timestamp__gt?: string; last_score_timestamp__gte?: string }): number {
  const seconds = (name: keyof typeof query): number[] => {
    const text = query[name];
    return text === undefined ? [] : [readInstant(text, name) / 1000];
  };
  const after = seconds("last_score_timestamp__gt").map((time) => Math.floor(time) + 1);
  return Math.max(0, ...after, ...seconds("last_score_timestamp__gte").map(Math.ceil));
}
