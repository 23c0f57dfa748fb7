import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id as hashOf, Wallet } from "ethers";
import { network } from "hardhat";

import { startPassportService, type RunningPassportService } from "../../src/bin/start-passport-service.js";
import { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { sendAll } from "../../src/chain/send-all.js";
import { sendCall } from "../../src/chain/send-call.js";
import { parsePassportServiceConfig } from "../../src/config/passport-service.js";
import { PassportClient } from "../../src/http/passport/passport-client.js";
import { parseAnchorFile } from "../../src/passport/onchain/anchor-file.js";
import { parseProofFile } from "../../src/passport/onchain/proof-file.js";
import { parsePassportFile, passportFile } from "../../src/passport/passport-file.js";
import { memorySigner } from "../../src/passport/signature.js";
import { writeSiwe } from "../../src/passport/siwe.js";
import { silentLogger } from "../../src/shared/logger.js";
import { toJson } from "../../src/shared/json.js";
import { Secret } from "../../src/shared/secret.js";
import { PassportRegistry__factory } from "../../typechain-types/index.js";
import { simpleRules, walletOf } from "../support/passport/service.js";
import { bytesOf, ISSUER_DID, issued, testIssuer } from "../support/passport/stamps.js";

const DAY = 86_400;
const { ethers, networkHelpers } = await network.create();
const [deployer, courier] = await ethers.getSigners();
const operator = new Wallet(hashOf("operator of the second service"));
const holder = walletOf("holder");
const account = holder.address;

/** An issuer that the first service believes and the second does not. */
const elsewhere = memorySigner(bytesOf("issuer elsewhere"));
const elsewhereDid = `did:ethr:${elsewhere.address}`;

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing thrown",
    (error: { code: string }) => error.code,
  );

describe("a holder who takes a passport to another service and onto the chain", function () {
  this.timeout(120_000);
  let folder: string;
  let first: RunningPassportService;
  let second: RunningPassportService;
  let gateway: PassportRegistryGateway;
  let registryId: bigint;
  let exported: string;
  const now = () => Math.floor(Date.now() / 1000);

  const start = async (name: string, issuers: readonly object[], registry: Record<string, string> = {}) => {
    const file = path.join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify({ format: "touchstone-issuers-v1", issuers }));
    const config = parsePassportServiceConfig({
      PASSPORT_DATA: path.join(folder, name),
      PASSPORT_PORT: "0",
      PASSPORT_CHAIN_ID: "31337",
      PASSPORT_ISSUERS: file,
      PASSPORT_SESSION_SECRET: "ef".repeat(32),
      ...registry,
    });
    return startPassportService(config, { logger: silentLogger });
  };
  const signedIn = async ({ url }: RunningPassportService, wallet = holder) => {
    const session = await new PassportClient({ url, access: null }).signIn(async (nonce) => {
      const message = writeSiwe({
        ...{ domain: "localhost", address: wallet.address, chainId: 31337n, nonce },
        issuedAt: new Date(),
      });
      return { message, signature: await wallet.signMessage(message) };
    });
    return new PassportClient({ url, access: { session } });
  };
  const operates = async ({ url, keys }: RunningPassportService) => {
    const { text } = await keys.create("ops", ["operator"], null);
    return new PassportClient({ url, access: { apiKey: new Secret(text) } });
  };
  /** What a service hands out for a root, as anybody sends it. */
  const anchor = async () => {
    const signed = parseAnchorFile(toJson(await (await operates(second)).prepareAnchor(1)));
    // A root is issued before the block that anchors it.
    const time = Math.max(Number(signed.anchor.issuedAt), await networkHelpers.time.latest()) + 1;
    await networkHelpers.time.increaseTo(time);
    const step = await gateway.anchor(signed);
    if (!("call" in step)) throw new Error(step.done);
    await sendCall(courier!, step.call);
  };
  const bring = async (proof: unknown) => sendAll(courier!, await gateway.submit(parseProofFile(toJson(proof)), 1));

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-"));
    const registry = await new PassportRegistry__factory(deployer!).deploy(deployer!);
    await registry.createScorer(deployer!, operator, 0, { maxRootAge: 3, maxLifetime: 90 * DAY, minRootInterval: DAY });
    registryId = await registry.scorerCount();
    const address = await registry.getAddress();
    gateway = new PassportRegistryGateway(address, ethers.provider);
    first = await start("first", [{ did: ISSUER_DID }, { did: elsewhereDid }]);
    second = await start("second", [{ did: ISSUER_DID }], {
      PASSPORT_REGISTRY: address,
      PASSPORT_OPERATOR_KEY: operator.privateKey,
    });
    await first.service.createScorer({ name: "one", author: "tests", reason: "first", rules: simpleRules() });
    const harder = simpleRules({ threshold: "1.5", weights: { Google: "1", Discord: "0.6", X: "5" } });
    await second.service.createScorer({ name: "two", author: "tests", reason: "first", rules: harder });
    await (await operates(second)).linkRegistry(1, registryId);
  });
  after(async () => {
    await first?.close();
    await second?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("passport/export-and-import: takes the credentials along, and the other service believes nothing it has not checked", async () => {
    const stamp = (provider: string, issuer = testIssuer()) =>
      issued({ account, provider, evidence: { id: account } }, issuer, now());
    const foreign = await stamp("X", testIssuer({ did: elsewhereDid, signer: elsewhere }));
    const here = await signedIn(first);
    const { results } = await here.submit(1, account, [await stamp("Google"), await stamp("Discord"), foreign]);
    expect(results.map(({ status }) => status)).to.deep.equal(["counted", "counted", "counted"]);
    exported = passportFile({ account, credentials: await here.credentials(account) });

    const { credentials } = parsePassportFile(exported);
    const there = await signedIn(second);
    const edited = credentials.map((credential) => ({
      ...(credential as object),
      expirationDate: "2099-01-01T00:00:00.000Z",
    }));
    const forged = await there.submit(1, account, edited);
    expect(forged.results.map(({ status }) => status)).to.deep.equal(["bad_proof", "bad_proof", "untrusted_issuer"]);
    const taken = await there.submit(1, account, credentials);
    expect(taken.results.map(({ status }) => status)).to.deep.equal(["counted", "counted", "untrusted_issuer"]);
    // Scored by the second service's rules: 1.6 of 1.5, where the first one said 1.5 of 1.
    expect(taken.score).to.include({ sum: "1.60000", threshold: "1.50000", passing: true });
    const mallory = walletOf("mallory");
    const stolen = await (await signedIn(second, mallory)).submit(1, mallory.address, credentials.slice(0, 1));
    expect(stolen.results[0]?.status).to.equal("wrong_subject");
  });

  it("passport/holder-anchors: asks for a root, brings its proof to the chain, and counts there", async () => {
    const there = await signedIn(second);
    const mallory = await signedIn(second, walletOf("mallory"));
    expect(await refusalOf(mallory.requestAnchor(1, account))).to.equal("access/missing-permission");
    expect(await refusalOf(mallory.requestAnchor(1, walletOf("mallory").address))).to.equal(
      "scoring/nothing-to-anchor",
    );
    expect(await there.requestAnchor(1, account)).to.deep.equal({ status: "next", number: 1, proof: null });
    expect(await second.anchors?.nextNumber(1)).to.equal(1);
    const waiting = await fetch(`${second.url}/v1/scorers/1/anchors/waiting`, {
      headers: { "x-api-key": (await second.keys.create("ops", ["operator"], null)).text },
    });
    expect(await waiting.json()).to.deep.equal({ waiting: 1 });
    await anchor();
    const answer = await there.requestAnchor(1, account);
    expect(answer).to.include({ status: "anchored", number: 1 });
    await bring(answer.proof);
    const found = await gateway.scoreOf(registryId, account);
    expect(found).to.include({ score: 16_000n, human: true, standing: "counts" });
  });

  it("passport/holder-anchors-again: a score that has changed goes into the next root, not before", async () => {
    const there = await signedIn(second);
    await there.submit(1, account, [
      await issued({ account, provider: "X", evidence: { id: account } }, testIssuer(), now()),
    ]);
    expect(await there.requestAnchor(1, account)).to.deep.equal({ status: "next", number: 2, proof: null });
    await anchor();
    const answer = await there.requestAnchor(1, account);
    expect(answer).to.include({ status: "anchored", number: 2 });
    await bring(answer.proof);
    expect(await gateway.scoreOf(registryId, account)).to.include({ score: 66_000n, human: true });
    expect(await bring(answer.proof)).to.deep.equal([]);
  });
});
