import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { certificateToJson } from "../../../certificates/certificate-json.js";
import type { StoredCertificate } from "../../../database/nodes/aggregator-store.js";
import { NodeError } from "../../../nodes/protocol/errors.js";
import type { AggregatorTools } from "../app.js";
import { HashParameters, PageQuery } from "../schemas.js";
import { summaryToWire } from "../wire.js";

const PAGE = 20;

/** The chain of certificates, with where each stands on the chain. */
export const certificateRoutes =
  ({ store, onChain }: AggregatorTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const found = async (stored: StoredCertificate | undefined) => {
      if (stored === undefined) throw new NodeError("nodes/unknown-certificate", "There is no such certificate here");
      const { certificate, outcome } = stored;
      return { certificate: certificateToJson(certificate), onChain: await onChain.of(certificate, outcome) };
    };

    const list = { summary: "Certificates, newest first; `next` goes into `before`", querystring: PageQuery };
    app.get("/v1/certificates", { schema: list }, async ({ query }) => {
      const limit = Number(query.limit ?? PAGE);
      const rows = await store.certificates({
        limit: limit + 1,
        ...(query.before === undefined ? {} : { before: Number(query.before) }),
        ...(query.epoch === undefined ? {} : { epoch: BigInt(query.epoch) }),
      });
      const items = [];
      for (const { sequence, certificate, outcome } of rows.slice(0, limit)) {
        items.push(summaryToWire(sequence, certificate, await onChain.of(certificate, outcome)));
      }
      return { items, next: rows.length > limit ? String(items.at(-1)?.sequence) : null };
    });

    const genesis = { summary: "Where the last chain of certificates began" };
    app.get("/v1/certificates/genesis", { schema: genesis }, async () => found(await store.lastGenesis()));

    const one = { summary: "A certificate, as it is verified", params: HashParameters };
    app.get("/v1/certificates/:hash", { schema: one }, async ({ params }) => found(await store.stored(params.hash)));
  };
