import path from "node:path";

import { sendCall } from "../../src/chain/send-call.js";
import { HttpAggregator } from "../../src/http/aggregator-client/http-aggregator.js";
import { HttpMirror } from "../../src/http/snapshots/http-mirror.js";
import { findCertifiedSnapshot, type CertifiedSnapshot } from "../../src/nodes/client/certified-snapshot.js";
import { proveCertifiedScore, replayCertified } from "../../src/nodes/client/prove-score.js";
import { trustedChain } from "../../src/nodes/client/verify-source.js";
import { downloadSnapshot } from "../../src/snapshots/files/download.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { gas, type Narrator } from "../demo/narrator.js";
import { until } from "../demo/until.js";
import type { DevChain } from "./chain.js";
import { enterEpoch, MAX_LIFETIME, type Contracts } from "./contracts.js";
import { bringBack, strike, tell, type Crash } from "./crashes.js";
import { must } from "./errors.js";
import type { Members } from "./members.js";
import { CONFIRMATIONS, STEP, type Nodes } from "./nodes.js";

export interface World {
  readonly narrator: Narrator;
  readonly chain: DevChain;
  readonly contracts: Contracts;
  readonly nodes: Nodes;
  readonly members: Members;
  /** The scorer's number at the passport service. */
  readonly scorer: number;
  readonly folder: string;
}

/** Both aggregators, as sources that nobody trusts. */
export const sourcesOf = ({ aggregator, follower }: Nodes) =>
  [aggregator, follower].map(({ url }) => new HttpAggregator({ url, timeoutMilliseconds: 5_000 }));

/** All signers have registered the key of an epoch. */
export const allRegistered = ({ contracts: { network }, nodes }: World, epoch: bigint): Promise<void> =>
  until(
    `all stewards have registered in epoch ${epoch}`,
    async () => (await network.gateway.registrations(epoch)).length === nodes.signers.size,
  );

/** An epoch with its crash, from its first second to anchored scores; gives who is still down. */
export async function runEpoch(world: World, epoch: bigint, crash: Crash, asleep?: Crash): Promise<Crash | undefined> {
  const { narrator, chain, contracts, nodes, members } = world;
  narrator.chapter(`Epoch ${epoch}`);
  let isOver = false;
  const since = newestStep(await chain.provider.getBlockNumber());
  const struck = strike(nodes, crash, since)
    .then(async () => {
      narrator.step(...tell(crash, crash.story), "SIGKILL");
      if (crash.back === "at once") await bringBack(nodes, crash);
    })
    .finally(() => (isOver = true));
  // What goes wrong there is heard below, and must not end this process before.
  struck.catch(() => {});
  await enterEpoch(chain, contracts, epoch);
  if (asleep !== undefined) await wake(world, asleep);
  await until(`epoch ${epoch} has a certificate`, async () => (await held(world, epoch)) !== undefined);
  narrator.step("passport service", await members.change(), `${members.accounts.length} people`);
  const block = await settleStep(chain);
  await until(
    `the snapshot of block ${block} is certified on the chain`,
    async () => (await held(world, epoch))?.snapshot?.snapshotBlock === BigInt(block),
  );
  await until(`${crash.victims.join(", ")} was killed`, () => Promise.resolve(isOver));
  await struck;
  const found = await certifiedSnapshot(world, BigInt(block));
  const { content } = found.certificate;
  const signers = content.kind === "multisignature" ? found.certificate.metadata.signers.length : 0;
  narrator.step(
    `${signers} of ${nodes.signers.size} stewards`,
    `certify the scores at block ${block}`,
    found.digest.slice(0, 18),
  );
  await anchorAndCompare(world, found);
  if (crash.back === "certified") await bringBack(nodes, crash);
  if (crash.back === "next") return crash;
  narrator.step(...tell(crash, "back, with what was on disk"), "");
  await allRegistered(world, epoch);
  return undefined;
}

/** Starts who slept through an epoch. */
export async function wake({ narrator, nodes }: World, crash: Crash): Promise<void> {
  await bringBack(nodes, crash);
  const whom = crash.follows === undefined ? "" : `takes what it missed from the ${crash.follows}`;
  narrator.step(...tell(crash, "back after a whole epoch"), whom);
}

const held = ({ contracts: { network } }: World, epoch: bigint) => network.gateway.certifiedEpoch(epoch);

/** The newest block that a snapshot is taken at, 0 without any. */
const newestStep = (head: number): number => Math.floor((head - CONFIRMATIONS) / STEP) * STEP;

/** Mines until the next snapshot's block is settled, and gives it. */
async function settleStep({ provider, mine }: DevChain): Promise<number> {
  const head = await provider.getBlockNumber();
  const block = newestStep(head) + STEP;
  await mine(block + CONFIRMATIONS - head);
  return block;
}

/** The newest certificate of scores that an aggregator has and that verifies back to the anchor. */
async function certifiedSnapshot({ contracts: { view }, nodes }: World, block: bigint): Promise<CertifiedSnapshot> {
  const trusted = await trustedChain(view);
  const found = await findCertifiedSnapshot(sourcesOf(nodes), trusted, { registry: view });
  must(found.block === block, `the newest certified snapshot is of block ${found.block} instead of ${block}`);
  return found;
}

/** Anybody downloads the certified snapshot, anchors its root, brings everybody's score, and reads them all again. */
async function anchorAndCompare(
  world: World,
  { certificate, digest, block: number }: CertifiedSnapshot,
): Promise<void> {
  const { narrator, chain, contracts, nodes, members, scorer } = world;
  const { passports, registryId, view } = contracts;
  const folder = new SnapshotFolder(path.join(world.folder, "anybody"));
  const headers = { authorization: `Bearer ${nodes.logToken}` };
  await downloadSnapshot([new HttpMirror({ url: nodes.passport.url, headers })], folder, { digest });
  const block = await view.block(number);
  must(block !== undefined, `the chain has no block ${number}`);
  const scorers = new Map([[scorer, registryId]]);
  const registry = { chainId: chain.chainId, address: passports.address };
  const scores = await replayCertified(folder, certificate, block, { scorers, registry, maxLifetime: MAX_LIFETIME });
  const certified = scores.scorers.get(registryId);
  must(certified !== undefined, `the certificate is not about scorer ${registryId}`);
  const anybody = chain.account(9);
  const way = scores.tree.proofOf(registryId) ?? [];
  const step = await passports.anchorCertified(certified, certificate.epoch, way);
  must("call" in step, `the root of epoch ${certificate.epoch} was anchored before`);
  const { gasUsed } = await sendCall(anybody, step.call);
  narrator.step("anybody", `anchors the root: ${certified.entry.count} scores, no operator signed`, gas(gasUsed));
  const { number: rootNumber } = await passports.scorer(registryId);
  const submissions = members.accounts.map((account) => {
    const { submitScore } = proveCertifiedScore(certificate, scores, registryId, account);
    return { ...submitScore, rootNumber };
  });
  for (const call of await passports.submit({ scorerId: registryId, submissions }, 100)) await sendCall(anybody, call);
  const said = await members.scores();
  for (const [account, { score, passing }] of said) {
    const { score: read, human } = await passports.scoreOf(registryId, account);
    must(
      read === BigInt(score) && human === passing,
      `the contract reads ${read} for ${account}, and the service says ${score}`,
    );
  }
  const passing = [...said.values()].filter((one) => one.passing).length;
  narrator.step("contract, service", `say the same about ${said.size} people`, `${passing} pass`);
}
