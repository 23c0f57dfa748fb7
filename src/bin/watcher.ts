import { parseWatcherConfig } from "../config/watcher.js";
import { runService } from "./run-service.js";
import { startWatcher } from "./start-watcher.js";

await runService((logger) => startWatcher(parseWatcherConfig(process.env), { logger }));
