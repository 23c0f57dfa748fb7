import { guardSybilDatabase } from "../../database/database-errors.js";
import { openDatabase } from "../../database/open-database.js";
import { DatabaseSearchStore } from "../../database/sybil/search-store.js";
import { openWorkQueue, type QueueTiming, type Worker } from "../../database/work-queue.js";
import type { Logger } from "../../shared/logger.js";
import type { Secret } from "../../shared/secret.js";
import type { SearchQueue, SearchStore } from "../../sybil/queue/ports.js";
import type { SearchPiece } from "../../sybil/queue/search.js";
import { startUp } from "../start-up.js";

/** The searches of a PostgreSQL server and the queue of their blocks. */
export interface SybilQueue extends SearchQueue {
  readonly store: SearchStore;
  work(worker: Worker<SearchPiece>): Promise<void>;
  drain(worker: Worker<SearchPiece>): Promise<void>;
  close(): Promise<void>;
}

const BLOCKS = "sybil-blocks";
const CONNECTIONS = 4;
/** A block of a million donors takes about a minute. Its coordinator does not wait for one that was killed. */
const TIMING: QueueTiming = { pieceSeconds: 900, superviseSeconds: 30 };

/** Throws `sybil/database-unavailable` where the server does not answer. */
export function openSybilQueue(database: Secret, logger: Logger, timing = TIMING): Promise<SybilQueue> {
  return startUp(async (onClose) => {
    const location = { kind: "server", url: database, connections: CONNECTIONS } as const;
    const db = await guardSybilDatabase(() => openDatabase(location));
    onClose(() => db.destroy());
    const queue = await openWorkQueue(location, db, logger, timing);
    onClose(() => queue.close());
    return {
      store: new DatabaseSearchStore(db),
      add: (piece: SearchPiece) => queue.add(BLOCKS, piece),
      work: (worker: Worker<SearchPiece>) => queue.work(BLOCKS, worker),
      drain: (worker: Worker<SearchPiece>) => queue.drain(BLOCKS, worker),
    };
  });
}
