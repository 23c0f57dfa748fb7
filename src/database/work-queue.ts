import { CompiledQuery, type Kysely } from "kysely";
import PgBoss from "pg-boss";

import type { Logger } from "../shared/logger.js";
import { guardPassportDatabase } from "./database-errors.js";
import type { DatabaseLocation } from "./open-database.js";
import type { Database } from "./schema.js";

/** Work in pieces that are safe to do twice. Gives the next piece, or nothing at the end. */
export type Worker<Piece extends object> = (piece: Piece) => Promise<Piece | undefined>;

/** Queues of work in the database, done by whatever process has time. A piece whose process was killed is done again. */
export interface WorkQueue {
  add(queue: string, piece: object): Promise<void>;
  work<Piece extends object>(queue: string, worker: Worker<Piece>): Promise<void>;
  /** Works here until nothing is ready. A piece that fails goes back and ends this. */
  drain<Piece extends object>(queue: string, worker: Worker<Piece>): Promise<void>;
  close(): Promise<void>;
}

export interface QueueTiming {
  /** How long a piece may take before another process takes it: a killed one costs this, */
  readonly pieceSeconds: number;
  /** and up to twice this, until somebody looks. */
  readonly superviseSeconds: number;
}

const TIMING: QueueTiming = { pieceSeconds: 60, superviseSeconds: 30 };
/** A database that is away for half an hour costs no work. */
const RETRIES = 60;
const POLL_SECONDS = 0.5;

/**
 * pg-boss on a server, with connections of its own, and on PGlite, through the one session that there is. Its tables are in a
 * schema of their own, which it brings up to date itself.
 */
export async function openWorkQueue(
  location: DatabaseLocation,
  db: Kysely<Database>,
  logger: Logger,
  { pieceSeconds, superviseSeconds } = TIMING,
): Promise<WorkQueue> {
  const connection =
    location.kind === "server"
      ? { connectionString: location.url.expose(), max: 2 }
      : { db: { executeSql: (text: string, values: unknown[] = []) => execute(db, text, values) } };
  const boss = new PgBoss({
    ...connection,
    schedule: false,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
  });
  boss.on("error", (error) => logger.warn({ message: error.message }, "the work queue waits for the database"));
  await guardPassportDatabase(() => boss.start());
  const options = { expireInSeconds: pieceSeconds, retryLimit: RETRIES, retryDelay: 1, retryDelayMax: 30 };
  const made = new Map<string, Promise<void>>();
  const open = (queue: string) => {
    const known = made.get(queue) ?? boss.createQueue(queue, { ...options, retryBackoff: true });
    made.set(queue, known);
    return known;
  };
  const add = async (queue: string, piece: object) => {
    await open(queue);
    await boss.send(queue, piece);
  };
  return {
    add: (queue, piece) => guardPassportDatabase(() => add(queue, piece)),
    async work<Piece extends object>(queue: string, worker: Worker<Piece>) {
      await open(queue);
      let polling: string | undefined;
      polling = await boss.work<Piece>(queue, { pollingIntervalSeconds: POLL_SECONDS }, async ([job]) => {
        if (job === undefined) return;
        // After a piece the next one is looked for at once.
        if (polling !== undefined) boss.notifyWorker(polling);
        try {
          const next = await worker(job.data);
          if (next !== undefined) await add(queue, next);
        } catch (error) {
          logger.warn({ queue, message: String(error) }, "a piece of work failed and is tried again");
          throw error;
        }
      });
    },
    async drain<Piece extends object>(queue: string, worker: Worker<Piece>) {
      await guardPassportDatabase(() => open(queue));
      for (;;) {
        const [job] = await guardPassportDatabase(() => boss.fetch<Piece>(queue));
        if (job === undefined) return;
        try {
          const next = await worker(job.data);
          if (next !== undefined) await add(queue, next);
        } catch (error) {
          await guardPassportDatabase(() => boss.fail(queue, job.id));
          throw error;
        }
        await guardPassportDatabase(() => boss.complete(queue, job.id));
      }
    },
    close: () => boss.stop({ graceful: true, timeout: 5_000, close: location.kind === "server" }),
  };
}

async function execute(db: Kysely<Database>, text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  const { rows } = await db.executeQuery(CompiledQuery.raw(text, values));
  return { rows };
}
