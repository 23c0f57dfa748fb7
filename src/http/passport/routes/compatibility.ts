import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { DEFAULT_RULES } from "../../../scoring/rules/default-rules.js";
import { answer } from "../../../scoring/service/passport-service.js";
import { PassportServiceError } from "../../../scoring/service/errors.js";
import type { RouteTools } from "../app.js";
import { metadataToV2, scoreToV2, unscoredToV2 } from "../compatibility.js";
import { PassportParameters, problems, ScoreV2 } from "../schemas.js";
import { stampPages } from "./stamp-pages.js";

/** The routes that integrators of the ecosystem's scorer call today: /v2. */
export const compatibilityRoutes =
  (tools: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { service, access } = tools;
    const metadata = metadataToV2(DEFAULT_RULES);
    app.get(
      "/v2/stamps/metadata",
      { config: { access: { scope: "scores" } }, schema: { summary: "Stamps and their platforms" } },
      async (_request, reply) => reply.header("cache-control", "max-age=3600").send(metadata),
    );

    const config = { access: { scope: "scores", holder: true } } as const;
    const score = {
      summary: "An account's score",
      description: "Stamps are listed for holders, and for keys with the scope stamps that the holder has consented to",
      params: PassportParameters,
      response: { 200: ScoreV2, ...problems },
    };
    app.get("/v2/stamps/:scorer/score/:address", { config, schema: score }, async (request) => {
      const [scorer, account] = [Number(request.params.scorer), request.params.address.toLowerCase()];
      const found = await service.score(scorer, account);
      if (found === undefined) return unscoredToV2(account, (await service.version(scorer)).rules);
      return scoreToV2(found, await access.seesStamps(request.visitor, account));
    });

    const history = {
      summary: "An account's score as it was at a time",
      params: PassportParameters,
      querystring: Type.Object({ created_at: Type.Optional(Type.String({ maxLength: 40 })) }),
      response: { 200: ScoreV2, ...problems },
    };
    app.get("/v2/stamps/:scorer/score/:address/history", { config, schema: history }, async (request) => {
      const [scorer, account] = [Number(request.params.scorer), request.params.address.toLowerCase()];
      const at = readTime(request.query.created_at);
      await service.scorer(scorer);
      const [event] = await service.history(scorer, account, { at, limit: 1 });
      if (event === undefined) throw new PassportServiceError("scoring/not-scored", "No Score Found for this time");
      return scoreToV2(answer(event, at), await access.seesStamps(request.visitor, account));
    });

    await app.register(stampPages(tools, "/v2/stamps"));
  };

/** Milliseconds since the epoch; `name` is the parameter. Throws `scoring/invalid-request`. */
export function readInstant(text: string, name: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new PassportServiceError("scoring/invalid-request", `${name} is no date`);
  return time;
}

function readTime(text: string | undefined): number {
  if (text === undefined || text === "") {
    throw new PassportServiceError("scoring/invalid-request", "created_at missing");
  }
  return Math.floor(readInstant(text, "created_at") / 1000);
}
