// The one loop that drives every role. A role is a set of states and a step; all that must survive a crash is in its store, so
// that a process may end between any two instructions and begin again at the first state.
import { InvariantError } from "../../shared/errors.js";
import type { Logger } from "../../shared/logger.js";
import { NodeError, type Fate } from "./errors.js";

export interface NodeState {
  readonly name: string;
}

export interface Machine<State extends NodeState> {
  /** Where a process begins, and begins again after a `restart`. */
  readonly initial: State;
  /** One look at the world and what follows from it; gives the same state where nothing does. Never waits for long. */
  step(state: State): Promise<State>;
}

export interface RunSettings {
  /** Between two steps that changed nothing. */
  readonly pollMilliseconds: number;
  /** So many failures in a row in one state end the node: a supervisor or a person should look. */
  readonly maxFailures: number;
}

export interface RunPorts<State> {
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Hears of each state that is entered, and of each failure. */
  readonly observer?: { entered(state: State): void; failed(state: State, error: unknown, fate: Fate): void };
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Steps until the signal aborts, and then returns after the step under way. Throws the error that ended it: one whose fate is
 * `stop`, a broken promise of our own code, or the last of `maxFailures` failures in a row.
 */
export async function runMachine<State extends NodeState>(
  machine: Machine<State>,
  { pollMilliseconds, maxFailures }: RunSettings,
  { logger, signal, observer, sleep = sleepUntilAborted }: RunPorts<State>,
): Promise<void> {
  let state = machine.initial;
  let failures = 0;
  observer?.entered(state);
  while (!signal.aborted) {
    let next = state;
    try {
      next = await machine.step(state);
      failures = 0;
    } catch (error) {
      failures += 1;
      const fate = fateOf(error);
      observer?.failed(state, error, fate);
      logger.warn({ state: state.name, fate, failures, ...describe(error) }, "a step failed");
      if (fate === "stop" || failures >= maxFailures) throw error;
      if (fate === "restart") next = machine.initial;
    }
    if (next.name !== state.name) {
      logger.info({ from: state.name, to: next.name }, "state changed");
      observer?.entered(next);
    }
    // A new state is looked at once more at once; a failure always waits, so that a broken node is not asked in a tight loop.
    const waits = next.name === state.name || failures > 0;
    state = next;
    if (waits) await sleep(pollMilliseconds, signal);
  }
}

function fateOf(error: unknown): Fate {
  if (error instanceof NodeError) return error.fate;
  return error instanceof InvariantError ? "stop" : "keep";
}

function describe(error: unknown): object {
  return error instanceof Error ? { error: error.name, message: error.message } : { message: String(error) };
}

/** Resolves after the time, or as soon as the signal aborts. */
export function sleepUntilAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
