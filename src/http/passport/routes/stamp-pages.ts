import { Type, type FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";

import { PassportServiceError } from "../../../scoring/service/errors.js";
import { HttpError } from "../../http-error.js";
import type { RouteTools } from "../app.js";
import { readCursor, writeCursor, type StampCursor } from "../compatibility.js";
import { AddressParameters, problems } from "../schemas.js";

const MAX_LIMIT = 1_000;
const Stamp = Type.Object({
  version: Type.String(),
  credential: Type.Unknown(),
  metadata: Type.Optional(Type.Unknown()),
});
const Link = Type.Union([Type.String(), Type.Null()]);
const StampPage = Type.Object({ next: Link, prev: Link, items: Type.Array(Stamp) });

/** An account's stamps in pages, under whichever path an integrator knows. */
export const stampPages =
  ({ store, access, settings }: RouteTools, base: string): FastifyPluginAsyncTypebox =>
  async (app) => {
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
    app.get(`${base}/:address`, { config: stampConfig, schema: stamps }, async (request) => {
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
        `${settings.publicUrl}${base}/${request.params.address}?token=${writeCursor(to)}&limit=${limit}`;
      return {
        next: hasNext && last !== undefined ? link({ d: "next", id: last.sequence }) : null,
        prev: hasPrevious && first !== undefined ? link({ d: "prev", id: first.sequence }) : null,
        items: page.map(({ credential }) => ({ version: "1.0.0", credential })),
      };
    });
  };

/** Throws `scoring/invalid-request`. */
export function readLimit(text: string | undefined): number {
  const limit = Number(text ?? MAX_LIMIT);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new PassportServiceError("scoring/invalid-request", "Invalid limit");
}
