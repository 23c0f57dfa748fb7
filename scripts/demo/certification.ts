// The stewards vouch for the scores: five register keys, a contract seals them from their votes, and what enough of them sign is
// readable on the chain and restorable from any mirror. One of the five is down, and one signs another root.
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import path from "node:path";

import { hexlify, type HDNodeWallet, type Signer } from "ethers";
import { pino } from "pino";

import { startAggregator, type RunningAggregator } from "../../src/bin/start-aggregator.js";
import { startMirror } from "../../src/bin/start-mirror.js";
import { startPassportService } from "../../src/bin/start-passport-service.js";
import { startSigner, type RunningSigner } from "../../src/bin/start-signer.js";
import { CertificateRegistryGateway, registryParameters } from "../../src/chain/certificate-registry.js";
import { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { sendCall } from "../../src/chain/send-call.js";
import { RegistryView } from "../../src/chain/steward-chain.js";
import type { Certificate } from "../../src/certificates/certificate.js";
import { certificateMessageHash } from "../../src/certificates/certificate-message.js";
import { entityKey } from "../../src/certificates/entity.js";
import { verifyCertificates } from "../../src/certificates/verify.js";
import { parseAggregatorConfig } from "../../src/config/aggregator.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { parseSignerConfig } from "../../src/config/signer.js";
import { restoreSnapshot } from "../../src/database/restore/restore-snapshot.js";
import { HttpMirror } from "../../src/http/snapshots/http-mirror.js";
import { certifiedScores } from "../../src/nodes/score-log/certified-scores.js";
import { proveScore } from "../../src/passport/onchain/score-tree.js";
import { parseRules } from "../../src/scoring/rules/parse-rules.js";
import { downloadSnapshot } from "../../src/snapshots/files/download.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { SignerLog } from "../../src/snapshots/signer-log.js";
import {
  CertificateRegistry__factory,
  HumansOnly__factory,
  StmVerifier__factory,
  type PassportRegistry,
} from "../../typechain-types/index.js";
import { errorName, refusalOf } from "./attempt.js";
import { RULES } from "./community.js";
import { writeIssuers } from "./issuer.js";
import { gas } from "./narrator.js";
import { nodeSettings, TOY } from "./node-settings.js";
import { SNAPSHOT_CONFIRMATIONS, SNAPSHOT_STEP, SNAPSHOT_TOKEN, type PassportStage } from "./passport.js";
import { developmentAccount } from "./people.js";
import type { Round } from "./round.js";
import { analyseRound, retune } from "./sybil.js";
import { until } from "./until.js";

const DAY = 86_400;
const CERTIFICATES = 2; // AuthorityKind.Certificates
const MAX_LIFETIME = 90 * DAY;
const POLL = 100;
/** Frances' node is down when it matters; Radia's was told another scorer's id, and so computes another root. */
const [DOWN, ASTRAY] = ["Frances", "Radia"];

interface Network {
  readonly gateway: CertificateRegistryGateway;
  readonly view: RegistryView;
  readonly aggregator: RunningAggregator;
  readonly signers: ReadonlyMap<string, RunningSigner>;
  readonly folders: ReadonlyMap<string, string>;
  readonly scorerId: bigint;
}

/** Certifies the scores of a passport service that is running, and outlives it. */
export async function certificationChapters(
  stage: PassportStage,
  { rpcUrl, artefacts, sybil }: { rpcUrl: string; artefacts: string; sybil: HDNodeWallet },
) {
  const { round } = stage;
  const { narrator } = round;
  narrator.chapter("Certification: the stewards register keys, the contract seals them");
  const running: { close(): Promise<void> }[] = [];
  const closeNodes = async () => {
    for (const node of running.splice(0).reverse()) await node.close();
  };
  try {
    const network = await openNetwork(stage, rpcUrl, artefacts, running);
    await registerAndSeal(round, network);
    narrator.chapter("Certification: a quorum of five signs what it computed");
    const first = await certifySnapshot(round, network, 3n);
    const consumer = await new HumansOnly__factory(round.deployer).deploy(stage.registry, network.scorerId);
    const proven = await proveCertified(stage, network, first, 1);
    await letIn(stage, proven, consumer, sybil);
    const drop = await farmThatPassed(stage, network, proven);
    narrator.chapter("The funding round closes: who is behind the donations");
    const findings = await analyseRound(stage, artefacts);
    await retune(stage, findings);
    narrator.chapter("The next certified epoch: scores by the new rules");
    await round.chain.pass(DAY);
    const certificate = await certifySnapshot(round, network, 4n);
    await dropFarm(stage, await proveCertified(stage, network, certificate, 2), drop);
    await closeNodes();
    await stage.service.close();
    narrator.chapter("The service is gone: a mirror restores what was certified");
    await restoreAndAsk(stage, network, certificate, artefacts);
    return { signers: certificate.metadata.signers.length, epoch: certificate.epoch, findings };
  } finally {
    await closeNodes();
  }
}

async function openNetwork(
  stage: PassportStage,
  rpcUrl: string,
  artefacts: string,
  running: { close(): Promise<void> }[],
): Promise<Network> {
  const { round, registry, scorerId, service, community, keeper } = stage;
  const { narrator, deployer, timelock, token, chain } = round;
  const verifier = await new StmVerifier__factory(deployer).deploy();
  const genesis = (await chain.now()) + 60;
  const contract = await new CertificateRegistry__factory(deployer).deploy({
    ...{ token, timelock, verifier, genesis, epochLength: DAY, firstAnchorUntil: 3 },
    parameters: registryParameters({ stm: TOY, minimumStake: 1n, minimumShare: 1 }),
  });
  const address = await contract.getAddress();
  const startBlock = await chain.provider.getBlockNumber();
  const bounds = { maxRootAge: 4, maxLifetime: MAX_LIFETIME, minRootInterval: DAY };
  await (await registry.createScorer(timelock, address, CERTIFICATES, bounds)).wait();
  const certified = await registry.scorerCount();
  narrator.step("community", `makes scorer ${certified}: only a certificate can anchor it`, "no operator, no key");

  const issuers = path.join(artefacts, "issuers.json");
  writeIssuers(issuers, community.issuer);
  const mirrors = service.url.replace("://", `://log:${SNAPSHOT_TOKEN}@`);
  const { chainId } = round.domain;
  const passportRegistry = await registry.getAddress();
  const folders = new Map<string, string>();
  const settings = {
    ...{ rpcUrl, chainId, registry: address, startBlock, mirrors, keepers: keeper, passportRegistry, issuers },
    ...{ confirmations: SNAPSHOT_CONFIRMATIONS, step: SNAPSHOT_STEP },
    ...{ maxLifetime: MAX_LIFETIME, pollMilliseconds: POLL },
  };
  const common = (prefix: "AGGREGATOR" | "SIGNER", name: string, scorers: string) => {
    const folder = path.join(artefacts, "nodes", name.toLowerCase());
    folders.set(name, path.join(folder, "log"));
    const logger = pino(createWriteStream(path.join(artefacts, `${name.toLowerCase()}.log`)));
    return { environment: nodeSettings(prefix, settings, { folder, scorers, port: 0 }), logger, folder };
  };
  const own = `${scorerId}:${certified}`;
  const { environment, logger } = common("AGGREGATOR", "aggregator", own);
  const key = await keyOf(round.relayer);
  const aggregator = await startAggregator(
    parseAggregatorConfig({ ...environment, AGGREGATOR_ACCOUNT_KEY: key, AGGREGATOR_LIMIT_SIGNATURES: "10000/60" }),
    { logger },
  );
  running.push(aggregator);
  const signers = new Map<string, RunningSigner>();
  for (const { name, signer } of round.stewards) {
    const node = common("SIGNER", name, name === ASTRAY ? `${scorerId}:${certified + 1_000n}` : own);
    const config = parseSignerConfig({
      ...node.environment,
      SIGNER_KEYS: path.join(node.folder, "keys"),
      SIGNER_PASSPHRASE: hexlify(randomBytes(32)),
      SIGNER_ACCOUNT_KEY: await keyOf(signer),
      SIGNER_AGGREGATORS: aggregator.url,
      SIGNER_SEAL_AFTER: "never",
    });
    const steward = await startSigner(config, { logger: node.logger });
    running.push(steward);
    signers.set(name, steward);
  }
  narrator.step("stewards", "run five signers and an aggregator", `${TOY.k} of ${TOY.m} lotteries: a toy`);
  await chain.pass(61);
  const gateway = new CertificateRegistryGateway(address, chain.provider, startBlock);
  const view = new RegistryView(chainId, gateway, chain.provider);
  return { gateway, view, aggregator, signers, folders, scorerId: certified };
}

async function registerAndSeal({ narrator, chain, stewards }: Round, network: Network): Promise<void> {
  const { gateway, signers, view } = network;
  for (const epoch of [1n, 2n]) {
    await until("all stewards register", async () => (await gateway.registrations(epoch)).length === stewards.length);
    const [first] = await gateway.registrations(epoch);
    const block = await chain.provider.getBlock(first?.blockNumber ?? 0);
    narrator.step(
      "five stewards",
      `register a key each in epoch ${epoch}, with proof and binding`,
      gas(block?.gasUsed ?? 0n),
    );
    if (epoch === 2n) await signers.get(DOWN)?.close();
    await chain.pass(DAY);
  }
  narrator.step(DOWN, "goes offline", "");
  await until("the epoch is sealed", async () => (await view.sealOf(2n)).status === "sealed");
  const seal = await view.sealOf(1n);
  if (seal.status !== "sealed") throw new Error("the first epoch was not sealed");
  narrator.step(
    "anyone",
    `has the contract seal epoch 1: ${seal.key.leaves} keys, the votes held all through it`,
    `total ${seal.key.totalStake.toLocaleString("en")}`,
  );
}

async function certifySnapshot(
  round: Round,
  { gateway, aggregator, signers, view }: Network,
  epoch: bigint,
): Promise<Certificate> {
  const { narrator, chain, stewards } = round;
  const certified = () => gateway.certifiedEpoch(epoch);
  await until("the stake distribution is certified", async () => (await certified()) !== undefined);
  // To the next step of the chain, at which everybody takes the snapshot.
  const head = await chain.provider.getBlockNumber();
  const wanted = head - (head % SNAPSHOT_STEP) + SNAPSHOT_STEP;
  await chain.send("hardhat_mine", [`0x${(wanted - head + SNAPSHOT_CONFIRMATIONS).toString(16)}`]);
  const snapshotBlock = async () => (await certified())?.snapshot?.snapshotBlock ?? 0n;
  await until("the snapshot is certified", async () => (await snapshotBlock()) >= wanted, 300);
  const stored = await aggregator.store.certificates({ limit: 100 });
  const certificates = stored.map(({ certificate }) => certificate).reverse();
  const certificate = certificates.at(-1);
  if (certificate?.content.kind !== "multisignature") throw new Error("the newest certificate is the snapshot's");
  const names = certificate.metadata.signers.map(
    ({ steward }) => stewards.find(({ address }) => address.toLowerCase() === steward)?.name ?? steward,
  );
  if (names.includes(DOWN) || names.includes(ASTRAY)) throw new Error(`${names.join()} cannot all have signed this`);
  // It may sign after the quorum: its own store says what, not the aggregator's.
  const { entity, message } = certificate.content;
  const signedAstray = () => signers.get(ASTRAY)?.signed.signed(entityKey(entity));
  await until(`${ASTRAY} signs too`, async () => (await signedAstray()) !== undefined);
  const other = await signedAstray();
  if (other?.message === certificateMessageHash(message)) throw new Error(`${ASTRAY} was to compute another root`);
  narrator.step(names.join(", "), "verified every credential, scored anew, and signed one root", "");
  narrator.step(ASTRAY, "signs another root: it counts for nothing", "");
  const trusted = { registry: view.registry, anchors: await view.anchors() };
  const { ok, verdicts } = verifyCertificates(certificates, trusted);
  if (!ok) throw new Error("the chain of certificates does not verify");
  narrator.step(
    "anyone",
    `verifies the chain of ${verdicts.length} certificates back to its anchor`,
    "every one holds",
  );
  return certificate;
}

/** The certified trees, from the copy of one steward who signed them; and the scorer's root, anchored by certificate. */
async function proveCertified(
  { round, registry, scorerId: inLog }: PassportStage,
  network: Network,
  certificate: Certificate,
  rootNumber: number,
) {
  const { view, folders, scorerId } = network;
  const { content, epoch } = certificate;
  if (content.kind !== "multisignature" || content.message.scores === undefined) throw new Error("it is about scores");
  const { snapshotDigest, snapshotBlock, scoresRoot } = content.message.scores;
  const folder = new SnapshotFolder(folders.get("Ada") ?? "");
  const manifest = await folder.manifest(snapshotDigest);
  const block = await view.block(snapshotBlock);
  if (manifest === undefined || block === undefined) throw new Error("Ada keeps what she signed");
  const log = new SignerLog({ trust: null });
  await log.advance(folder, manifest);
  const scorers = new Map([[inLog, scorerId]]);
  const passportRegistry = { chainId: round.domain.chainId, address: await registry.getAddress() };
  const agreed = { scorers, registry: passportRegistry, maxLifetime: MAX_LIFETIME };
  const computed = certifiedScores(log.replay, block, agreed);
  const certified = computed?.scorers.get(scorerId);
  if (computed?.tree.root !== scoresRoot || certified === undefined) throw new Error("the certified root is another");
  const passports = new PassportRegistryGateway(await registry.getAddress(), round.chain.provider);
  const step = await passports.anchorCertified(certified, epoch, computed.tree.proofOf(scorerId) ?? []);
  if (!("call" in step)) throw new Error(step.done);
  const { gasUsed } = await sendCall(round.relayer, step.call);
  const count = certified.entry.count.toLocaleString("en");
  round.narrator.step("anyone", `anchors the certified root: ${count} scores, and no operator signed`, gas(gasUsed));
  return { certified, scorerId, rootNumber };
}

async function letIn(
  { round, registry }: PassportStage,
  { certified, scorerId, rootNumber }: Proven,
  consumer: Awaited<ReturnType<HumansOnly__factory["deploy"]>>,
  sybil: HDNodeWallet,
): Promise<void> {
  const { narrator, relayer, chain, stewards } = round;
  const [human] = stewards;
  if (human === undefined) throw new Error("there are stewards");
  for (const account of [human.address, sybil.address]) {
    await bringIn({ registry, relayer }, { certified, scorerId, rootNumber }, account);
  }
  const joined = await (await consumer.connect(human.signer).join()).wait();
  narrator.step(human.name, "asks a contract that trusts certificates alone", `let in, ${gas(joined?.gasUsed ?? 0n)}`);
  const join = await consumer.join.populateTransaction();
  const answer = await refusalOf(chain.provider, { ...join, from: sybil.address }, [consumer.interface]);
  if (answer === undefined || errorName(answer) !== "NotHuman") throw new Error(`the Sybil was answered ${answer}`);
  narrator.step("Sybil", "asks too", `refused: ${answer.slice(0, 50)}…`);
}

type Proven = Awaited<ReturnType<typeof proveCertified>>;

/** Anybody brings in anybody's leaf of the certified tree. */
async function bringIn(
  { registry, relayer }: { readonly registry: PassportRegistry; readonly relayer: Signer },
  { certified, scorerId, rootNumber }: Proven,
  account: string,
) {
  const leaf = proveScore(certified.tree, account.toLowerCase());
  if (leaf === undefined) throw new Error("everybody who had a score has a leaf");
  const { score, expiresAt, proof } = leaf;
  const sent = await registry.connect(relayer).submitScore(scorerId, account, score, expiresAt, rootNumber, proof);
  return { score, gasUsed: (await sent.wait())?.gasUsed ?? 0n };
}

/** An account of a farm, which has what the scorer asks for, is as human as anybody before the round is analysed. */
async function farmThatPassed({ round, registry, donors }: PassportStage, { scorerId }: Network, proven: Proven) {
  const { weights, threshold } = parseRules(RULES);
  const points = (row: number) =>
    [...(donors.tables.stamps[row] ?? [])].reduce((sum, stamp) => sum + (weights.get(stamp) ?? 0), 0);
  const row = donors.farms.findIndex((farm, at) => farm?.startsWith("copy") === true && points(at) >= threshold);
  const account = donors.accounts[row];
  if (account === undefined) throw new Error("some of the farm pass at first");
  const { score } = await bringIn({ registry, relayer: round.relayer }, proven, account);
  if (!(await registry["isHuman(uint256,address)"](scorerId, account))) throw new Error("it passes at first");
  round.narrator.step(
    "a farm's account",
    `is human too, with ${score / 10_000} points that it bought`,
    "isHuman: true",
  );
  return account;
}

async function dropFarm({ round, registry }: PassportStage, proven: Proven, account: string): Promise<void> {
  const { score, gasUsed } = await bringIn({ registry, relayer: round.relayer }, proven, account);
  const [human] = round.stewards;
  const isHuman = (who: string) => registry["isHuman(uint256,address)"](proven.scorerId, who);
  if (await isHuman(account)) throw new Error("the farm's account is human still");
  round.narrator.step("anyone", `brings in the drop of the farm's account: ${score / 10_000} points`, gas(gasUsed));
  round.narrator.step("a contract", "asks about that account", "isHuman: false");
  await bringIn({ registry, relayer: round.relayer }, proven, human?.address ?? "");
  if (!(await isHuman(human?.address ?? ""))) throw new Error("new rules cost a person of the story the score");
  round.narrator.step("a contract", `asks about ${human?.name}`, "isHuman: true");
}

/** Everything from a mirror that nobody trusts, held against the certificate's digest, and served without a chain. */
async function restoreAndAsk(
  { round, scorerId }: PassportStage,
  { folders }: Network,
  { content }: Certificate,
  artefacts: string,
): Promise<void> {
  const { narrator, stewards } = round;
  const [human] = stewards;
  if (content.kind !== "multisignature" || content.message.scores === undefined || human === undefined) return;
  const logger = pino(createWriteStream(path.join(artefacts, "mirror.log")));
  const mirror = await startMirror(
    { folder: folders.get("Grace") ?? "", host: "127.0.0.1", port: 0, stamps: true },
    { logger },
  );
  const database = path.join(artefacts, "restored-database");
  try {
    const folder = new SnapshotFolder(path.join(artefacts, "restored-chunks"));
    const { snapshotDigest: digest } = content.message.scores;
    const started = performance.now();
    const manifest = await downloadSnapshot([new HttpMirror({ url: mirror.url })], folder, { digest });
    await restoreSnapshot(folder, manifest, { kind: "folder", folder: database });
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    narrator.step(
      "a mirror",
      `gives ${manifest.sequence.toLocaleString("en")} entries; their digest is the certified one`,
      `${seconds} s`,
    );
  } finally {
    await mirror.close();
  }
  const config = parsePassportServiceConfig({
    PASSPORT_PORT: "0",
    PASSPORT_CHAIN_ID: round.domain.chainId.toString(),
    PASSPORT_DATA: database,
    PASSPORT_ISSUERS: path.join(artefacts, "issuers.json"),
    PASSPORT_SESSION_SECRET: randomBytes(32).toString("hex"),
  });
  const service = await startPassportService(config, { logger });
  try {
    const { text: key } = await service.keys.create("an integrator", ["scores"], null);
    const url = `${service.url}/v2/stamps/${scorerId}/score/${human.address}`;
    const answer = await fetch(url, { headers: { "x-api-key": key } });
    const { score, passing_score: passing } = (await answer.json()) as { score: string; passing_score: boolean };
    if (!answer.ok || !passing) throw new Error(`the restored service answers ${answer.status}`);
    narrator.step(
      "an integrator",
      `asks the restored service about ${human.name}, without a chain`,
      `${score} points, passes`,
    );
  } finally {
    await service.close();
  }
}

/** The private key of one of the accounts that every development chain funds. */
async function keyOf(signer: { getAddress(): Promise<string> }): Promise<string> {
  return developmentAccount(await signer.getAddress()).privateKey;
}
