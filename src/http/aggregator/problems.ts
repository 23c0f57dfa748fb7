import type { NodeErrorCode } from "../../nodes/protocol/errors.js";
import type { ProblemType } from "../problems.js";

/** Of the nodes' codes, those that a request can cause. */
export type AggregatorProblemCode = Extract<
  NodeErrorCode,
  | "nodes/invalid-message"
  | "nodes/wrong-message"
  | "nodes/unknown-party"
  | "nodes/invalid-signature"
  | "nodes/message-closed"
  | "nodes/epoch-not-ready"
  | "nodes/too-many-messages"
  | "nodes/version-mismatch"
  | "nodes/unknown-epoch"
  | "nodes/unknown-certificate"
  | "nodes/chain-unavailable"
>;

/** An aggregator's part of the table from error code to HTTP status. */
export const AGGREGATOR_PROBLEMS = {
  "nodes/invalid-message": {
    status: 400,
    title: "The signature does not have the documented form",
    remedy: "Send a touchstone-signature-v1 document; the detail names the member.",
  },
  "nodes/wrong-message": {
    status: 422,
    title: "The signature is of another epoch",
    remedy:
      "Sign entities of the registry's current epoch; compare the node's chain and registry with the aggregator's.",
  },
  "nodes/unknown-party": {
    status: 422,
    title: "The steward does not sign in this epoch",
    remedy: "Its key is registered two epochs before it signs; see /v1/epochs/latest for who signs, in which order.",
  },
  "nodes/invalid-signature": {
    status: 422,
    title: "The signature does not verify",
    remedy: "Sign with the key that was registered for this epoch, and claim only the indices that it won.",
  },
  "nodes/message-closed": {
    status: 410,
    title: "Nobody needs the signature any more",
    remedy: "Nothing to do: the entity is certified, or its epoch is over.",
  },
  "nodes/epoch-not-ready": {
    status: 503,
    title: "The epoch cannot be signed here yet",
    remedy: "Send it again later: the epoch has not begun at the aggregator's node, or its keys are not sealed.",
  },
  "nodes/too-many-messages": {
    status: 429,
    title: "The steward signed too many messages of this epoch",
    remedy: "An honest signer signs one for each snapshot: compare its settings with those of the network.",
  },
  "nodes/version-mismatch": {
    status: 412,
    title: "The versions do not understand each other",
    remedy: "Install a version from the minimum to the server's, which the problem names.",
  },
  "nodes/unknown-epoch": {
    status: 404,
    title: "There is nothing about this epoch",
    remedy: "Ask for an epoch from the first in which stewards sign to the current one, latest, or latest-K.",
  },
  "nodes/unknown-certificate": {
    status: 404,
    title: "There is no such certificate here",
    remedy:
      "List the certificates, or ask another aggregator: hashes hold predecessor and times of whoever aggregated.",
  },
  "nodes/chain-unavailable": {
    status: 503,
    title: "The chain cannot be read",
    remedy: "Try again later; an operator checks the node behind RPC_URL and the account that sends.",
  },
} as const satisfies Record<AggregatorProblemCode, ProblemType>;
