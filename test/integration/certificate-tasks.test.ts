import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { getBytes, id as hashOf } from "ethers";

import { genesisCertificate, makeCertificate, NO_PREDECESSOR } from "../../src/certificates/certificate.js";
import { certificateFromJson, certificateToJson } from "../../src/certificates/certificate-json.js";
import { certificateMessageHash } from "../../src/certificates/certificate-message.js";
import { signedBytes } from "../../src/certificates/message.js";
import { CertificateRegistryGateway } from "../../src/chain/certificate-registry.js";
import { DatabaseLogSource } from "../../src/database/snapshot-log.js";
import { summaryToWire } from "../../src/http/aggregator/wire.js";
import { createSnapshot } from "../../src/snapshots/create.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { aggregate } from "../../src/stm/aggregate.js";
import { proofToHex } from "../../src/stm/encoding/json.js";
import { SigningKey, VerificationKey } from "../../src/stm/keys.js";
import { closeRegistration } from "../../src/stm/registration.js";
import { sign } from "../../src/stm/sign.js";
import { GovernanceToken__factory } from "../../typechain-types/index.js";
import { engines } from "../support/databases.js";
import { createPassportWorld, scorerOf, simpleRules } from "../support/passport/service.js";
import { type ChildNode, FIRST_ACCOUNT, runTask, startNode, taskJson } from "../support/child-node.js";

const TIMELOCK = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const SUPPLY = 10n ** 24n;
const id = ["--deployment-id", `chain-31337-test-certificates-${process.pid}`] as const;
const folder = `deploy/deployments/${id[1]}`;

describe("certificate tasks, as deployer, steward and aggregator run them", function () {
  this.timeout(180_000);
  let node: ChildNode;
  let keys: string;
  let token: string;
  let registry: string;
  let gateway: CertificateRegistryGateway;

  before(async () => {
    node = await startNode("hardhat");
    keys = await mkdtemp(path.join(tmpdir(), "touchstone-keys-"));
    const signer = await node.provider.getSigner(FIRST_ACCOUNT);
    const now = (await node.provider.getBlock("latest"))!.timestamp;
    const contract = await new GovernanceToken__factory(signer).deploy(
      ...(["Touchstone", "TST", TIMELOCK, now + 31_536_000, TIMELOCK] as const),
      [{ account: FIRST_ACCOUNT, amount: SUPPLY }],
    );
    await (await contract.delegate(FIRST_ACCOUNT)).wait();
    token = await contract.getAddress();
  });

  after(async () => {
    await node.stop();
    await rm(keys, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  });

  /** A second into an epoch. */
  async function toEpoch(epoch: bigint) {
    const { genesis, epochLength } = await gateway.clock();
    await node.provider.send("evm_setNextBlockTimestamp", [Number(genesis + (epoch - 1n) * epochLength + 1n)]);
    await node.provider.send("evm_mine", []);
  }
  const keyFile = (epoch: bigint) => path.join(keys, `epoch-${epoch}`);
  const register = (epoch: bigint) => taskJson(node, "certificate", "register", "--key", keyFile(epoch), ...id);

  it("deploy verifier, registry and eras with the network's parameters", async () => {
    const deployed = (await taskJson(
      ...([node, "certificate", "deploy", "--token", token, "--timelock", TIMELOCK, ...id] as const),
    )) as { registry: string };
    registry = deployed.registry;
    gateway = new CertificateRegistryGateway(registry, node.provider, 0);
    expect((await gateway.parametersOf(1n)).stm).to.deep.equal({ k: 20n, m: 60n, phiF: 0.8 });
    expect(await gateway.timelock()).to.equal(TIMELOCK);
    expect(await taskJson(node, "certificate", "status", ...id)).to.deep.include({ registry, registered: 0 });
  });

  it("register a key that is kept for its owner alone, and derive the aggregate key of the epoch", async () => {
    await toEpoch(1n);
    expect(await register(1n)).to.include({ sent: true, account: FIRST_ACCOUNT, signsIn: "3" });
    expect((await stat(keyFile(1n))).mode & 0o777).to.equal(0o600);
    await writeFile(keyFile(9n), "no key\n");
    const { code, stderr } = await runTask(node, "certificate", "register", "--key", keyFile(9n), ...id);
    expect(code).to.equal(1);
    expect(stderr).to.contain("certificate/key-file");
    await toEpoch(2n);
    await register(2n);
    expect(await taskJson(node, "certificate", "seal", ...id)).to.include({ epoch: "1", status: "sealed" });
    await toEpoch(3n);
    expect(await taskJson(node, "certificate", "seal", "--epoch", "2", ...id)).to.include({ status: "sealed" });
  });

  it("bring a certificate, once", async () => {
    const parts = { epoch: 3n, snapshot: undefined, stakeDistributionRoot: hashOf("stakes") };
    const message = await gateway.messageOf(parts);
    const { stm } = await gateway.parametersOf(3n);
    const closed = closeRegistration(
      (await gateway.registrants(1n)).map(({ stake, ...party }) => ({
        ...{ stake, verificationKey: VerificationKey.parse(party.verificationKey) },
      })),
    );
    const key = SigningKey.fromBytes(getBytes(`0x${(await readFile(keyFile(1n), "utf8")).trim()}`));
    const proof = aggregate([sign(key, message, closed, stm)!], message, closed, stm);
    const { chainId } = await node.provider.getNetwork();
    const next = (await gateway.sealOf(2n)).key!;
    const certificate = makeCertificate({
      ...{ previousHash: NO_PREDECESSOR, epoch: 3n, aggregateKey: closed.aggregateKey, parameters: stm },
      metadata: { protocolVersion: "1", initiatedAt: 0n, sealedAt: 1n, signers: [] },
      content: {
        kind: "multisignature",
        entity: { kind: "stake-distribution", epoch: 3n },
        message: {
          ...{ stakeDistributionRoot: parts.stakeDistributionRoot, nextAggregateKey: next, currentEpoch: 3n },
          nextParametersHash: (await gateway.parametersOf(4n)).hash.slice(2),
          registry: { chainId, address: registry.toLowerCase() },
        },
        proof: proofToHex(proof),
      },
    });
    const file = path.join(keys, "certificate.json");
    await writeFile(file, JSON.stringify(certificateToJson(certificate)));
    expect(await taskJson(node, "certificate", "anchor", file, ...id)).to.include({ sent: true, registry });
    expect(await taskJson(node, "certificate", "anchor", file, ...id)).to.include({ sent: false });
    const status = (await taskJson(node, "certificate", "status", ...id)) as { chain: unknown };
    expect(status.chain).to.deep.include({ lastCertified: "3", anchors: 1 });
  });

  it("certificates/client-tasks: verify, restore and watch what is certified, and fail where something does not hold", async () => {
    const file = path.join(keys, "certificate.json");
    const signed = certificateFromJson(JSON.parse(await readFile(file, "utf8")), "the certificate");
    const [anchor] = await gateway.anchors();
    const genesis = genesisCertificate(
      { ...anchor!, parametersHash: anchor!.parametersHash.slice(2) },
      signed.parameters,
      { protocolVersion: "1", initiatedAt: 0n, sealedAt: 0n },
    );
    if (signed.content.kind === "genesis") throw new Error("it is signed");
    const { entity, message, proof } = signed.content;
    const first = makeCertificate({ ...signed, previousHash: genesis.hash });
    const world = await createPassportWorld(engines[0]!);
    const snapshots = path.join(keys, "snapshots");
    await scorerOf(world, simpleRules());
    const { manifest } = await createSnapshot(new DatabaseLogSource(world.db), new SnapshotFolder(snapshots));
    await world.close();
    const key = SigningKey.fromBytes(getBytes(`0x${(await readFile(keyFile(1n), "utf8")).trim()}`));
    const closed = closeRegistration(
      (await gateway.registrants(1n)).map(({ stake, verificationKey }) => ({
        ...{ stake, verificationKey: VerificationKey.parse(verificationKey) },
      })),
    );
    const scores = { scoresRoot: hashOf("scores"), snapshotDigest: manifest.digest, snapshotBlock: 7n };
    const about = { ...message, scores };
    const bytes = signedBytes(certificateMessageHash(about));
    const second = makeCertificate({
      ...{ ...signed, previousHash: first.hash },
      content: {
        kind: "multisignature",
        entity: { kind: "scores", epoch: 3n, block: 7n, chunk: 0n },
        message: about,
        proof: proofToHex(aggregate([sign(key, bytes, closed, signed.parameters)!], bytes, closed, signed.parameters)),
      },
    });
    const chain = path.join(keys, "chain.json");
    await writeFile(chain, JSON.stringify([genesis, first, second].map(certificateToJson)));
    const verified = (await taskJson(node, "certificate", "verify", "--file", chain, "--onchain", ...id)) as {
      ok: boolean;
      certificates: { subject: string; registry: string }[];
    };
    expect(verified.ok).to.equal(true);
    expect(verified.certificates.map(({ subject, registry: held }) => `${subject} ${held}`)).to.deep.equal([
      "genesis 1 anchor",
      "stake-distribution-3 same",
      "scores-3-7-0 newer",
    ]);

    const false_ = path.join(keys, "false.json");
    const forged = makeCertificate({
      ...first,
      content: {
        kind: "multisignature",
        entity,
        message: { ...message, stakeDistributionRoot: hashOf("mine") },
        proof,
      },
    });
    await writeFile(false_, JSON.stringify([genesis, forged].map(certificateToJson)));
    const refused = await runTask(node, "certificate", "verify", "--file", false_, ...id);
    expect(refused.code).to.equal(1);
    expect(refused.stdout)
      .to.match(/FAILED multisignature/)
      .and.to.contain("verdict: FAILED");

    const data = path.join(keys, "restored");
    const restore = ["snapshot", "restore", snapshots, "--certificate", second.hash, "--file", chain, "--data", data];
    expect(await taskJson(node, ...restore, ...id)).to.deep.include({
      digest: manifest.digest,
      sequence: manifest.sequence,
    });

    const certificates = [genesis, first, second];
    const server = createServer((request, response) => {
      const hash = /[0-9a-f]{64}$/.exec(request.url ?? "")?.[0];
      const found = certificates.find((certificate) => certificate.hash === hash);
      if (found !== undefined) return void response.end(JSON.stringify({ certificate: certificateToJson(found) }));
      if (!request.url?.startsWith("/v1/certificates")) return void response.writeHead(404).end();
      const items = certificates.map((certificate, at) => summaryToWire(at + 1, certificate, "unknown")).reverse();
      response.end(JSON.stringify({ items, next: null }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const watch = ["serve", "watcher", "--once", "--json", "--aggregator", url, ...id];
      process.env["WATCHER_DATA"] = path.join(keys, "watcher");
      const watched = await runTask(node, ...watch);
      const report = JSON.parse(watched.stdout) as { alarms: { kind: string }[]; aggregators: { verified: number }[] };
      // The development parameters are worth little; the contract's seals and all else hold.
      expect(new Set(report.alarms.map(({ kind }) => kind))).to.deep.equal(new Set(["unsafe-parameters"]));
      expect(report.aggregators.map(({ verified: count }) => count)).to.deep.equal([3]);
      expect(watched.code).to.equal(1);
    } finally {
      delete process.env["WATCHER_DATA"];
      server.close();
    }
  });

  it("certificates/schedule-tasks: schedule parameters and eras as the Timelock, and show both", async () => {
    const { epoch } = await gateway.clock();
    const first = (epoch + 2n).toString();
    const change = ["--epoch", first, "--k", "21", "--minimum-share", "50"];
    const scheduled = await taskJson(
      ...([node, "certificate", "schedule-parameters", ...change, "--from", TIMELOCK, ...id] as const),
    );
    expect(scheduled).to.deep.include({ sent: true, account: TIMELOCK, epoch: first, unsafe: true });
    expect((await gateway.parametersOf(epoch + 2n)).stm).to.deep.equal({ k: 21n, m: 60n, phiF: 0.8 });
    const status = (await taskJson(node, "certificate", "status", ...id)) as { scheduled: object[] };
    expect(status.scheduled.map((entry) => JSON.stringify(entry))[0]).to.contain('"minimumShare":500');
    const era = ["certificate", "schedule-era", "--name", "second", "--from", TIMELOCK, ...id];
    expect(await taskJson(node, ...era, "--protocol-version", "2")).to.deep.include({ sent: true, name: "second" });
    expect(await taskJson(node, ...era, "--epoch", first)).to.include({ sent: true, epoch: first });
    const { stdout } = await runTask(node, "certificate", "eras", ...id);
    expect(stdout)
      .to.contain("active    first, protocol version 1, from epoch 1 on")
      .and.to.contain(`coming    second, protocol version 2, from epoch ${first} on`)
      .and.to.contain("install one that has them before");
  });

  it("permit another anchor as the Timelock, and show what parameters are worth", async () => {
    const genesis = ["certificate", "genesis", "--first", "5", "--last", "9", "--from", TIMELOCK, ...id];
    expect(await taskJson(node, ...genesis)).to.include({ sent: true, account: TIMELOCK });
    expect((await gateway.chain()).permitted).to.deep.equal({ first: 5n, last: 9n });
    const { stdout } = await runTask(node, "certificate", "security", "--k", "619", "--m", "4994", "--phi", "0.2");
    expect(stdout).to.contain("33.3 %  2^-128.0").and.to.not.contain("Unsafe");
    expect((await runTask(node, "certificate", "security", ...id)).stdout).to.contain("Unsafe");
  });
});
