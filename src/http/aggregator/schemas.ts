import { Type } from "@fastify/type-provider-typebox";

import { ProblemAnswer } from "../claim-schemas.js";

const closed = { additionalProperties: false };
const Hash = Type.String({ pattern: "^[0-9a-f]{64}$" });
const U64 = Type.String({ pattern: "^(0|[1-9][0-9]{0,19})$", description: "A 64-bit integer" });
export const problems = { "4xx": ProblemAnswer, "5xx": ProblemAnswer };

export const EpochParameters = Type.Object(
  { epoch: Type.String({ pattern: "^([1-9][0-9]{0,14}|latest(-[1-9][0-9]{0,5})?)$" }) },
  closed,
);
export const HashParameters = Type.Object({ hash: Hash }, closed);
export const PageQuery = Type.Object(
  {
    before: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,14}$", description: "A page's `next`" })),
    epoch: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,14}$" })),
    limit: Type.Optional(Type.String({ pattern: "^([1-9][0-9]?|100)$", description: "1 to 100; 20 unless given" })),
  },
  closed,
);

/** As `signatureToJson` writes it; the receiver reads it member by member. */
export const SignatureBody = Type.Object(
  {
    format: Type.Literal("touchstone-signature-v1"),
    epoch: U64,
    entity: Type.String({ maxLength: 100 }),
    message: Hash,
    steward: Type.String({ pattern: "^0x[0-9a-f]{40}$" }),
    sigma: Type.String({ pattern: "^[0-9a-f]{96}$" }),
    indexes: Type.Array(Type.Integer({ minimum: 0, maximum: 65_535 }), { minItems: 1, maxItems: 65_535 }),
    signerIndex: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
    software: Type.String({ maxLength: 40 }),
  },
  closed,
);
export const ReceptionAnswer = Type.Object({ status: Type.Union([Type.Literal("stored"), Type.Literal("buffered")]) });
