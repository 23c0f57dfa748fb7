import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import path from "node:path";

import { pino } from "pino";
import { getAddress, hexlify } from "ethers";

import { startPassportService, type RunningPassportService } from "../../src/bin/start-passport-service.js";
import { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { sendCall } from "../../src/chain/send-call.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { BanIndex } from "../../src/passport/bans.js";
import { issueStamp } from "../../src/passport/issue.js";
import { collectStamps } from "../../src/passport/providers/registry.js";
import { RevocationIndex } from "../../src/passport/revocations.js";
import { memorySigner } from "../../src/passport/signature.js";
import type { Submission } from "../../src/scoring/service/passport-service.js";
import { formatPoints } from "../../src/scoring/rules/points.js";
import {
  HumansOnly__factory,
  PassportRegistry__factory,
  type HumansOnly,
  type PassportRegistry,
} from "../../typechain-types/index.js";
import { errorName, refusalOf } from "./attempt.js";
import { foundCommunity, PROVIDERS, RULES, type Community } from "./community.js";
import { inviteDonors, type Donors } from "./donors.js";
import { gas } from "./narrator.js";
import type { Round } from "./round.js";

const DAY = 86_400;
const count = (value: number) => value.toLocaleString("en");
/** Who came to the assembly, the first three of the story included. */
const VISITORS = 4_000;
const CLIENTS = 100;
/** Snapshots of the log are taken at multiples of so many blocks, so many below the head. */
export const SNAPSHOT_STEP = 1_000;
export const SNAPSHOT_CONFIRMATIONS = 2;
/** Who has it may have the stamps: the stewards. */
export const SNAPSHOT_TOKEN = randomBytes(16).toString("hex");

export interface PassportStage {
  readonly round: Round;
  readonly community: Community;
  readonly service: RunningPassportService;
  readonly registry: PassportRegistry;
  readonly consumer: HumansOnly;
  readonly scorerId: number;
  readonly registryId: bigint;
  /** Whose signature the passport log carries. */
  readonly keeper: string;
  readonly donors: Donors;
}

/** People collect stamps, a scorer scores them, one root anchors them all, and a contract asks who is human. The service runs on. */
export async function passportChapters(round: Round, rpcUrl: string, artefacts: string) {
  const { narrator } = round;
  narrator.chapter("Passport: people collect stamps");
  const stage = await openPassports(round, rpcUrl, artefacts);
  try {
    const [steward] = round.stewards;
    if (steward === undefined) throw new Error("the walk-through has stewards");
    const sybil = await round.person(21);
    const copy = await round.person(23);
    const tickets = stage.community.tickets;
    const human = await submit(stage, steward.name, steward.address, tickets[0]);
    const cheap = await submit(stage, "Sybil", sybil.address, "found in a bin");
    const duplicate = await submit(stage, "second account", copy.address, tickets[0]);
    tellDuplicate(stage, duplicate);
    if (!human.score.passing || cheap.score.passing || duplicate.score.passing)
      throw new Error("the verdicts are wrong");

    const scored = await scoreMembers(stage);
    narrator.chapter("The chain: one transaction for everybody, one question for a contract");
    const perPassport = await anchorAll(stage);
    await letIn(stage, steward.name, steward.signer, sybil);
    return { scored, perPassport, sybil, stage };
  } catch (error) {
    await stage.service.close();
    throw error;
  }
}

async function openPassports(round: Round, rpcUrl: string, artefacts: string): Promise<PassportStage> {
  const { narrator, deployer, timelock } = round;
  const community = await foundCommunity(round, VISITORS);
  const operatorKey = randomBytes(32);
  const operator = memorySigner(operatorKey);
  const logKey = randomBytes(32);
  const registry = await new PassportRegistry__factory(deployer).deploy(timelock);
  const settings = { maxRootAge: 4, maxLifetime: 90 * DAY, minRootInterval: DAY };
  const made = await (await registry.createScorer(timelock, operator.address, 0, settings)).wait();
  const registryId = await registry.scorerCount();
  const consumer = await new HumansOnly__factory(deployer).deploy(registry, registryId);
  narrator.step(
    "community",
    `makes scorer ${registryId} in the registry, in one transaction`,
    gas(made?.gasUsed ?? 0n),
  );

  const config = parsePassportServiceConfig({
    PASSPORT_PORT: "0",
    PASSPORT_CHAIN_ID: round.domain.chainId.toString(),
    PASSPORT_RPC_URL: rpcUrl,
    PASSPORT_DATA: path.join(artefacts, "passport-database"),
    PASSPORT_ISSUERS: "unused: the issuer is handed over",
    PASSPORT_REGISTRY: await registry.getAddress(),
    PASSPORT_OPERATOR_KEY: hexlify(operatorKey),
    PASSPORT_SESSION_SECRET: randomBytes(32).toString("hex"),
    PASSPORT_SNAPSHOTS: path.join(artefacts, "snapshots"),
    PASSPORT_LOG_KEY: hexlify(logKey),
    PASSPORT_SNAPSHOT_STEP: `${SNAPSHOT_STEP}`,
    PASSPORT_SNAPSHOT_CONFIRMATIONS: `${SNAPSHOT_CONFIRMATIONS}`,
    PASSPORT_SNAPSHOT_POLL_MILLISECONDS: "100",
    PASSPORT_SNAPSHOT_TOKEN: SNAPSHOT_TOKEN,
  });
  const ahead = (await round.chain.now()) * 1_000 - Date.now();
  const service = await startPassportService(config, {
    logger: pino(createWriteStream(path.join(artefacts, "passport-service.log"))),
    clock: { now: () => Date.now() + ahead },
    verification: (now) => ({
      now,
      issuers: community.issuers,
      bans: new BanIndex(),
      revocations: RevocationIndex.EMPTY,
    }),
  });
  narrator.step("passport service", "listens, on a database of its own", service.url);
  const authorship = { author: "the assembly", reason: "presence and votes, not money" };
  const { id } = await service.service.createScorer({ name: "Example", rules: RULES, ...authorship });
  await service.service.linkRegistry(id, registryId);
  narrator.step(
    "scorer",
    `asks for ${RULES.threshold} points: a ticket 15.5, a vote 6.25, other issuers' stamps 4 to 12, a balance 1.5`,
    "",
  );
  const keeper = getAddress(memorySigner(logKey).address);
  const donors = inviteDonors(await round.chain.now());
  return { round, community, service, registry, consumer, scorerId: id, registryId, keeper, donors };
}

/** Collects what the providers grant, submits it, and reads the score over HTTP as an integrator does. */
async function submit(stage: PassportStage, who: string, account: string, ticket = ""): Promise<Submission> {
  const { round, community, service, scorerId } = stage;
  const request = { account: getAddress(account), now: await round.chain.now(), proofs: { ticket } };
  const stamps = await collectStamps(community.providers, PROVIDERS, request, community.issuer, community.bans);
  const credentials = stamps.flatMap((stamp) => (stamp.status === "issued" ? [stamp.credential] : []));
  const submission = await service.service.submit(scorerId, account.toLowerCase(), credentials);
  const { score } = submission;
  const counted = submission.results.filter(({ status }) => status === "counted").map(({ provider }) => provider);
  const points = score.score === null ? "no score" : `${formatPoints(score.score)} points`;
  round.narrator.step(who, `shows ${counted.join(", ")}`, `${points}, ${score.passing ? "passes" : "does not pass"}`);
  return submission;
}

function tellDuplicate({ round }: PassportStage, { results }: Submission): void {
  const dedup = results.find(({ status }) => status === "duplicate")?.dedup;
  if (!dedup) throw new Error("the copied ticket was not found out");
  const until = new Date(dedup.releasesAt * 1_000).toISOString().slice(0, 10);
  round.narrator.step("", "is told: the ticket's stamp belongs to another account", `${dedup.owner}, until ${until}`);
}

/** Everybody else who came to the assembly, and everybody who will give in the funding round, a hundred at a time. */
async function scoreMembers(stage: PassportStage): Promise<number> {
  const { round, community, service, scorerId, donors } = stage;
  const now = await round.chain.now();
  const { narrator } = round;
  const visitors = Array.from({ length: VISITORS - 3 }, (_, at) => ({
    account: getAddress(hexlify(randomBytes(20))),
    stamps: [{ provider: PROVIDERS[0] as string, evidence: { ticket: community.tickets[at + 1] ?? "" } }],
  }));
  const counted = new Set(Object.keys(RULES.weights));
  const giving = donors.accounts.map((account, row) => ({
    account,
    stamps: [...(donors.tables.stamps[row] ?? [])]
      .filter((provider) => counted.has(provider))
      .map((provider) => ({ provider, evidence: { account: account.toLowerCase() } })),
  }));
  const members = [...visitors, ...giving.filter(({ stamps }) => stamps.length > 0)];
  const stamps = members.reduce((sum, member) => sum + member.stamps.length, 0);
  const what = `${count(visitors.length)} visitors and ${count(giving.length)} donors of a funding round show stamps`;
  narrator.step("members", what, "this takes a while ...");
  const started = performance.now();
  let next = 0;
  const client = async () => {
    for (let member = members[next++]; member !== undefined; member = members[next++]) {
      const { account } = member;
      const issued = await Promise.all(
        member.stamps.map((stamp) => issueStamp({ ...stamp, account }, community.issuer, community.bans, now)),
      );
      const credentials = issued.map((stamp) => {
        if (stamp.status !== "issued") throw new Error(`a stamp was not issued: ${stamp.status}`);
        return stamp.credential;
      });
      await service.service.submit(scorerId, account.toLowerCase(), credentials);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - started) / 1_000;
  const rate = `${Math.round(stamps / seconds)} a second`;
  narrator.step("passport service", `has checked ${count(stamps)} signatures, de-duplicated and scored`, rate);
  return members.length + 3;
}

async function anchorAll({ round, service, registry, scorerId, registryId }: PassportStage): Promise<number> {
  const { narrator, chain, relayer } = round;
  if (service.anchors === null) throw new Error("the passport service knows its registry");
  const started = performance.now();
  const prepared = await service.anchors.prepareAnchor(scorerId, { number: 1 });
  const took = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
  narrator.step("operator", `signs the root of ${prepared.count.toLocaleString("en")} scores`, took);
  // The chain's clock may lag a second behind the service's, and a root from the future is refused.
  await chain.pass(2);
  const gateway = new PassportRegistryGateway(await registry.getAddress(), chain.provider);
  const step = await gateway.anchor({ anchor: prepared, signature: prepared.signature });
  if (!("call" in step)) throw new Error(step.done);
  const { gasUsed } = await sendCall(relayer, step.call);
  const each = Number(gasUsed) / Number(prepared.count);
  narrator.step("anyone", `anchors them in one transaction, ${each.toFixed(1)} gas for each`, gas(gasUsed));
  if ((await registry.rootOf(registryId, 1)) !== prepared.root) throw new Error("the root is not the registry's");
  return each;
}

/** Brings both leaves in, and lets the consumer contract judge. */
async function letIn(
  stage: PassportStage,
  name: string,
  human: Round["stewards"][number]["signer"],
  sybil: Awaited<ReturnType<Round["person"]>>,
): Promise<void> {
  const { round, service, registry, consumer, scorerId, registryId } = stage;
  const { narrator, chain } = round;
  for (const [who, account] of [
    [name, await human.getAddress()],
    ["Sybil", sybil.address],
  ] as const) {
    const leaf = await service.anchors?.proofOf(scorerId, account);
    if (leaf === undefined) throw new Error("there is a proof");
    const sent = await registry
      .connect(round.relayer)
      .submitScore(registryId, account, leaf.score, leaf.expiresAt, leaf.rootNumber, leaf.proof);
    narrator.step(
      "anyone",
      `brings in the leaf of ${who}: ${leaf.score / 10_000} points`,
      gas((await sent.wait())?.gasUsed ?? 0n),
    );
  }
  const joined = await (await consumer.connect(human).join()).wait();
  narrator.step(name, "asks a contract to let people in only", `let in, ${gas(joined?.gasUsed ?? 0n)}`);
  const join = await consumer.join.populateTransaction();
  const answer = await refusalOf(chain.provider, { ...join, from: sybil.address }, [consumer.interface]);
  if (answer === undefined || errorName(answer) !== "NotHuman") {
    throw new Error(`the Sybil was answered ${answer ?? "welcome"}`);
  }
  narrator.step("Sybil", "asks too", `refused: ${answer.slice(0, 50)}…`);
}
