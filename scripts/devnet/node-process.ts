import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

import { until } from "../demo/until.js";
import { DevnetError } from "./errors.js";

export interface ProcessSettings {
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** Where everything that it says is kept, over all its lives. */
  readonly log: string;
  /** Whether it answers. */
  readonly isUp: () => Promise<boolean>;
}

/** A line of a node's log, as far as somebody waits for one. */
export interface LogLine {
  readonly msg?: string;
  readonly entity?: string;
}

const STOP_MILLISECONDS = 10_000;
const START_SECONDS = 90;

/** A process of the network, over all its lives: it can be killed at any time and started again. */
export class NodeProcess {
  readonly name: string;
  readonly log: string;
  /** How often it was killed. */
  kills = 0;
  readonly #settings: ProcessSettings;
  readonly #ended: (error: DevnetError) => void;
  readonly #output: WriteStream;
  #child: ChildProcess | undefined;
  #exit: Promise<unknown> = Promise.resolve();
  #isMeantToEnd = false;
  #isClosed = false;
  #heard: ((line: LogLine) => void) | undefined;

  /** `ended` hears of an end that nobody here caused. */
  constructor(settings: ProcessSettings, ended: (error: DevnetError) => void) {
    this.#settings = settings;
    this.#ended = ended;
    this.name = settings.name;
    this.log = settings.log;
    mkdirSync(path.dirname(settings.log), { recursive: true });
    this.#output = createWriteStream(settings.log);
  }

  /** Resolves when it answers; `changes` are variables of this life alone. */
  async start(changes: Readonly<Record<string, string>> = {}): Promise<void> {
    // The network ends: whoever still tells its story must not begin anything new.
    if (this.#isClosed) return;
    const { command, environment, isUp, name } = this.#settings;
    const [program, ...args] = command;
    // Nothing of the caller's environment but the PATH: a DATABASE_URL there would make all nodes share a database.
    const env = { PATH: process.env["PATH"], ...environment, ...changes };
    // A group of its own: Ctrl-C at the terminal is for whoever started it, and that one ends it.
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env, detached: true });
    this.#child = child;
    this.#isMeantToEnd = false;
    this.#exit = once(child, "exit").catch(() => {}); // a program that cannot be started has no exit
    child.once("error", (error) => this.#onEnd(`cannot be started: ${error.message}`));
    child.once("exit", (code, signal) => this.#onEnd(`ended by itself with ${signal ?? code}`));
    if (child.stdout !== null) createInterface({ input: child.stdout }).on("line", (line) => this.#onLine(line));
    child.stderr?.on("data", (text: Buffer) => this.#output.write(text));
    const isOver = () => this.#isMeantToEnd || child.exitCode !== null || child.signalCode !== null;
    // An end is told of elsewhere; waiting on for it would hide that.
    await until(`${name} answers`, async () => isOver() || (await isUp().catch(() => false)), START_SECONDS);
  }

  /** Ends it as a power cut does: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    this.kills += 1;
    this.#isMeantToEnd = true;
    this.#child?.kill("SIGKILL");
    await this.#exit;
  }

  /** Resolves in the moment in which it says a line that fits. */
  says(fits: (line: LogLine) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = (line) => {
        if (!fits(line)) return;
        this.#heard = undefined;
        resolve();
      };
    });
  }

  /** Lets it end in peace, and kills it when that takes too long; it does not start again. */
  async stop(): Promise<void> {
    this.#isClosed = true;
    this.#isMeantToEnd = true;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_MILLISECONDS);
    await this.#exit;
    clearTimeout(late);
  }

  /** For the last moment of this process: nothing can be awaited any more. */
  killOnExit(): void {
    this.#isMeantToEnd = true;
    this.#child?.kill("SIGKILL");
  }

  #onEnd(how: string): void {
    if (this.#isMeantToEnd) return;
    this.#ended(new DevnetError("devnet/process-ended", `${this.name} ${how}; its log is ${this.log}`));
  }

  #onLine(line: string): void {
    this.#output.write(`${line}\n`);
    if (this.#heard === undefined || !line.startsWith("{")) return;
    try {
      this.#heard(JSON.parse(line) as LogLine);
    } catch {
      // A line that a kill cut off says nothing.
    }
  }
}
