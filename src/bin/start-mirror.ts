import { createMirrorApp } from "../http/snapshots/mirror-app.js";
import type { Logger } from "../shared/logger.js";
import { SnapshotFolder } from "../snapshots/files/snapshot-folder.js";
import { listen } from "./start-up.js";

export interface MirrorSettings {
  readonly folder: string;
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Whether stamps are served too. */
  readonly stamps: boolean;
}

/** Serves a folder of snapshots until it is closed. */
export async function startMirror({ folder, host, port, stamps }: MirrorSettings, { logger }: { logger: Logger }) {
  const app = await createMirrorApp({ folder: new SnapshotFolder(folder), mayReadStamps: () => stamps, logger });
  const url = await listen(app, { host, port });
  logger.info({ url, stamps }, "mirror listens");
  return { url, close: async () => void (await app.close()) };
}
