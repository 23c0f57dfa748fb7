import { Readable } from "node:stream";

import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import type { ClaimAppPorts } from "../app.js";
import { AuditQuery, ProblemAnswer, RebindingBody, SwitchBody } from "../claim-schemas.js";
import { addressFromWire } from "../claim-wire.js";

const config = { role: "operator" } as const;
const Done = Type.Object({ suspended: Type.Boolean() });
const response = { 200: Done, "4xx": ProblemAnswer, "5xx": ProblemAnswer };

/** What operators may do; each request names the person, and the audit log keeps the name. */
export const operatorRoutes =
  ({ service, suspension, exportAudit }: ClaimAppPorts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const done = async () => ({ suspended: (await suspension()) !== null });

    const suspend = { summary: "Suspend claims from the next request on", body: SwitchBody, response };
    app.post("/v1/operator/suspend", { config, schema: suspend }, async ({ body }) => {
      await service.suspend(body.operator, body.reason);
      return done();
    });

    const resume = { summary: "Give claims again", body: SwitchBody, response };
    app.post("/v1/operator/resume", { config, schema: resume }, async ({ body }) => {
      await service.resume(body.operator, body.reason);
      return done();
    });

    const rebind = { summary: "Approve that a user moves to another account", body: RebindingBody, response };
    app.post("/v1/operator/rebindings", { config, schema: rebind }, async ({ body }) => {
      const account = addressFromWire(body.account, "account");
      await service.approveRebinding(body.userId, account, body.operator, body.reason);
      return done();
    });

    const audit = {
      summary: "Export the audit log as newline-delimited JSON, optionally after a sequence number",
      querystring: AuditQuery,
    };
    app.get("/v1/operator/audit", { config, schema: audit }, async (request, reply) => {
      const lines = Readable.from(exportAudit(Number(request.query.after ?? "0")));
      return reply.header("content-type", "application/x-ndjson").send(lines);
    });
  };
