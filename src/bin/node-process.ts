import type { Logger } from "../shared/logger.js";
import { runMachine, type Machine, type NodeState, type RunSettings } from "../nodes/protocol/machine.js";
import type { NodeStatus } from "../nodes/protocol/node-status.js";

export interface RunningMachine {
  /** Settles when the machine ended by itself, with what ended it; never when it was stopped. */
  readonly failed: Promise<never>;
  /** Resolves after the step under way. */
  stop(): Promise<void>;
}

/** Runs a machine in the background; `each` is told after every step, failed ones too. */
export function startMachine<State extends NodeState>(
  machine: Machine<State>,
  settings: RunSettings,
  { logger, status, each }: { logger: Logger; status: NodeStatus<State>; each: () => void },
): RunningMachine {
  const control = new AbortController();
  const watched = status.watch(machine);
  const counting: Machine<State> = {
    initial: watched.initial,
    step: async (state) => {
      const next = await watched.step(state);
      each();
      return next;
    },
  };
  const observer = {
    entered: () => {},
    failed: (state: State, error: unknown, fate: "keep" | "restart" | "stop") => {
      status.failed(state, error, fate);
      each();
    },
  };
  const ended = runMachine(counting, settings, { logger, signal: control.signal, observer });
  const failed = ended.then(
    () => new Promise<never>(() => {}),
    (error: unknown) => Promise.reject(error),
  );
  // Whoever wants to know waits for it; nobody has to.
  failed.catch(() => {});
  return {
    failed,
    async stop() {
      control.abort();
      await ended.catch(() => {});
    },
  };
}
