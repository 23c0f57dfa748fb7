import { expect } from "chai";
import { id as hashOf, Wallet, ZeroHash } from "ethers";
import { network } from "hardhat";

import type { Step } from "../../src/chain/call.js";
import { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { sendCall } from "../../src/chain/send-call.js";
import { parseAnchorFile } from "../../src/passport/onchain/anchor-file.js";
import { memorySigner } from "../../src/passport/signature.js";
import { DatabaseAnchorStore } from "../../src/database/database-anchor-store.js";
import { AnchorService } from "../../src/scoring/service/anchor.js";
import { PassportService } from "../../src/scoring/service/passport-service.js";
import type { RulesApproval } from "../../src/scoring/service/ports.js";
import { parseRules } from "../../src/scoring/rules/parse-rules.js";
import { rulesHash } from "../../src/scoring/rules/scorer-rules.js";
import { Rescorer } from "../../src/scoring/service/rescore.js";
import { silentLogger } from "../../src/shared/logger.js";
import { toJson } from "../../src/shared/json.js";
import { PassportRegistry__factory, RulesAuthority__factory, Timelock__factory } from "../../typechain-types/index.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { DatabasePassportStore } from "../../src/database/database-passport-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import { simpleRules, stampOf } from "../support/passport/service.js";
import { accountOf, ISSUER_DID, trust } from "../support/passport/stamps.js";

const DAY = 86_400;
const { ethers, networkHelpers } = await network.create();
const [deployer, courier] = await ethers.getSigners();
const operator = new Wallet(hashOf("operator of governed scorers"));
const alice = accountOf("alice");

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => "nothing thrown",
    (error: { code?: string; details?: { reason?: string } }) => error.details?.reason ?? error.code,
  );
const callOf = (step: Step) => {
  if (!("call" in step)) throw new Error(step.done);
  return step.call;
};

describe("a scorer whose rules are voted on", function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let close: () => Promise<void>;

  after(async () => {
    await close?.();
    await database?.drop();
  });

  it("passport/governed-rules: a version becomes one, and its roots count, only when the Timelock has approved it", async () => {
    const timelock = await new Timelock__factory(deployer!).deploy(60, [deployer!], [deployer!], deployer!);
    const registryContract = await new PassportRegistry__factory(deployer!).deploy(timelock);
    const registry = await registryContract.getAddress();
    const gateway = new PassportRegistryGateway(registry, ethers.provider);
    const authority = await new RulesAuthority__factory(deployer!).deploy(registry, timelock, operator);
    await registryContract.createScorer(timelock, authority, 1, {
      maxRootAge: 3,
      maxLifetime: 90 * DAY,
      minRootInterval: DAY,
    });
    const registryId = await registryContract.scorerCount();

    database = await engines[0]!.create();
    const db = await openDatabase(database.location);
    close = () => db.destroy();
    const clock = { now: () => Date.now() };
    const approval: RulesApproval = async (scorer, rules) =>
      (await gateway.rulesAuthority(scorer))?.isApproved(scorer, rules) ?? true;
    const store = new DatabasePassportStore(db);
    const verification = (now: number) => ({ now, issuers: trust({ did: ISSUER_DID }) });
    const service = new PassportService({ store, verification, clock, logger: silentLogger, approval });
    const anchors = new AnchorService(
      { chainId: 31337n, registry, maxLifetime: 90 * DAY, signatureLifetime: 3600, uri: "" },
      {
        store: new DatabaseAnchorStore(db),
        service,
        signer: memorySigner(Buffer.from(operator.privateKey.slice(2), "hex")),
        clock,
      },
    );
    const { id } = await service.createScorer({
      name: "round",
      author: "tests",
      reason: "first",
      rules: simpleRules(),
    });
    await service.linkRegistry(id, registryId);
    await service.submit(id, alice.toLowerCase(), [
      await stampOf(alice, "Google", alice, Math.floor(Date.now() / 1000)),
    ]);

    // Refused ones are built again under the number that the chain expects.
    const nextNumber = async () => (await gateway.scorer(registryId)).number + 1;
    const bring = async () => {
      const file = parseAnchorFile(toJson(await anchors.prepareAnchor(id, { number: await nextNumber() })));
      await networkHelpers.time.increaseTo(
        Math.max(Number(file.anchor.issuedAt), await networkHelpers.time.latest()) + 1,
      );
      return gateway.anchor(file);
    };
    /** A vote's end: queued, waited for, carried out by the Timelock. */
    const vote = async (document: object) => {
      const rules = parseRules(document);
      const rulesAuthority = await gateway.rulesAuthority(registryId);
      const { to, data } = callOf(
        await rulesAuthority!.approve(registryId, { threshold: rules.threshold, definition: rulesHash(rules) }),
      );
      await timelock.schedule(to, 0, data, ZeroHash, ZeroHash, 60);
      const early = timelock.execute(to, 0, data, ZeroHash, ZeroHash);
      await expect(early).to.be.revertedWithCustomError(timelock, "TimelockUnexpectedOperationState");
      await networkHelpers.time.increase(61);
      await timelock.execute(to, 0, data, ZeroHash, ZeroHash);
    };

    expect(await refusalOf(bring())).to.equal("passport/rules-not-approved");
    await vote(simpleRules());
    await sendCall(courier!, callOf(await bring()));
    expect(await gateway.scorer(registryId)).to.include({ number: 1, threshold: 10_000 });

    // Easier rules that nobody voted on become no version; and were the service another, the chain would refuse their root.
    const easier = simpleRules({ threshold: "0.5" });
    const change = { author: "key:ops", reason: "easier" };
    expect(await refusalOf(service.addVersion(id, easier, change))).to.equal("scoring/rules-not-approved");
    const unchecked = new PassportService({ store, verification, clock, logger: silentLogger });
    await unchecked.addVersion(id, easier, change);
    await new Rescorer({ store, service, clock }).run(id, change);
    expect(await refusalOf(bring())).to.equal("passport/rules-not-approved");

    await vote(easier);
    const [, second] = await service.versions(id);
    await sendCall(courier!, callOf(await bring()));
    expect(await gateway.scorer(registryId)).to.include({ number: 2, threshold: 5_000 });
    const approved = await authority.approvedRules(registryId);
    expect(approved).to.equal(await registryContract.hashRules(5_000, second!.rulesHash));
    await service.addVersion(id, easier, { author: "key:ops", reason: "as voted" });

    // The operator's key alone lets nothing in.
    await new Rescorer({ store, service, clock }).run(id, change);
    const bare = parseAnchorFile(toJson(await anchors.prepareAnchor(id, { number: await nextNumber() })));
    await networkHelpers.time.increase(2);
    await expect(registryContract.anchor(bare.anchor, bare.signature)).to.be.revertedWithCustomError(
      registryContract,
      "RegistryInvalidSignature",
    );
  });
});
