// `npm run bench:network [-- --json FILE]`: the work of an epoch of 300 stewards at the default parameters on one machine, waiting for
// the epoch left out. Chain and aggregator are processes of their own, as operators start them. The 300 signers are one process: keys,
// registrations, signatures and what they send come from the signer's own code, but 300 times the same look at the chain is left out.
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

import { id, toBeHex, Wallet } from "ethers";

import { certificateMessageHash } from "../../src/certificates/certificate-message.js";
import { signedBytes } from "../../src/certificates/message.js";
import { sealEpoch } from "../../src/chain/seal-epoch.js";
import type { SentCall } from "../../src/chain/send-call.js";
import { RegistryView } from "../../src/chain/steward-chain.js";
import { HttpAggregator } from "../../src/http/aggregator-client/http-aggregator.js";
import { HttpPublisher } from "../../src/http/aggregator/http-publisher.js";
import { trustedChain, verifySource } from "../../src/nodes/client/verify-source.js";
import { composeMessage } from "../../src/nodes/protocol/compose-message.js";
import { readEpoch } from "../../src/nodes/protocol/epoch-keys.js";
import type { SignatureMessage } from "../../src/nodes/protocol/signature-message.js";
import { sign } from "../../src/stm/sign.js";
import { freePort } from "../../test/support/child-node.js";
import { deployStewardNetwork, register, signingKeyOf, startOf, TOKEN } from "../../test/support/steward-network.js";
import { until } from "../demo/until.js";
import { startChain } from "../devnet/chain.js";
import { Supervisor } from "../devnet/supervisor.js";

const STM = { k: 619n, m: 4994n, phiF: 0.2 };
const GOAL_SECONDS = 120;
/** Requests under way at once: as many stewards are busy at the same time. */
const LANES = 8;
/** The epoch in which the keys of epoch 1 sign. */
const SIGNING = 3n;

const { values } = parseArgs({ options: { json: { type: "string" }, stewards: { type: "string", default: "300" } } });
const count = Number(values.stewards);

interface Phase {
  readonly phase: string;
  readonly seconds: number;
}
const phases: Phase[] = [];

async function phase<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1_000;
  phases.push({ phase: name, seconds });
  console.log(`${name.padEnd(60)} ${seconds.toFixed(1)} s`);
  return result;
}

/** Does something for each, so many at once, in order of the list. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

const folder = await mkdtemp(path.join(tmpdir(), "touchstone-network-"));
const supervisor = new Supervisor(path.join(folder, "logs"));

async function measure() {
  const chain = await startChain(supervisor);
  const { provider, time } = chain;
  const stewards = Array.from({ length: count }, (_, i) => new Wallet(id(`touchstone bench steward ${i}`), provider));
  await inLanes(stewards, ({ address }) => provider.send("anvil_setBalance", [address, toBeHex(10n ** 21n)]));
  const [deployer, timelock] = [chain.account(0), chain.account(1)];
  const startBlock = await provider.getBlockNumber();
  const network = await deployStewardNetwork([deployer, timelock], stewards, provider, time, {
    ...{ stm: STM, minimumStake: 1n, minimumShare: 5_000 },
    // Between 1 and 10,000 tokens, spread evenly.
    votes: (index) => (1n + ((BigInt(index) * 7_919n) % 9_999n)) * TOKEN,
  });
  const { gateway } = network;
  const view = new RegistryView(chain.chainId, gateway, provider);

  const registrations: SentCall[] = [];
  const seals: SentCall[] = [];
  // Two epochs: a certificate says who signs in the next one.
  for (const [epoch, about] of [
    [1n, "keys that sign"],
    [2n, "next keys"],
  ] as const) {
    const sent = await phase(`registration of ${count} ${about}, with proof and binding`, () =>
      inLanes(stewards, (steward) => register(network, steward, epoch)),
    );
    registrations.push(...sent);
    await time.increaseTo((await startOf(network, epoch + 1n)) + 1n);
    const { sent: pages } = await phase(`sealing of ${count} ${about} by the contract`, () =>
      sealEpoch(gateway, epoch, deployer),
    );
    seals.push(...pages);
  }

  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const account = chain.account(7);
  const aggregator = supervisor.add({
    name: "aggregator",
    command: [process.execPath, "--import", "tsx", "src/bin/aggregator.ts"],
    environment: {
      ...{ AGGREGATOR_PORT: `${port}`, AGGREGATOR_RPC_URL: chain.url, AGGREGATOR_CHAIN_ID: `${chain.chainId}` },
      ...{ AGGREGATOR_REGISTRY: gateway.address, AGGREGATOR_START_BLOCK: `${startBlock}` },
      ...{ AGGREGATOR_DATA: path.join(folder, "aggregator"), AGGREGATOR_ACCOUNT_KEY: account.privateKey },
      ...{ AGGREGATOR_WITHOUT_LOG: "true", AGGREGATOR_POLL_MILLISECONDS: "100" },
      ...{ AGGREGATOR_LIMIT_SIGNATURES: "100000/60", AGGREGATOR_LIMIT_ADDRESS: "100000/60" },
    },
    isUp: async () => (await fetch(`${url}/health`)).ok,
  });
  const opened = aggregator.says(({ msg }) => msg === "message opened");
  await aggregator.start();
  const epoch = await phase("a node reads the stewards of both epochs", async () => {
    const read = await readEpoch(view, SIGNING);
    if ("reason" in read) throw new Error(`nothing can be signed: ${read.reason}`);
    return read;
  });
  await opened;
  const hash = certificateMessageHash(composeMessage(view.registry, epoch));
  const signatures = await phase(`${count} signatures, ${STM.m} lotteries each`, () => {
    const made = stewards.flatMap(({ address }): SignatureMessage[] => {
      const signature = sign(signingKeyOf(address, 1n), signedBytes(hash), epoch.keys.registration, STM);
      const about = { epoch: SIGNING, entity: `stake-distribution-${SIGNING}`, message: hash };
      const steward = address.toLowerCase();
      return signature === undefined ? [] : [{ ...about, steward, signature, software: "0.1.0" }];
    });
    return Promise.resolve(made);
  });
  const certified = aggregator.says(({ msg }) => msg === "certificate made");
  const outcomes = await phase("aggregator: every signature received, until the quorum's certificate", async () => {
    const publisher = new HttpPublisher({ url, software: "0.1.0", timeoutMilliseconds: 60_000 });
    const sent = await inLanes(signatures, (signature) => publisher.publish(signature));
    await certified;
    return sent;
  });
  await phase("the registry verifies it and takes it", () =>
    until("the certificate is on the chain", async () => (await gateway.certifiedEpoch(SIGNING)) !== undefined),
  );
  const report = await phase("anybody verifies it back to the anchor", async () => {
    const found = await verifySource(new HttpAggregator({ url }), await trustedChain(view), { registry: view });
    if (!found.report.ok) throw new Error("the certificate does not verify");
    return found.report;
  });
  const certificate = report.certificates.at(-1);
  return {
    registrations: registrations.map(({ gasUsed }) => Number(gasUsed)),
    seals: seals.map(({ gasUsed }) => Number(gasUsed)),
    certify: await gasOfLast(provider, account.address, gateway.address),
    certificate: { signers: certificate?.signers ?? 0, indices: certificate?.indices ?? 0 },
    taken: outcomes.filter((outcome) => outcome === "taken").length,
    late: outcomes.filter((outcome) => outcome === "late").length,
  };
}

/** Gas of the newest transaction from an account to a contract. */
async function gasOfLast(
  provider: Awaited<ReturnType<typeof startChain>>["provider"],
  from: string,
  to: string,
): Promise<number> {
  for (let number = await provider.getBlockNumber(); number > 0; number--) {
    const block = await provider.getBlock(number, true);
    const found = block?.prefetchedTransactions.find((one) => one.from === from && one.to === to);
    const receipt = found === undefined ? null : await provider.getTransactionReceipt(found.hash);
    if (receipt?.status === 1) return Number(receipt.gasUsed);
  }
  throw new Error("no such transaction");
}

try {
  const { registrations, seals, certify, ...rest } = await Promise.race([measure(), supervisor.failed]);
  const seconds = phases.reduce((sum, one) => sum + one.seconds, 0);
  const mean = Math.round(registrations.reduce((sum, gas) => sum + gas, 0) / registrations.length);
  const report = {
    ...{ format: "touchstone-network-v1", command: "npm run bench:network", cpu: cpus()[0]?.model ?? "unknown" },
    ...{ cores: cpus().length, node: process.versions.node, stewards: count },
    parameters: { k: Number(STM.k), m: Number(STM.m), phiF: STM.phiF },
    phases,
    ...{ seconds, goal: GOAL_SECONDS, met: seconds < GOAL_SECONDS },
    gas: { register: mean, seal: seals, certify },
    ...rest,
  };
  console.log(`${"work in all".padEnd(60)} ${seconds.toFixed(1)} s, goal ${GOAL_SECONDS} s`);
  console.log(`gas: register ${mean}, seal ${seals.join(" + ")}, certify ${certify}`);
  console.log(
    `${rest.certificate.signers} signers in the certificate, ${rest.certificate.indices} indices; ${rest.taken} signatures taken, ${rest.late} late`,
  );
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await supervisor.stopAll();
  await rm(folder, { recursive: true, force: true });
}
process.exit();
