/**
 * Turns many concurrent calls into few: while one batch is under way the next one fills. Nobody waits when nothing is
 * under way, so a lone caller pays no delay, and under load batches grow until the work keeps up.
 *
 * `work` answers in the order of its inputs; when it throws, every caller of that batch gets the error.
 */
export class Batcher<Input, Output> {
  readonly #work: (inputs: Input[]) => Promise<Output[]>;
  readonly #largest: number;
  readonly #lanes: number;
  #waiting: { input: Input; resolve: (output: Output) => void; reject: (error: unknown) => void }[] = [];
  #running = 0;
  #scheduled = false;

  /** `largest` bounds one batch; `lanes` is how many batches may be under way at once. */
  constructor(work: (inputs: Input[]) => Promise<Output[]>, { largest = 200, lanes = 1 } = {}) {
    this.#work = work;
    this.#largest = largest;
    this.#lanes = lanes;
  }

  run(input: Input): Promise<Output> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    // Deferred to the end of this turn of the loop: calls made in the same turn travel together.
    if (this.#scheduled || this.#running >= this.#lanes || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#start();
    });
  }

  async #start(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#largest);
    if (batch.length === 0) return;
    this.#running += 1;
    this.#schedule();
    try {
      const outputs = await this.#work(batch.map(({ input }) => input));
      batch.forEach(({ resolve }, index) => resolve(outputs[index] as Output));
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
    } finally {
      this.#running -= 1;
      this.#schedule();
    }
  }
}
