import { Readable } from "node:stream";

import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import type { TreeScore } from "../../../passport/onchain/score-tree.js";
import type { AnchorService } from "../../../scoring/service/anchor.js";
import { PassportServiceError } from "../../../scoring/service/errors.js";
import { ANCHORS, type RouteTools } from "../app.js";
import {
  AnchorBody,
  AnchorParameters,
  AnchorRequestAnswer,
  PassportParameters,
  problems,
  ProofQuery,
  ScorerParameters,
  WaitingAnswer,
} from "../schemas.js";
import { anchorToWire, preparedToWire, proofToWire } from "../wire.js";

const read = { access: { scope: "scores", holder: true } } as const;
const operate = { access: { scope: "operator" } } as const;
const own = { access: { holder: true } } as const;
const LINES = 1_000;

/** Roots for the registry, and what their holders bring there. */
export const anchorRoutes =
  ({ anchors, anchorRequests, queue, service }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const configured = (): AnchorService => {
      if (anchors !== null) return anchors;
      throw new PassportServiceError("scoring/not-anchored", "no registry is configured here");
    };

    const prepare = {
      summary: "Build and sign the next root, at once or in the background",
      params: ScorerParameters,
      body: AnchorBody,
    };
    app.post("/v1/scorers/:scorer/anchors", { config: operate, schema: prepare }, async (request, reply) => {
      const { number, background = false } = request.body;
      const scorer = Number(request.params.scorer);
      if (background) {
        // Number and what it replaces are fixed here, so that a piece that is done twice makes one root.
        const note = await configured().noteAnchor(scorer, number);
        await queue.add(ANCHORS, { scorerId: scorer, ...note });
        return reply.status(202).send({ scorer, number: note.number });
      }
      const options = number === undefined ? {} : { number };
      return reply.status(201).send(preparedToWire(await configured().prepareAnchor(scorer, options)));
    });

    const one = { summary: "A signed root; latest is the newest", params: AnchorParameters };
    app.get("/v1/scorers/:scorer/anchors/:number", { config: read, schema: one }, async ({ params }) => {
      const id = Number(params.scorer);
      const [scorer, anchor] = await Promise.all([
        service.scorer(id),
        configured().anchor(id, numberOf(params.number)),
      ]);
      return anchorToWire(scorer, anchor);
    });

    const leaves = {
      summary: "All leaves of a root, a line of JSON each: with them anyone can build the tree",
      params: AnchorParameters,
    };
    app.get(
      "/v1/scorers/:scorer/anchors/:number/scores",
      { config: read, schema: leaves },
      async ({ params }, reply) => {
        const { scores } = await configured().scores(Number(params.scorer), numberOf(params.number));
        return reply.header("content-type", "application/x-ndjson").send(Readable.from(inChunks(scores)));
      },
    );

    const proof = {
      summary: "An account's leaf and proof, in the newest root or that of a number",
      params: PassportParameters,
      querystring: ProofQuery,
    };
    app.get("/v1/scorers/:scorer/passports/:address/proof", { config: read, schema: proof }, async (request) => {
      const { scorer, address } = request.params;
      const { number } = request.query;
      const found = await configured().proofOf(
        Number(scorer),
        address,
        number === undefined ? undefined : Number(number),
      );
      return proofToWire(found);
    });

    const request = {
      summary: "A holder asks for the proof of the score as it is now; if no root says it yet, the next one will",
      params: PassportParameters,
      response: { 200: AnchorRequestAnswer, 202: AnchorRequestAnswer, ...problems },
    };
    app.post(
      "/v1/scorers/:scorer/passports/:address/anchor",
      { config: own, schema: request },
      async ({ params }, reply) => {
        const answer = await anchorRequests.ask(Number(params.scorer), params.address.toLowerCase());
        if (answer.status === "next") return reply.status(202).send({ ...answer, proof: null });
        const { status, proof } = answer;
        return reply.status(200).send({ status, number: proof.rootNumber, proof: proofToWire(proof) });
      },
    );

    const waiting = {
      summary: "How many holders have asked for a root since the newest one",
      params: ScorerParameters,
      response: { 200: WaitingAnswer, ...problems },
    };
    app.get("/v1/scorers/:scorer/anchors/waiting", { config: operate, schema: waiting }, async ({ params }) => ({
      waiting: await anchorRequests.waiting(Number(params.scorer)),
    }));
  };

const numberOf = (text: string): number | undefined => (text === "latest" ? undefined : Number(text));

function* inChunks(scores: Iterable<TreeScore>): Generator<string> {
  let chunk: string[] = [];
  for (const score of scores) {
    chunk.push(`${JSON.stringify({ ...score, expiresAt: Number(score.expiresAt) })}\n`);
    if (chunk.length < LINES) continue;
    yield chunk.join("");
    chunk = [];
  }
  if (chunk.length > 0) yield chunk.join("");
}
