import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import type { ClaimAppPorts } from "../app.js";
import {
  ClaimAnswer,
  ClaimRequestBody,
  ProblemAnswer,
  StateAnswer,
  TransactionBody,
  UserParameters,
} from "../claim-schemas.js";
import { claimDocumentToWire, claimRequestFromWire, claimStateToWire, userIdFromWire } from "../claim-wire.js";

const config = { role: "frontend" } as const;
const problems = { "4xx": ProblemAnswer, "5xx": ProblemAnswer };

/** What a front end asks for its logged-in user. */
export const claimRoutes =
  ({ service }: ClaimAppPorts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const claim = {
      summary: "Give a user's claim",
      description:
        "201 for a new claim, 200 for one that was given before and is still valid, and for a bound user's proof",
      body: ClaimRequestBody,
      response: { 200: ClaimAnswer, 201: ClaimAnswer, ...problems },
    };
    app.post("/v1/claims", { config, schema: claim }, async (request, reply) => {
      const { document, fresh } = await service.claim(claimRequestFromWire(request.body));
      return reply.status(fresh ? 201 : 200).send(claimDocumentToWire(document));
    });

    const state = {
      summary: "Say where a user's claim stands",
      params: UserParameters,
      response: { 200: StateAnswer, ...problems },
    };
    app.get("/v1/claims/:userId", { config, schema: state }, async (request) =>
      claimStateToWire(await service.state(userIdFromWire(request.params.userId))),
    );

    const report = {
      summary: "Report the transaction that carries a user's claim",
      params: UserParameters,
      body: TransactionBody,
      response: { 200: StateAnswer, ...problems },
    };
    app.post("/v1/claims/:userId/transactions", { config, schema: report }, async (request) => {
      const userId = userIdFromWire(request.params.userId);
      return claimStateToWire(await service.report(userId, request.body.transactionHash.toLowerCase()));
    });
  };
