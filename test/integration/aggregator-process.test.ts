import { expect } from "chai";
import type { JsonRpcProvider } from "ethers";

import { API_VERSION } from "../../src/nodes/protocol/api-version.js";
import { certificateMessageHash } from "../../src/certificates/certificate-message.js";
import { certificateFromJson } from "../../src/certificates/certificate-json.js";
import { signedBytes } from "../../src/certificates/message.js";
import { verifyCertificates } from "../../src/certificates/verify.js";
import { RegistryView } from "../../src/chain/steward-chain.js";
import { composeMessage } from "../../src/nodes/protocol/compose-message.js";
import { readEpoch } from "../../src/nodes/protocol/epoch-keys.js";
import { signatureToJson } from "../../src/nodes/protocol/signature-message.js";
import { sign } from "../../src/stm/sign.js";
import { startNode, type ChildNode } from "../support/child-node.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { startAggregatorProcess, type AggregatorProcess } from "../support/nodes/aggregator-process.js";
import { developmentWallet } from "../support/development-wallet.js";
import { deployStewardNetwork, register, signingKeyOf, startOf, TOKEN } from "../support/steward-network.js";

// Nobody reaches the quorum alone, and all together do.
const STM = { k: 36n, m: 60n, phiF: 0.8 };
const VOTES = [400n, 200n, 100n, 300n].map((tokens) => tokens * TOKEN);

const clockOf = (provider: JsonRpcProvider) => ({
  latest: async () => (await provider.getBlock("latest"))!.timestamp,
  increaseTo: async (time: number | bigint) => {
    await provider.send("evm_setNextBlockTimestamp", [Number(time)]);
    await provider.send("evm_mine", []);
  },
});

describe("an aggregator's process on a chain", function () {
  this.timeout(90_000);
  let node: ChildNode | undefined;
  let running: AggregatorProcess | undefined;
  let follower: AggregatorProcess | undefined;
  let database: TestDatabase | undefined;
  let copy: TestDatabase | undefined;

  after(async () => {
    await running?.end("SIGKILL");
    await follower?.end("SIGKILL");
    await node?.stop();
    await database?.drop();
    await copy?.drop();
  });

  it("aggregator/survives-kill: certifies what stewards sign, though it is killed in the middle and signatures come twice and in any order", async () => {
    node = await startNode("anvil");
    const { provider } = node;
    const accounts = await Promise.all(Array.from({ length: 7 }, (_, n) => provider.getSigner(n)));
    const stewards = accounts.slice(2, 6);
    const time = clockOf(provider);
    const made = await deployStewardNetwork(accounts, stewards, provider, time, {
      ...{ stm: STM, minimumStake: 1n, minimumShare: 1 },
      votes: (index) => VOTES[index]!,
    });
    const { gateway } = made;
    for (const epoch of [1n, 2n]) {
      for (const steward of stewards) await register(made, steward, epoch);
      await time.increaseTo((await startOf(made, epoch + 1n)) + 1n);
    }
    const { chainId } = await provider.getNetwork();
    database = await engines[0]!.create();
    const environment = {
      AGGREGATOR_RPC_URL: node.url,
      AGGREGATOR_CHAIN_ID: chainId.toString(),
      AGGREGATOR_REGISTRY: gateway.address,
      AGGREGATOR_PORT: "0",
      AGGREGATOR_POLL_MILLISECONDS: "100",
      AGGREGATOR_WITHOUT_LOG: "true",
      AGGREGATOR_RETAINED_EPOCHS: "2",
      AGGREGATOR_ACCOUNT_KEY: developmentWallet(6).privateKey,
      AGGREGATOR_DATA: database.location.kind === "folder" ? database.location.folder : "",
    };
    running = await startAggregatorProcess(environment);
    // It seals the registrations of both epochs by itself, and opens the message.
    await until(async () => (await ask("/v1/messages")).items.length === 1);

    const chain = new RegistryView(chainId, gateway, provider);
    const view = await readEpoch(chain, 3n);
    if ("reason" in view) throw new Error(view.reason);
    const hash = certificateMessageHash(composeMessage(chain.registry, view));
    const documents = stewards.flatMap(({ address }) => {
      const key = signingKeyOf(address, 1n);
      const signature = sign(key, signedBytes(hash), view.keys.registration, STM);
      const steward = address.toLowerCase();
      const about = { epoch: 3n, entity: "stake-distribution-3", message: hash, steward, software: "1.0.0" };
      return signature === undefined ? [] : [signatureToJson({ ...about, signature })];
    });
    const [first, ...others] = documents;
    expect(await send(first)).to.equal(201);
    expect(await send(first), "twice").to.equal(201);
    await running.end("SIGKILL");
    running = await startAggregatorProcess(environment);
    await until(async () => (await ask("/v1/status")).machine.state === "SIGNING");
    const [open] = (await ask("/v1/messages")).items as unknown as { signers: string[] }[];
    expect(open!.signers, "the signature outlived the process").to.deep.equal([first!.steward]);
    for (const document of others.reverse()) expect(await send(document)).to.be.oneOf([201, 410]);
    await until(async () => (await gateway.certifiedEpoch(3n)) !== undefined);

    const list = (await ask("/v1/certificates")).items as unknown as { hash: string; onChain: string }[];
    expect(list.map(({ onChain }) => onChain)).to.deep.equal(["anchored", "anchored"]);
    const certificates = [];
    for (const one of list) certificates.push((await ask(`/v1/certificates/${one.hash}`)).certificate);
    const parsed = certificates.map((document) => certificateFromJson(document, "certificate"));
    const trusted = { registry: chain.registry, anchors: await chain.anchors() };
    expect(verifyCertificates(parsed, trusted).ok).to.equal(true);
    expect(await send(first)).to.equal(410);

    // A second one, without account and log, has the same chain soon.
    copy = await engines[0]!.create();
    const { AGGREGATOR_ACCOUNT_KEY: _, ...shared } = environment;
    follower = await startAggregatorProcess({
      ...{ ...shared, AGGREGATOR_LEADER_URL: running.url },
      AGGREGATOR_DATA: copy.location.kind === "folder" ? copy.location.folder : "",
    });
    const { url } = follower;
    await until(async () => (await ask("/v1/certificates", url)).items.length === list.length);
    const taken = (await ask("/v1/certificates", url)).items as unknown as { hash: string }[];
    expect(taken.map(({ hash }) => hash)).to.deep.equal(list.map(({ hash }) => hash));
    expect(await follower.end("SIGTERM")).to.equal(0);
    expect(await running.end("SIGTERM"), "ends in peace").to.equal(0);
  });

  async function ask(path: string, url = running!.url) {
    const answer = await fetch(url + path);
    return (await answer.json()) as { items: object[]; machine: { state: string }; certificate: unknown };
  }

  async function send(document: unknown): Promise<number> {
    const headers = { "content-type": "application/json", "touchstone-api-version": API_VERSION };
    const body = JSON.stringify(document);
    return (await fetch(`${running!.url}/v1/signatures`, { method: "POST", headers, body })).status;
  }
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 40_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error("it does not happen");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
