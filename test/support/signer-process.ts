// A signer in a process of its own that kills itself (SIGKILL: no handler runs, nothing is flushed) at a step that KILL_AT names:
// when its store is about to do it ("before"), or has just done it ("after").
import { startSigner } from "../../src/bin/start-signer.js";
import { parseSignerConfig } from "../../src/config/signer.js";
import type { SignedStore } from "../../src/nodes/signer/ports.js";
import { silentLogger } from "../../src/shared/logger.js";

const { KILL_AT: killAt = "", KILL_WHEN: killWhen, KILL_ENTITY: killEntity = "", ...environment } = process.env;

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;); // the signal ends this loop
}

async function atStep<T>(step: string, entity: string, work: () => Promise<T>): Promise<T> {
  const reached = step === killAt && entity.startsWith(killEntity);
  if (reached && killWhen === "before") die();
  const result = await work();
  if (reached) die();
  return result;
}

function suicidal(store: SignedStore): SignedStore {
  return {
    isSettled: (entity) => store.isSettled(entity),
    signed: (entity) => store.signed(entity),
    passOver: (entity) => store.passOver(entity),
    save: (signature) => atStep("save", signature.entity, () => store.save(signature)),
    unpublished: (epoch) => store.unpublished(epoch),
    published: (entity, publisher) => atStep("published", entity, () => store.published(entity, publisher)),
    prune: (before) => store.prune(before),
    lastSnapshotBlock: (epoch) => store.lastSnapshotBlock(epoch),
  };
}

const node = await startSigner(parseSignerConfig(environment), { logger: silentLogger, wrapSigned: suicidal });
process.send?.(node.url);
await node.failed;
