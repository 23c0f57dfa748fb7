import { reasonOf, trustedChain, verifySource } from "../../src/nodes/client/verify-source.js";
import { until } from "../demo/until.js";
import { sourcesOf, type World } from "./epoch.js";
import { must } from "./errors.js";

/** Alarms that a network of toy parameters has to raise: a third of the stake forges them. */
const EXPECTED_ALARMS = new Set(["unsafe-parameters"]);

/**
 * What has to hold in the end: the registry holds a snapshot for each epoch, all of one chain; each aggregator's certificates verify
 * from the anchor and are what the registry holds; the watcher, which trusts nobody, has no alarm about any of it.
 */
export async function judge(world: World, first: bigint, last: bigint): Promise<void> {
  const { narrator, contracts, nodes } = world;
  const { gateway } = contracts.network;
  const blocks = new Set<bigint>();
  for (let epoch = first; epoch <= last; epoch++) {
    const held = await gateway.certifiedEpoch(epoch);
    must(held?.snapshot !== undefined, `the registry has no certified snapshot of epoch ${epoch}`);
    must(held.anchor === 1, `epoch ${epoch} descends from anchor ${held.anchor}: the chain was broken`);
    blocks.add(held.snapshot.snapshotBlock);
  }
  const count = Number(last - first) + 1;
  must(blocks.size === count, `${count} epochs certify ${blocks.size} snapshots`);
  const { lastCertified, anchors } = await gateway.chain();
  must(lastCertified === last && anchors === 1, `the registry stands at epoch ${lastCertified}, anchor ${anchors}`);
  narrator.step("registry", `epochs ${first} to ${last}: a new snapshot each, no gap`, "one anchor");
  for (const source of sourcesOf(nodes)) {
    const trusted = await trustedChain(contracts.view);
    const verify = () => verifySource(source, trusted, { registry: contracts.view });
    const hasAll = async () => {
      const { report } = await verify();
      const epochs = report.certificates.filter(({ ok, registry }) => ok && registry === "same").length;
      return report.ok && epochs >= count;
    };
    await until(`${source.name} has all certificates`, () => hasAll().catch((error: unknown) => !reasonOf(error)));
    const { report } = await verify();
    must(report.ok && report.forks.length === 0, `the certificates of ${source.name} do not verify`);
    narrator.step(source.name, `${report.count} certificates verify back to the anchor`, "no fork");
  }
  const alarms = await watched(nodes.watcher.url, last);
  const kinds = [...new Set(alarms)];
  const strange = kinds.filter((kind) => !EXPECTED_ALARMS.has(kind));
  must(strange.length === 0, `the watcher warns of ${strange.join(", ")}; see ${nodes.watcher.process.log}`);
  narrator.step("watcher", "checked every certificate and every sealed key", `only ${kinds.join()}: a toy`);
}

interface WatcherStatus {
  readonly watched: { readonly lastCertified: string; readonly alarms: readonly { readonly kind: string }[] } | null;
}

/** Kinds of the alarms that hold, once the watcher looked at the last epoch. */
async function watched(url: string, last: bigint): Promise<string[]> {
  let status: WatcherStatus | undefined;
  await until("the watcher looks at the last epoch", async () => {
    status = (await (await fetch(`${url}/v1/status`)).json()) as WatcherStatus;
    return status.watched !== null && BigInt(status.watched.lastCertified) >= last;
  });
  return status?.watched?.alarms.map(({ kind }) => kind) ?? [];
}
