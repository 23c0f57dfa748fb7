import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { PassportServiceError } from "../../../scoring/service/errors.js";
import { RESCORES, type RouteTools } from "../app.js";
import {
  KeyBody,
  KeyParameters,
  problems,
  ReasonBody,
  RegistryBody,
  ReloadAnswer,
  RescoreParameters,
  RevocationBody,
  ScorerParameters,
} from "../schemas.js";
import { rescoreToWire, scorerToWire } from "../wire.js";
import { authorOf } from "./scorers.js";

const config = { access: { scope: "operator" } } as const;

/** What operators do. */
export const operatorRoutes =
  ({ service, rescorer, queue, keys, revocationLists }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const rescore = {
      summary: "Rescore everybody under the newest version; runs in the background, in pages",
      params: ScorerParameters,
      body: ReasonBody,
    };
    app.post("/v1/scorers/:scorer/rescores", { config, schema: rescore }, async (request, reply) => {
      const authorship = { author: authorOf(request.visitor), reason: request.body.reason };
      const state = await rescorer.request(Number(request.params.scorer), authorship);
      await queue.add(RESCORES, { id: state.id });
      return reply.status(202).send(rescoreToWire(state));
    });

    const state = { summary: "How far a rescore is", params: RescoreParameters };
    app.get("/v1/scorers/:scorer/rescores/:rescore", { config, schema: state }, async ({ params }) => {
      const found = await rescorer.state(Number(params.rescore));
      if (found.scorerId === Number(params.scorer)) return rescoreToWire(found);
      throw new PassportServiceError("scoring/invalid-request", `the scorer has no rescore ${params.rescore}`);
    });

    const link = {
      summary: "Say which scorer of the registry a scorer's roots are for, once",
      params: ScorerParameters,
      body: RegistryBody,
    };
    app.put("/v1/scorers/:scorer/registry", { config, schema: link }, async ({ params, body }) =>
      scorerToWire(await service.linkRegistry(Number(params.scorer), BigInt(body.registryId))),
    );

    const revoke = { summary: "Revoke a credential for all scorers, by its digest", body: RevocationBody };
    app.post("/v1/revocations", { config, schema: revoke }, async (request) => {
      const { digest, reason } = request.body;
      return { rescored: await service.revoke(digest, { author: authorOf(request.visitor), reason }) };
    });

    const reload = {
      summary: "Read the issuers' revocation lists again, now",
      response: { 200: ReloadAnswer, ...problems },
    };
    app.post("/v1/revocation-lists/reload", { config, schema: reload }, async () => {
      const { refused, ...report } = await revocationLists.reload();
      return { ...report, refused: refused.map(({ source, error: { code, message } }) => ({ source, code, message })) };
    });

    const create = { summary: "Make an API key; its text is shown this once", body: KeyBody };
    app.post("/v1/keys", { config, schema: create }, async (request, reply) => {
      const { name, scopes, requestsPerWindow } = request.body;
      const { text, ...key } = await keys.create(name, scopes, requestsPerWindow ?? null);
      return reply.status(201).send({ ...key, key: text });
    });

    const end = { summary: "End an API key", params: KeyParameters };
    app.delete("/v1/keys/:key", { config, schema: end }, async ({ params }) => {
      if (await keys.revoke(params.key)) return { revoked: true };
      throw new PassportServiceError("scoring/invalid-request", "there is no such key in force");
    });
  };
