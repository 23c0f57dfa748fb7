import path from "node:path";

import type { DevnetError } from "./errors.js";
import { NodeProcess, type ProcessSettings } from "./node-process.js";

/** Starts the processes of a network and ends all of them, whatever happens to this one. */
export class Supervisor {
  /** Rejects when a process ended that nobody killed. */
  readonly failed: Promise<never>;
  readonly #logs: string;
  readonly #processes: NodeProcess[] = [];
  #fail!: (error: DevnetError) => void;

  constructor(logs: string) {
    this.#logs = logs;
    this.failed = new Promise<never>((_resolve, reject) => (this.#fail = reject));
    this.failed.catch(() => {}); // whoever tells the story hears of it
    process.on("exit", () => {
      for (const node of this.#processes) node.killOnExit();
    });
  }

  add(settings: Omit<ProcessSettings, "log">): NodeProcess {
    const log = path.join(this.#logs, `${settings.name.toLowerCase().replaceAll(" ", "-")}.log`);
    const node = new NodeProcess({ ...settings, log }, this.#fail);
    this.#processes.push(node);
    return node;
  }

  get count(): number {
    return this.#processes.length;
  }

  /** So often a process was killed. */
  get kills(): number {
    return this.#processes.reduce((sum, { kills }) => sum + kills, 0);
  }

  /** The chain, which all others ask, is the first that was added and the last that ends. */
  async stopAll(): Promise<void> {
    const [first, ...others] = this.#processes;
    await Promise.all(others.map((node) => node.stop()));
    await first?.stop();
  }
}
