import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import type { BanEntry } from "../../../passport/bans.js";
import { NULLIFIER } from "../../../passport/credential/parse.js";
import { PassportServiceError } from "../../../scoring/service/errors.js";
import type { RouteTools } from "../app.js";
import { AddressParameters, BanBody, BanList, BanParameters, BannedAnswer, problems, ReasonBody } from "../schemas.js";
import { banToWire } from "../wire.js";
import { authorOf } from "./scorers.js";

const config = { access: { scope: "bans" } } as const;

/** Bans, for all scorers of the service. They are lines of the log: with author, reason and end, and never deleted. */
export const banRoutes =
  ({ service }: RouteTools): FastifyPluginAsyncTypebox =>
  async (app) => {
    const ban = {
      summary: "Ban an account, a nullifier, or an account's stamp of one provider; scores are computed anew at once",
      body: BanBody,
      response: { 201: BannedAnswer, ...problems },
    };
    app.post("/v1/bans", { config, schema: ban }, async (request, reply) =>
      reply.status(201).send(await service.ban(entryOf(request.body), { author: authorOf(request.visitor) })),
    );

    const list = { summary: "The bans in force, oldest first", response: { 200: BanList, ...problems } };
    app.get("/v1/bans", { config, schema: list }, async () => ({ bans: (await service.bans()).map(banToWire) }));

    const lift = {
      summary: "End a ban before its time",
      params: BanParameters,
      body: ReasonBody,
      response: { 200: BannedAnswer, ...problems },
    };
    app.post("/v1/bans/:ban/release", { config, schema: lift }, async (request) => {
      const id = Number(request.params.ban);
      const authorship = { author: authorOf(request.visitor), reason: request.body.reason };
      return { id, rescored: await service.liftBan(id, authorship) };
    });

    const own = {
      summary: "The bans of an account and of its stamps, with their reasons; those of a nullifier are in explanations",
      params: AddressParameters,
      response: { 200: BanList, ...problems },
    };
    const holder = { access: { scope: "bans", holder: true } } as const;
    app.get("/v1/passports/:address/bans", { config: holder, schema: own }, async ({ params }) => ({
      bans: (await service.bans(params.address.toLowerCase())).map(banToWire),
    }));
  };

function entryOf(body: {
  kind: BanEntry["kind"];
  subject: string;
  provider?: string;
  until?: number | null;
  reason: string;
}): BanEntry {
  const { kind, provider, reason, until = null } = body;
  const invalid = (detail: string) => new PassportServiceError("scoring/invalid-request", detail);
  if ((kind === "stamp") !== (provider !== undefined)) throw invalid("provider goes with kind stamp, and only with it");
  const isRight = kind === "nullifier" ? NULLIFIER.test(body.subject) : /^0x[0-9a-fA-F]{40}$/.test(body.subject);
  if (!isRight) throw invalid(`subject is no ${kind === "nullifier" ? "nullifier" : "address"}`);
  const subject = kind === "nullifier" ? body.subject : body.subject.toLowerCase();
  return { kind, subject, until, reason, ...(provider === undefined ? {} : { provider }) };
}
