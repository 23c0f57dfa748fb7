import { DomainError } from "../../shared/errors.js";

/** Why a node does not go on, or does not take what it was given. docs/errors.md says what to do about each. */
export type NodeErrorCode =
  | "nodes/invalid-message"
  | "nodes/wrong-message"
  | "nodes/unknown-party"
  | "nodes/invalid-signature"
  | "nodes/message-closed"
  | "nodes/epoch-not-ready"
  | "nodes/too-many-messages"
  | "nodes/unknown-epoch"
  | "nodes/unknown-certificate"
  | "nodes/wrong-certificate"
  | "nodes/certificate-refused"
  | "nodes/certificate-postponed"
  | "nodes/version-mismatch"
  | "nodes/unknown-protocol"
  | "nodes/chain-unavailable"
  | "nodes/log-unavailable"
  | "nodes/log-mismatch"
  | "nodes/log-untrusted"
  | "nodes/store-newer"
  | "nodes/store-damaged"
  | "nodes/wrong-registry"
  | "nodes/registration-refused"
  | "nodes/signature-refused"
  | "nodes/wrong-passphrase"
  | "nodes/key-damaged"
  | "nodes/peer-unavailable";

/**
 * What becomes of the node: `keep` tries the same state again, `restart` begins at the first state (what it believed about the
 * world is no longer true), `stop` ends the process, because no repetition can help.
 */
export type Fate = "keep" | "restart" | "stop";

export class NodeError extends DomainError<NodeErrorCode> {
  readonly fate: Fate;

  constructor(
    code: NodeErrorCode,
    message: string,
    {
      fate = "keep",
      details = {},
      ...options
    }: { fate?: Fate; details?: Readonly<Record<string, unknown>> } & ErrorOptions = {},
  ) {
    super(code, message, details, options);
    this.fate = fate;
  }
}
