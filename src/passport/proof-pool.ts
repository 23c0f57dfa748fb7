import { Worker } from "node:worker_threads";

import { Batcher } from "../shared/batcher.js";
import { DomainError, invariant } from "../shared/errors.js";
import type { PassportErrorCode } from "./errors.js";
import type { Prover, SignatureClaim } from "./prover.js";

/** Claims of so many callers travel together: some ten milliseconds of work, so that nobody waits long behind others. */
const CALLERS_TOGETHER = 8;
/** A thread that has no answer after so long is stuck: a signature takes less than a millisecond. */
const PATIENCE = 10_000;

export interface ProofPoolParts {
  /** Starts a thread that answers a list of claims with a list of booleans. */
  readonly start?: () => Worker;
  /** Milliseconds. */
  readonly patience?: number;
}

/**
 * Checks signatures in threads of its own, so that the one that answers requests is free to. A thread that dies or gets stuck
 * fails what it had, with `passport/proofs-unavailable`, and the next work starts another.
 */
export class ProofPool {
  readonly #start: () => Worker;
  readonly #patience: number;
  readonly #calls: Batcher<readonly SignatureClaim[], readonly boolean[]>;
  readonly #workers = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  constructor(threads: number, { start = startWorker, patience = PATIENCE }: ProofPoolParts = {}) {
    invariant(threads >= 1, "a pool has at least one thread");
    this.#start = start;
    this.#patience = patience;
    this.#calls = new Batcher((calls) => this.#proveTogether(calls), { largest: CALLERS_TOGETHER, lanes: threads });
    for (let thread = 0; thread < threads; thread += 1) this.#idle.push(this.#hire());
  }

  readonly prove: Prover = (claims) => {
    if (this.#closed) return Promise.reject(unavailable("the service stops"));
    const proving = this.#calls.run(claims);
    this.#underWay.add(proving);
    const done = () => void this.#underWay.delete(proving);
    proving.then(done, done);
    return proving;
  };

  /** Takes no more claims, answers those that it has, and ends the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  async #proveTogether(calls: readonly (readonly SignatureClaim[])[]): Promise<(readonly boolean[])[]> {
    const worker = this.#idle.pop() ?? this.#hire();
    const answers = await this.#ask(worker, calls.flat());
    this.#idle.push(worker);
    let from = 0;
    return calls.map((call) => answers.slice(from, (from += call.length)));
  }

  #ask(worker: Worker, claims: readonly SignatureClaim[]): Promise<readonly boolean[]> {
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => {
        settle();
        this.#workers.delete(worker);
        void worker.terminate();
        reject(unavailable("a thread that checks signatures failed", cause));
      };
      const onMessage = (answers: readonly boolean[]) => {
        settle();
        resolve(answers);
      };
      const onExit = (code: number) => fail(new Error(`it ended with code ${code}`));
      const timer = setTimeout(() => fail(new Error("it does not answer")), this.#patience);
      const settle = () => {
        clearTimeout(timer);
        worker.off("message", onMessage).off("error", fail).off("exit", onExit);
      };
      worker.on("message", onMessage).on("error", fail).on("exit", onExit);
      worker.postMessage(claims);
    });
  }

  #hire(): Worker {
    const worker = this.#start();
    this.#workers.add(worker);
    // One that dies while it has nothing to do is only not asked again.
    worker.on("error", () => {});
    worker.on("exit", () => {
      this.#workers.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    return worker;
  }
}

const unavailable = (message: string, cause?: unknown) =>
  new DomainError<PassportErrorCode>("passport/proofs-unavailable", message, {}, { cause });

// The thread reads TypeScript itself: who started us may have taught that to the main thread only.
const startWorker = (): Worker =>
  new Worker(new URL("./proof-worker.ts", import.meta.url), { execArgv: ["--import", import.meta.resolve("tsx")] });
