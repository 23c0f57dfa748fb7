// Whether a signature deserves to be passed on: what a node that relays asks, which need not aggregate.
import { NodeError } from "./errors.js";
import type { EpochViews } from "./epoch-views.js";
import { verifySignatureMessage, type SignatureMessage } from "./signature-message.js";

export interface GatePorts {
  readonly views: EpochViews;
  /** The registry's epoch; may lag by a moment. */
  readonly epoch: () => Promise<bigint>;
}

/** A check that throws; what a transport needs before it keeps or relays a signature. */
export interface SignatureCheck {
  /**
   * Throws `nodes/message-closed` for an epoch that is over, `nodes/epoch-not-ready` when it may be valid later,
   * `nodes/wrong-message`, `nodes/unknown-party` and `nodes/invalid-signature` when it never will be.
   */
  check(signature: SignatureMessage): Promise<void>;
  /** The epoch whose signatures are wanted. */
  epoch(): Promise<bigint>;
}

/** Lets through what stewards of the current epoch signed, verified against the keys on the chain. */
export class SignatureGate implements SignatureCheck {
  readonly #ports: GatePorts;

  constructor(ports: GatePorts) {
    this.#ports = ports;
  }

  epoch(): Promise<bigint> {
    return this.#ports.epoch();
  }

  async check(signature: SignatureMessage): Promise<void> {
    const { epoch, entity } = signature;
    const named = /^(?:scores-(\d+)-\d+-\d+|stake-distribution-(\d+))$/.exec(entity);
    if (named === null || BigInt(named[1] ?? named[2] ?? "-1") !== epoch) {
      throw new NodeError("nodes/wrong-message", `"${entity}" is no entity of epoch ${epoch}`);
    }
    const now = await this.#ports.epoch();
    if (epoch < now) throw new NodeError("nodes/message-closed", `Epoch ${epoch} is over: it is epoch ${now}`);
    // However far ahead: this node's chain may be the one that is behind, and its peers are not to blame for that.
    if (epoch > now) throw new NodeError("nodes/epoch-not-ready", `Epoch ${epoch} has not begun: it is epoch ${now}`);
    const view = await this.#ports.views.recent(epoch);
    if ("reason" in view) {
      throw new NodeError("nodes/epoch-not-ready", `Nothing can be signed in epoch ${epoch}: ${view.reason}`);
    }
    verifySignatureMessage(signature, view);
  }
}
