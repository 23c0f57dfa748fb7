import type { Logger } from "../shared/logger.js";

export interface Stoppable {
  close(): Promise<void>;
  /** Rejects when the service cannot go on by itself. */
  readonly failed?: Promise<never>;
}

/** Waits for SIGINT or SIGTERM, then stops the service: requests under way are answered first. Throws what ended it otherwise. */
export async function serveUntilSignal(service: Stoppable, logger: Logger): Promise<void> {
  const signalled = new Promise<string>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(name));
  });
  try {
    const signal = await (service.failed === undefined ? signalled : Promise.race([signalled, service.failed]));
    logger.info({ signal }, "service stops");
  } finally {
    await service.close();
  }
}
