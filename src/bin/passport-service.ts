import { parsePassportServiceConfig } from "../config/passport-service.js";
import { runService } from "./run-service.js";
import { startPassportService } from "./start-passport-service.js";

await runService((logger) => startPassportService(parsePassportServiceConfig(process.env), { logger }));
