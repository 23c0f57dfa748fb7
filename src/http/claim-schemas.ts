import { Type, type Static } from "typebox";

const Address = Type.String({ pattern: "^0x[0-9a-fA-F]{40}$", description: "An address with its EIP-55 checksum" });
const Decimal = Type.String({ pattern: "^(0|[1-9][0-9]{0,77})$", description: "A whole number in decimal digits" });
const Word = Type.String({ pattern: "^0x[0-9a-fA-F]{64}$" });
const Hex = Type.String({ pattern: "^0x([0-9a-fA-F]{2})*$", maxLength: 8194 });
const UserId = Type.Integer({ minimum: 0, maximum: 0xffff_ffff });
const Reason = Type.String({ minLength: 1, maxLength: 500 });
const Operator = Type.String({ minLength: 1, maxLength: 100 });
const closed = { additionalProperties: false };

export const ClaimRequestBody = Type.Object(
  {
    userId: UserId,
    account: Address,
    delegatee: Type.Optional(Address),
    amount: Type.Optional(Decimal),
    submitter: Type.Optional(Address),
    deadline: Type.Optional(Decimal),
    accountSignature: Type.Optional(Hex),
  },
  { ...closed, description: "Amounts are wei. The amount is only compared with the list's, never used." },
);
export type ClaimRequestBody = Static<typeof ClaimRequestBody>;

export const UserParameters = Type.Object({ userId: Type.String({ pattern: "^(0|[1-9][0-9]{0,9})$" }) }, closed);
export const TransactionBody = Type.Object({ transactionHash: Word }, closed);
export const SwitchBody = Type.Object({ operator: Operator, reason: Reason }, closed);
export const RebindingBody = Type.Object(
  { userId: UserId, account: Address, operator: Operator, reason: Reason },
  closed,
);
export const AuditQuery = Type.Object({ after: Type.Optional(Decimal) }, closed);

export const ClaimAnswer = Type.Object({
  format: Type.String(),
  kind: Type.Union([Type.Literal("bound"), Type.Literal("signed"), Type.Literal("sponsored")]),
  domain: Type.Object({
    name: Type.String(),
    version: Type.String(),
    chainId: Decimal,
    verifyingContract: Address,
  }),
  claim: Type.Object({
    userId: UserId,
    account: Address,
    amount: Decimal,
    delegatee: Address,
    submitter: Address,
    deadline: Decimal,
  }),
  merkleRoot: Word,
  proof: Type.Array(Word),
  digest: Type.Optional(Word),
  signer: Type.Optional(Address),
  signature: Type.Optional(Hex),
  accountSignature: Type.Optional(Hex),
});

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

export const StateAnswer = Type.Object({
  userId: UserId,
  kind: Type.Union([Type.Literal("bound"), Type.Literal("signed")]),
  status: Type.Union([
    Type.Literal("available"),
    Type.Literal("issued"),
    Type.Literal("broadcast"),
    Type.Literal("confirmed"),
    Type.Literal("expired"),
  ]),
  amount: Decimal,
  account: nullable(Address),
  delegatee: nullable(Address),
  submitter: nullable(Address),
  deadline: nullable(Decimal),
  transaction: nullable(Word),
  blockNumber: nullable(Type.Integer()),
  detail: Type.String(),
});

export const ProblemAnswer = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String(),
    requestId: Type.Optional(Type.String()),
  },
  { additionalProperties: true, description: "RFC 9457; GET /errors lists the codes" },
);
