import type { Clock } from "../../shared/clock.js";
import type { Fate } from "./errors.js";
import type { Machine, NodeState } from "./machine.js";

/** What a node says about itself: the state it is in, since when, and what last went wrong. */
export class NodeStatus<State extends NodeState> {
  readonly #clock: Clock;
  #state: State;
  #since: number;
  #failures = 0;
  #lastError: { readonly code: string | undefined; readonly message: string; readonly at: number } | undefined;

  constructor(initial: State, clock: Clock) {
    this.#clock = clock;
    this.#state = initial;
    this.#since = clock.now();
  }

  get state(): State {
    return this.#state;
  }

  /** Milliseconds since 1970. */
  get since(): number {
    return this.#since;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  get lastError() {
    return this.#lastError;
  }

  /** The same machine, watched. */
  watch(machine: Machine<State>): Machine<State> {
    return {
      initial: machine.initial,
      step: async (state) => {
        const next = await machine.step(state);
        this.#failures = 0;
        if (next.name !== this.#state.name) this.#since = this.#clock.now();
        this.#state = next;
        return next;
      },
    };
  }

  /** For the observer of `runMachine`. */
  failed(_state: State, error: unknown, _fate: Fate): void {
    this.#failures += 1;
    const { code, message } = error as { code?: unknown; message?: unknown };
    this.#lastError = {
      code: typeof code === "string" ? code : undefined,
      message: String(message),
      at: this.#clock.now(),
    };
  }
}
