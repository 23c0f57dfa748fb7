import type { SignatureMessage } from "../nodes/protocol/signature-message.js";
import type { Logger } from "../shared/logger.js";
import { isFinal } from "./verdict.js";

type Consumer = (signature: SignatureMessage) => Promise<void>;

/** More would be hoarding: what is dropped comes again with the next exchange, or is kept for it. */
const MAX_WAITING = 4_096;

/** Hands verified signatures to a consumer, again where it could not take them: a database may be away for a moment. */
export class Deliveries {
  readonly #consumer: Consumer;
  readonly #logger: Logger;
  #waiting: SignatureMessage[] = [];
  #delivering: Promise<void> | undefined;

  constructor(consumer: Consumer, logger: Logger) {
    this.#consumer = consumer;
    this.#logger = logger;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  offer(signature: SignatureMessage): void {
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(signature);
    this.retry();
  }

  /** Begins to deliver what waits, unless that is under way. */
  retry(): void {
    this.#delivering ??= this.#deliver().finally(() => (this.#delivering = undefined));
  }

  /** Resolves when no delivery is under way. */
  async settled(): Promise<void> {
    await this.#delivering;
  }

  keepOnly(epoch: bigint): void {
    this.#waiting = this.#waiting.filter((signature) => signature.epoch === epoch);
  }

  async #deliver(): Promise<void> {
    const again: SignatureMessage[] = [];
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.#consumer(next);
      } catch (error) {
        const { entity, steward } = next;
        const message = error instanceof Error ? error.message : String(error);
        if (isFinal(error)) this.#logger.info({ entity, steward, message }, "a signature is not needed here");
        else again.push(next);
      }
    }
    this.#waiting.push(...again);
  }
}
