import type { Logger } from "../../shared/logger.js";
import { createApplication } from "../application/create-application.js";
import { snapshotRoutes, type SnapshotRoutePorts } from "./routes.js";

/** A mirror: the snapshots of a folder, and nothing else. It needs no trust and no secret; readers check what they get. */
export async function createMirrorApp(ports: SnapshotRoutePorts & { readonly logger: Logger }) {
  // A reader that takes nothing for so long is gone.
  const app = createApplication({ connectionTimeout: 120_000 }, ports);
  await app.register(snapshotRoutes(ports));
  return app;
}
