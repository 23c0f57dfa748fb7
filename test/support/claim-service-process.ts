// A claim service in a process of its own that kills itself (SIGKILL: no handler runs, nothing is flushed) at a step of a
// claim's life: when an event of the type KILL_AT is about to be written ("before"), or has just been ("after").
import { startClaimService } from "../../src/bin/start-claim-service.js";
import type { ClaimLedger, LedgerChange } from "../../src/claims/ports.js";
import { parseClaimServiceConfig } from "../../src/config/claim-service.js";
import { silentLogger } from "../../src/shared/logger.js";
import { worldBook } from "./claim-world-book.js";

const { KILL_AT: killAt, KILL_WHEN: killWhen, ...environment } = process.env;

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;); // the signal ends this loop
}

function suicidal(ledger: ClaimLedger): ClaimLedger {
  const isTheStep = (change: LedgerChange | undefined) => change?.events.some(({ type }) => type === killAt) === true;
  return {
    find: (userId) => ledger.find(userId),
    suspension: () => ledger.suspension(),
    unsettled: (query) => ledger.unsettled(query),
    followedBlocks: () => ledger.followedBlocks(),
    async transact(userIds, work) {
      let reached = false;
      const result = await ledger.transact(userIds, (view) => {
        const done = work(view);
        reached = isTheStep(done.change);
        if (reached && killWhen === "before") die();
        return done;
      });
      if (reached) die();
      return result;
    },
    async follow(step, userIds, work) {
      let reached = false;
      const taken = await ledger.follow(step, userIds, (view) => {
        const change = work(view);
        reached = isTheStep(change);
        if (reached && killWhen === "before") die();
        return change;
      });
      if (reached && taken) die();
      return taken;
    },
  };
}

const parts = { book: worldBook(), logger: silentLogger, wrapLedger: suicidal };
const { url } = await startClaimService(parseClaimServiceConfig(environment), parts);
process.send?.(url);
