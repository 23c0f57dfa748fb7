import { expect } from "chai";

import { NodeError } from "../../../src/nodes/protocol/errors.js";
import { runMachine, type Machine } from "../../../src/nodes/protocol/machine.js";
import { invariant } from "../../../src/shared/errors.js";
import { silentLogger } from "../../../src/shared/logger.js";

interface Step {
  readonly name: string;
}

/** Runs a machine whose steps are a script: each is a state to go to, or an error to throw. */
async function run(script: readonly (string | Error)[], maxFailures = 3) {
  const seen: string[] = [];
  const slept: number[] = [];
  const stop = new AbortController();
  let next = 0;
  const machine: Machine<Step> = {
    initial: { name: "FIRST" },
    step(state) {
      seen.push(state.name);
      const entry = script[next++];
      if (next === script.length) stop.abort();
      return entry instanceof Error ? Promise.reject(entry) : Promise.resolve({ name: entry ?? state.name });
    },
  };
  const settings = { pollMilliseconds: 7, maxFailures };
  const sleep = (milliseconds: number) => {
    slept.push(milliseconds);
    return Promise.resolve();
  };
  const running = runMachine(machine, settings, { logger: silentLogger, signal: stop.signal, sleep });
  const error: unknown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { seen, slept, error };
}

describe("a node's machine", () => {
  it("steps at once into a new state, and waits in an old one", async () => {
    const { seen, slept, error } = await run(["SECOND", "SECOND", "SECOND"]);
    expect(error).to.equal(undefined);
    expect(seen).to.deep.equal(["FIRST", "SECOND", "SECOND"]);
    expect(slept).to.deep.equal([7, 7]);
  });

  it("keeps its state after a failure, waits, and tries again", async () => {
    const { seen, slept, error } = await run(["SECOND", new Error("once"), "THIRD"]);
    expect(error).to.equal(undefined);
    expect(seen).to.deep.equal(["FIRST", "SECOND", "SECOND"]);
    expect(slept).to.deep.equal([7]);
  });

  it("begins again at the first state when what it believed is no longer true", async () => {
    const stale = new NodeError("nodes/chain-unavailable", "the chain moved", { fate: "restart" });
    const { seen } = await run(["SECOND", stale, "FIRST"]);
    expect(seen).to.deep.equal(["FIRST", "SECOND", "FIRST"]);
  });

  it("ends with an error that no repetition can help", async () => {
    const fatal = new NodeError("nodes/store-newer", "the store is newer than this node", { fate: "stop" });
    const { seen, error } = await run(["SECOND", fatal, "THIRD"]);
    expect(seen).to.deep.equal(["FIRST", "SECOND"]);
    expect(error).to.equal(fatal);
  });

  it("ends with a broken promise of our own code", async () => {
    let broken: Error | undefined;
    try {
      invariant(false, "two certificates of one entity");
    } catch (error) {
      broken = error as Error;
    }
    const { error } = await run([broken as Error, "SECOND"]);
    expect(error).to.equal(broken);
  });

  it("ends after too many failures in a row, counted anew after each success", async () => {
    const failure = new Error("again");
    const survived = await run([failure, failure, "SECOND", failure, failure, "THIRD"]);
    expect(survived.error).to.equal(undefined);
    const ended = await run([failure, failure, failure, "SECOND"]);
    expect(ended.seen).to.have.length(3);
    expect(ended.error).to.equal(failure);
  });
});
