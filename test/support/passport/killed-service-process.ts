// A passport service in a process of its own that kills itself (SIGKILL: no handler runs, nothing is flushed) at a statement: when
// one that matches KILL_AT is about to be sent ("before"), has been answered ("after", so that it is not committed), or the
// transaction that it is in has been committed ("committed", so that nobody has been told).
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

import { startPassportService } from "../../../src/bin/start-passport-service.js";
import { parsePassportServiceConfig } from "../../../src/config/passport-service.js";
import { silentLogger } from "../../../src/shared/logger.js";

const { KILL_AT: killAt = "", KILL_WHEN: killWhen, KILL_AFTER: passes = "0", ...environment } = process.env;
const theStatement = new RegExp(killAt);
/** Statements that match and pass. */
let left = Number(passes);

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;); // the signal ends this loop
}

type Run = (this: object, text: unknown, ...rest: unknown[]) => unknown;

/** Watches what a connection is asked; statements that nobody asked about pass as they are. */
function tap(prototype: object, method: string): void {
  const methods = prototype as Record<string, Run>;
  const run = methods[method] as Run;
  methods[method] = function (text, ...rest) {
    if (typeof text !== "string") return run.call(this, text, ...rest);
    const reached = theStatement.test(text) && left-- === 0;
    if (reached && killWhen === "before") die();
    const answered = run.call(this, text, ...rest) as Promise<unknown>;
    if (reached && killWhen === "after") return answered.then(die);
    if (reached) reachedBy.add(this);
    return text === "commit" && reachedBy.has(this) ? answered.then(die) : answered;
  };
}

const reachedBy = new WeakSet<object>();
if (killAt !== "") {
  tap(pg.Client.prototype, "query");
  tap(PGlite.prototype, "query");
  tap(PGlite.prototype, "exec");
}
const { url } = await startPassportService(parsePassportServiceConfig(environment), {
  logger: silentLogger,
  queueTiming: { pieceSeconds: 2, superviseSeconds: 1 },
});
process.send?.(url);
