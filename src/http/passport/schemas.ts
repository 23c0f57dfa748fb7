import { Type } from "@fastify/type-provider-typebox";

import { BAN_KINDS, type Ban } from "../../passport/bans.js";
import { SCOPES } from "../../scoring/service/api-keys.js";
import { ProblemAnswer } from "../claim-schemas.js";

const closed = { additionalProperties: false };
export const Address = Type.String({ pattern: "^0x[0-9a-fA-F]{40}$", description: "An address, in any case" });
export const ScorerId = Type.String({ pattern: "^[1-9][0-9]{0,14}$" });
export const problems = { "4xx": ProblemAnswer, "5xx": ProblemAnswer };
const Reason = Type.String({ minLength: 1, maxLength: 500 });
const Decimal = Type.String({ pattern: "^(0|[1-9][0-9]{0,77})$" });

export const ScorerParameters = Type.Object({ scorer: ScorerId }, closed);
export const RescoreParameters = Type.Object(
  { scorer: ScorerId, rescore: Type.String({ pattern: "^[1-9][0-9]{0,14}$" }) },
  closed,
);
export const PassportParameters = Type.Object({ scorer: ScorerId, address: Address }, closed);
export const AddressParameters = Type.Object({ address: Address }, closed);
export const ConsentParameters = Type.Object(
  { address: Address, key: Type.String({ pattern: "^[0-9a-f]{12}$" }) },
  closed,
);
export const AnchorParameters = Type.Object(
  { scorer: ScorerId, number: Type.String({ pattern: "^(latest|[1-9][0-9]{0,9})$" }) },
  closed,
);
export const KeyParameters = Type.Object({ key: Type.String({ pattern: "^[0-9a-f]{12}$" }) }, closed);

export const NewScorerBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    description: Type.Optional(Type.String({ maxLength: 2000 })),
    reason: Reason,
    rules: Type.Unknown({ description: "A touchstone-scorer-rules-v1 document" }),
  },
  closed,
);
export const NewVersionBody = Type.Object({ reason: Reason, rules: Type.Unknown() }, closed);
export const StampsBody = Type.Object(
  { credentials: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 100 }) },
  closed,
);
export const ReleaseBody = Type.Object({ provider: Type.String({ minLength: 1, maxLength: 128 }) }, closed);
export const BulkBody = Type.Object({ addresses: Type.Array(Address, { minItems: 1, maxItems: 10_000 }) }, closed);
export const ReasonBody = Type.Object({ reason: Reason }, closed);
export const RevocationBody = Type.Object(
  { digest: Type.String({ pattern: "^0x[0-9a-f]{64}$" }), reason: Reason },
  closed,
);
const BanKind = Type.Unsafe<Ban["kind"]>(Type.Union(BAN_KINDS.map((kind) => Type.Literal(kind))));
export const BanBody = Type.Object(
  {
    kind: BanKind,
    subject: Type.String({ maxLength: 200, description: "An address, or a nullifier as in the credential" }),
    provider: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    until: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
    reason: Reason,
  },
  closed,
);
export const BanParameters = Type.Object({ ban: Type.String({ pattern: "^[1-9][0-9]{0,14}$" }) }, closed);
export const BannedAnswer = Type.Object({ id: Type.Integer(), rescored: Type.Integer() });
export const BanList = Type.Object({
  bans: Type.Array(
    Type.Object({
      id: Type.Integer(),
      kind: BanKind,
      subject: Type.String(),
      provider: Type.Union([Type.String(), Type.Null()]),
      until: Type.Union([Type.Integer(), Type.Null()]),
      reason: Type.String(),
      author: Type.String(),
      at: Type.Integer(),
    }),
  ),
});
export const ReloadAnswer = Type.Object({
  lists: Type.Integer(),
  added: Type.Integer(),
  rescored: Type.Integer(),
  refused: Type.Array(Type.Object({ source: Type.String(), code: Type.String(), message: Type.String() })),
});
export const PreviewBody = Type.Object(
  { rules: Type.Unknown({ description: "A touchstone-scorer-rules-v1 document" }) },
  closed,
);
export const AnchorRequestAnswer = Type.Object({
  status: Type.Union([Type.Literal("anchored"), Type.Literal("next")]),
  number: Type.Integer({ description: "The root that says it, or that will" }),
  proof: Type.Union([Type.Null(), Type.Unknown({ description: "What PassportRegistry.submitScore takes" })]),
});
export const WaitingAnswer = Type.Object({ waiting: Type.Integer() });
export const AnchorBody = Type.Object(
  {
    number: Type.Optional(Type.Integer({ minimum: 1, maximum: 0xffff_ffff })),
    background: Type.Optional(Type.Boolean()),
  },
  closed,
);
export const RegistryBody = Type.Object({ registryId: Decimal }, closed);
export const KeyBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    scopes: Type.Array(Type.Union(SCOPES.map((scope) => Type.Literal(scope))), { minItems: 1 }),
    requestsPerWindow: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
  },
  closed,
);
export const SessionBody = Type.Object(
  {
    message: Type.String({ maxLength: 4096 }),
    signature: Type.String({ pattern: "^0x[0-9a-fA-F]+$", maxLength: 8194 }),
  },
  closed,
);

export const PageQuery = Type.Object(
  { after: Type.Optional(Decimal), limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,3}$" })) },
  closed,
);
export const HistoryQuery = Type.Object(
  {
    at: Type.Optional(Decimal),
    before: Type.Optional(Decimal),
    limit: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,3}$" })),
  },
  closed,
);
export const ProofQuery = Type.Object({ number: Type.Optional(Type.String({ pattern: "^[1-9][0-9]{0,9}$" })) }, closed);

/** The object that integrators of the ecosystem's first API read. */
export const ScoreV1 = Type.Object({
  address: Type.String(),
  score: Type.Union([Type.String(), Type.Null()]),
  status: Type.Union([Type.Literal("DONE"), Type.Literal("ERROR")]),
  last_score_timestamp: Type.String(),
  expiration_date: Type.Union([Type.String(), Type.Null()]),
  evidence: Type.Union([
    Type.Object({
      type: Type.Literal("ThresholdScoreCheck"),
      success: Type.Boolean(),
      rawScore: Type.String(),
      threshold: Type.String(),
    }),
    Type.Null(),
  ]),
  error: Type.Union([Type.String(), Type.Null()]),
  stamp_scores: Type.Record(Type.String(), Type.String()),
});

/** The main object that integrators of the ecosystem's API read. */
export const ScoreV2 = Type.Object({
  address: Type.String(),
  score: Type.Union([Type.String(), Type.Null()]),
  passing_score: Type.Boolean(),
  last_score_timestamp: Type.Union([Type.String(), Type.Null()]),
  expiration_timestamp: Type.Union([Type.String(), Type.Null()]),
  threshold: Type.String(),
  error: Type.Union([Type.String(), Type.Null()]),
  stamps: Type.Record(
    Type.String(),
    Type.Object({ score: Type.String(), dedup: Type.Boolean(), expiration_date: Type.String() }),
  ),
});
