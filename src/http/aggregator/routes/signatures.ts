import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { NodeError } from "../../../nodes/protocol/errors.js";
import { signatureFromJson } from "../../../nodes/protocol/signature-message.js";
import { remembered } from "../../../shared/remembered.js";
import type { AggregatorTools } from "../app.js";
import { problems, ReceptionAnswer, SignatureBody } from "../schemas.js";
import { messageToWire } from "../wire.js";

/** How long the list of open messages is given again. */
const MOMENT = 500;
const config = { brings: "signature" } as const;

/** What stewards bring, and what waits for them. */
export const signatureRoutes =
  ({ receiver, store, views, metrics, clock }: AggregatorTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const post = {
      summary:
        "Bring a single signature: 201 for an open message, 202 for one that is not open, 410 when it is too late",
      body: SignatureBody,
      response: { 201: ReceptionAnswer, 202: ReceptionAnswer, ...problems },
    };
    app.post("/v1/signatures", { config, schema: post }, async (request, reply) => {
      try {
        const status = await receiver.receive(signatureFromJson(request.body));
        metrics.signatures.inc({ outcome: status });
        return reply.status(status === "stored" ? 201 : 202).send({ status });
      } catch (error) {
        if (error instanceof NodeError) metrics.signatures.inc({ outcome: error.code });
        throw error;
      }
    });

    const waiting = remembered(list, MOMENT, clock);
    app.get("/v1/messages", { schema: { summary: "Messages that wait for their quorum" } }, waiting);

    async function list() {
      const items = [];
      for (const open of await store.openMessages()) {
        const view = await views.recent(open.entity.epoch);
        items.push(messageToWire(open, await store.signatures(open.hash), "reason" in view ? undefined : view));
      }
      return { items };
    }
  };
