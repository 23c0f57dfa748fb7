import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { PassportServiceError } from "../../../scoring/service/errors.js";
import { unixSeconds } from "../../../shared/clock.js";
import { HttpError } from "../../http-error.js";
import type { RouteTools } from "../app.js";
import { ConsentParameters, HistoryQuery, PassportParameters, ReleaseBody, StampsBody } from "../schemas.js";
import { eventToWire, explanationToWire, resultToWire, scoreToWire } from "../wire.js";

const PASSPORT = "/v1/scorers/:scorer/passports/:address";
const read = { access: { scope: "scores", holder: true } } as const;
const write = { access: { scope: "submit", holder: true } } as const;
const own = { access: { holder: true } } as const;
const params = PassportParameters;

/** One account at one scorer. */
export const passportRoutes =
  ({ service, access, consents, metrics, clock }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const passportOf = (request: { params: { scorer: string; address: string } }) =>
      [Number(request.params.scorer), request.params.address.toLowerCase()] as const;

    const submit = {
      summary: "Submit stamps; each gets its result, and the score is computed",
      params,
      body: StampsBody,
    };
    app.post(`${PASSPORT}/stamps`, { config: write, schema: submit }, async (request) => {
      const [scorer, account] = passportOf(request);
      const { results, score } = await service.submit(scorer, account, request.body.credentials);
      for (const { status } of results) metrics.stamps.inc({ status });
      return { results: results.map(resultToWire), score: scoreToWire(score) };
    });

    const release = {
      summary: "Let go of a provider's stamp for this scorer; others get it after the cooling period",
      params,
      body: ReleaseBody,
    };
    app.post(`${PASSPORT}/releases`, { config: own, schema: release }, async (request) =>
      scoreToWire(await service.release(...passportOf(request), request.body.provider)),
    );

    const score = { summary: "The stored score as it stands now, without stamps", params };
    app.get(PASSPORT, { config: read, schema: score }, async (request) => {
      const found = await service.score(...passportOf(request));
      if (found === undefined) throw new PassportServiceError("scoring/not-scored", "the account has no score here");
      return scoreToWire(found);
    });

    const explain = { summary: "The score stamp by stamp, with what happened to each", params };
    app.get(`${PASSPORT}/explanation`, { config: read, schema: explain }, async (request) => {
      const [scorer, account] = passportOf(request);
      if (!(await access.seesStamps(request.visitor, account))) {
        throw new HttpError("access/missing-permission", "The holder has not consented", { scope: "consent" });
      }
      return explanationToWire(await service.explain(scorer, account));
    });

    const history = {
      summary: "Every change of the score with its cause, newest first; at (seconds) and before (a sequence) page it",
      params,
      querystring: HistoryQuery,
    };
    app.get(`${PASSPORT}/history`, { config: read, schema: history }, async (request) => {
      const [scorer, account] = passportOf(request);
      const { at, before } = request.query;
      const limit = Math.min(1_000, Number(request.query.limit ?? 100));
      await service.scorer(scorer);
      const events = await service.history(scorer, account, {
        limit,
        ...(at === undefined ? {} : { at: Number(at) }),
        ...(before === undefined ? {} : { before: Number(before) }),
      });
      const withStamps = await access.seesStamps(request.visitor, account);
      const last = events.length === limit ? (events.at(-1)?.sequence ?? null) : null;
      return { events: events.map((event) => eventToWire(event, withStamps)), before: last };
    });

    const consent = { summary: "Let a key read this account's stamps", params: ConsentParameters };
    app.put("/v1/passports/:address/consents/:key", { config: own, schema: consent }, async (request) => {
      const { address, key } = request.params;
      const given = await consents.giveConsent(address.toLowerCase(), key, unixSeconds(clock));
      if (!given) throw new PassportServiceError("scoring/invalid-request", "there is no such key");
      return { consent: true };
    });
    const withdraw = { summary: "Take a consent back", params: ConsentParameters };
    app.delete("/v1/passports/:address/consents/:key", { config: own, schema: withdraw }, async (request) => {
      await consents.withdrawConsent(request.params.address.toLowerCase(), request.params.key);
      return { consent: false };
    });
  };
