import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { DEFAULT_RULES } from "../../../scoring/rules/default-rules.js";
import { answer } from "../../../scoring/service/passport-service.js";
import { PassportServiceError } from "../../../scoring/service/errors.js";
import { HttpError } from "../../http-error.js";
import type { RouteTools } from "../app.js";
import { metadataToV2, readCursor, scoreToV2, unscoredToV2, writeCursor, type StampCursor } from "../compatibility.js";
import { AddressParameters, PassportParameters, problems, ScoreV2 } from "../schemas.js";

const MAX_LIMIT = 1_000;
const Stamp = Type.Object({
  version: Type.String(),
  credential: Type.Unknown(),
  metadata: Type.Optional(Type.Unknown()),
});
const Link = Type.Union([Type.String(), Type.Null()]);
const StampPage = Type.Object({ next: Link, prev: Link, items: Type.Array(Stamp) });

/** The routes that integrators of the ecosystem's scorer call today. */
export const compatibilityRoutes =
  ({ service, store, access, settings }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
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

    const stamps = {
      summary: "An account's stamps",
      params: AddressParameters,
      querystring: Type.Object({
        token: Type.Optional(Type.String({ maxLength: 200 })),
        limit: Type.Optional(Type.String({ maxLength: 8 })),
        include_metadata: Type.Optional(Type.String({ maxLength: 8 })),
      }),
      response: { 200: StampPage, ...problems },
    };
    const stampConfig = { access: { scope: "stamps", holder: true } } as const;
    app.get("/v2/stamps/:address", { config: stampConfig, schema: stamps }, async (request) => {
      const account = request.params.address.toLowerCase();
      if (!(await access.seesStamps(request.visitor, account))) {
        throw new HttpError("access/missing-permission", "The holder has not consented", { scope: "consent" });
      }
      const limit = readLimit(request.query.limit);
      const { token } = request.query;
      const cursor = token === undefined ? { d: "next" as const, id: 0 } : readCursor(token);
      if (cursor === undefined) throw new PassportServiceError("scoring/invalid-request", "Invalid token");
      // One more than asked for tells whether there is another page.
      const found =
        cursor.d === "next"
          ? await store.credentials(account, { after: cursor.id, limit: limit + 1 })
          : await store.credentialsBefore(account, { before: cursor.id, limit: limit + 1 });
      const more = found.length > limit;
      const page = cursor.d === "next" ? found.slice(0, limit) : found.slice(more ? 1 : 0);
      const [first, last] = [page[0], page.at(-1)];
      const hasNext = cursor.d === "next" ? more : true;
      const hasPrevious = cursor.d === "prev" ? more : cursor.id > 0;
      const link = (to: StampCursor) =>
        `${settings.publicUrl}/v2/stamps/${request.params.address}?token=${writeCursor(to)}&limit=${limit}`;
      return {
        next: hasNext && last !== undefined ? link({ d: "next", id: last.sequence }) : null,
        prev: hasPrevious && first !== undefined ? link({ d: "prev", id: first.sequence }) : null,
        items: page.map(({ credential }) => ({ version: "1.0.0", credential })),
      };
    });
  };

function readLimit(text: string | undefined): number {
  const limit = Number(text ?? MAX_LIMIT);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new PassportServiceError("scoring/invalid-request", "Invalid limit");
}

function readTime(text: string | undefined): number {
  if (text === undefined || text === "") {
    throw new PassportServiceError("scoring/invalid-request", "created_at missing");
  }
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new PassportServiceError("scoring/invalid-request", "created_at is no date");
  return Math.floor(time / 1000);
}
