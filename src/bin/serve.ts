import type { Logger } from "../shared/logger.js";

/** Waits for SIGINT or SIGTERM, then stops the service: requests under way are answered first. */
export async function serveUntilSignal(service: { close(): Promise<void> }, logger: Logger): Promise<void> {
  const signal = await new Promise<string>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(name));
  });
  logger.info({ signal }, "service stops");
  await service.close();
}
