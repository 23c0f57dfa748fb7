import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import type { RouteTools } from "../app.js";
import { SessionBody } from "../schemas.js";

/** Proof that somebody holds an account (EIP-4361); limited by the client's address. */
export const signInRoutes =
  ({ signIn }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const nonce = { summary: "A nonce for a sign-in message: lives five minutes, works once" };
    app.post("/v1/nonces", { schema: nonce }, async (_request, reply) => reply.status(201).send(await signIn.nonce()));

    const session = {
      summary: "A session for a signed message; send its token as Authorization: Bearer",
      body: SessionBody,
    };
    app.post("/v1/sessions", { schema: session }, async (request, reply) =>
      reply.status(201).send(await signIn.verify(request.body.message, request.body.signature)),
    );
  };
