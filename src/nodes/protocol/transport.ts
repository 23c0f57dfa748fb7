// How signatures get from signers to whoever aggregates. HTTP to known aggregators, or gossip among all: both behind these two.
import type { SignatureMessage } from "./signature-message.js";

export interface SignaturePublisher {
  /** For logs. */
  readonly name: string;
  /**
   * Sends a signature. `taken`: stored or buffered. `late`: nobody needs it any more. Throws `nodes/peer-unavailable` when it may
   * not have arrived: then it is sent again. What is refused for good throws its own error.
   */
  publish(signature: SignatureMessage): Promise<"taken" | "late">;
  close(): Promise<void>;
}

export interface SignatureConsumer {
  /** Calls for each signature that arrives; a consumer that throws refuses it, and its sender may be avoided. */
  subscribe(consumer: (signature: SignatureMessage) => Promise<void>): void;
}
