import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** An aggregator in a process of its own, as an operator starts it. */
export interface AggregatorProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it by a signal and gives its exit code, null where the signal ended it. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null>;
}

export async function startAggregatorProcess(environment: Record<string, string>): Promise<AggregatorProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", "src/bin/aggregator.ts"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let problems = "";
  child.stderr.on("data", (text: Buffer) => (problems += text.toString()));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  const url = await Promise.race([listening(child), exited]);
  if (typeof url !== "string") throw new Error(`the aggregator ended with ${url}: ${problems}`);
  return {
    ...{ url, child },
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

/** The URL in the line that says so; later lines are read and dropped, so that the process never waits for a reader. */
function listening({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: stdout! }).on("line", (line) => {
      if (line.includes("aggregator listens")) resolve((JSON.parse(line) as { url: string }).url);
    });
  });
}
