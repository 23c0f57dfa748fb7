import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface ServiceProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Resolves to the signal that ended the process. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** Starts a claim service as a child process that kills itself at a step. */
export async function startSuicidalService(
  environment: Record<string, string>,
  killAt: string,
  killWhen: "before" | "after",
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", "test/support/claim-service-process.ts"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { ...process.env, ...environment, KILL_AT: killAt, KILL_WHEN: killWhen },
  });
  const ended = once(child, "exit").then(([, signal]) => signal as NodeJS.Signals | null);
  const url = await Promise.race([
    once(child, "message").then(([message]) => String(message)),
    ended.then((signal) => Promise.reject(new Error(`the service ended (${signal}) before it listened`))),
  ]);
  return { url, child, ended };
}
