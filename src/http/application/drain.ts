import type { FastifyInstance } from "fastify";

/**
 * Answers that are sent while the service stops close their connections. A connection that is kept would be idle only after the
 * idle ones were closed, and hold up the end until its client lets go.
 */
export function drainOnClose(app: Pick<FastifyInstance, "addHook">): void {
  let stops = false;
  app.addHook("preClose", (done) => {
    stops = true;
    done();
  });
  app.addHook("onSend", (_request, reply, payload, done) => {
    if (stops) void reply.header("connection", "close");
    done(null, payload);
  });
}
