import { expect } from "chai";
import { id } from "ethers";
import { network } from "hardhat";

import { certificateMessageHash } from "../../src/certificates/certificate-message.js";
import { buildScoresTree } from "../../src/certificates/scores-root.js";
import type { CertificateParts } from "../../src/chain/certificate-registry.js";
import type { Step } from "../../src/chain/call.js";
import { sealEpoch } from "../../src/chain/seal-epoch.js";
import { keyWords, NOTHING_READ } from "../../src/chain/seal-pages.js";
import { sendCall } from "../../src/chain/send-call.js";
import { hashRules } from "../../src/passport/onchain/anchor-typed-data.js";
import { buildScoreTree, proveScore } from "../../src/passport/onchain/score-tree.js";
import { DomainError } from "../../src/shared/errors.js";
import { CertificateRegistry__factory, PassportRegistry__factory } from "../../typechain-types/index.js";
import {
  closedRegistration,
  deployStewardNetwork,
  register,
  signTogether,
  startOf,
  TOKEN,
} from "../support/steward-network.js";

const { ethers, networkHelpers } = await network.create();
const { time } = networkHelpers;
const accounts = await ethers.getSigners();
const stewards = accounts.slice(2, 8);
const [deployer, timelock] = accounts as [(typeof accounts)[number], (typeof accounts)[number]];
const person = accounts[9]!;

// A toy: few indices, so that the test is quick.
const STM = { k: 20n, m: 60n, phiF: 0.8 };
const MINIMUM = 50n * 10n ** 9n;
const VOTES = [400n, 200n, 100n, 300n, 200n, 10n].map((tokens) => tokens * TOKEN);

const newNetwork = () =>
  deployStewardNetwork(accounts, stewards, ethers.provider, time, {
    ...{ stm: STM, minimumStake: MINIMUM, minimumShare: 5000 },
    votes: (index) => VOTES[index]!,
  });

/** The first five register in epochs 1 and 2; epoch 3 has begun. */
async function readyToSign() {
  const made = await newNetwork();
  for (const epoch of [1n, 2n]) {
    for (const steward of stewards.slice(0, 5)) await register(made, steward, epoch);
    await time.increaseTo((await startOf(made, epoch + 1n)) + 1n);
    await sealEpoch(made.gateway, epoch, deployer, 2);
  }
  const registration = await closedRegistration(made, 1n, MINIMUM);
  return { ...made, registration };
}

async function send(step: Step, from = deployer) {
  if (!("call" in step)) throw new Error(`nothing to send: ${step.done}`);
  return await sendCall(from, step.call);
}

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof DomainError ? String(error.details.reason ?? error.code) : String(error)),
  );

const bare = (epoch: bigint): CertificateParts => ({
  epoch,
  snapshot: undefined,
  stakeDistributionRoot: id("the stewards and their stakes"),
});

describe("the stewards' certificates, from registration to a readable score", () => {
  it("certificates/key-that-every-node-computes: derives the aggregate key that every node computes, whoever sends pages in between", async () => {
    const made = await networkHelpers.loadFixture(newNetwork);
    const { gateway, token } = made;
    for (const steward of stewards.slice(0, 5)) await register(made, steward, 1n);
    expect(await reasonOf(register(made, stewards[5]!, 1n))).to.match(/^RegistrationStakeTooLow/);
    expect(await gateway.register(1n, stewards[0]!.address, { verificationKey: "0x", proof: "0x" })).to.have.key(
      "done",
    );
    // The second lends the third 150 tokens after the epoch's middle: it counts for neither.
    await time.increaseTo((await startOf(made, 1n)) + 6_000n);
    await token.connect(stewards[1]!).transfer(stewards[2]!.address, 150n * TOKEN);
    expect(await reasonOf(sealEpoch(gateway, 1n, deployer))).to.match(/not yet over|ERC5805FutureLookup|SealTooEarly/);
    await time.increaseTo((await startOf(made, 2n)) + 1n);

    // Somebody skips the first: nobody goes on from there.
    const ordered = await gateway.registrants(1n);
    const contract = CertificateRegistry__factory.connect(gateway.address, accounts[8]);
    const last = ordered[4]!;
    const skipping = [{ steward: last.steward, verificationKey: keyWords(last.verificationKey) }];
    const [high, middle, low] = NOTHING_READ.lastKey;
    await contract.seal(1n, { ...NOTHING_READ, lastKey: [high, middle, low], frontier: [] }, skipping);
    await send(await gateway.seal(1n, 2), accounts[8]);
    const { sent, seal } = await sealEpoch(gateway, 1n, deployer, 2);
    expect(sent).to.have.length(2);

    const { aggregateKey, parties } = await closedRegistration(made, 1n, MINIMUM);
    expect(parties.map(({ stake }) => stake / 10n ** 9n)).to.deep.equal([50n, 100n, 200n, 300n, 400n]);
    expect(seal).to.deep.equal({ status: "sealed", key: aggregateKey });
    expect(await gateway.seal(1n, 2)).to.deep.equal({ done: "epoch 1 is sealed" });
  });

  it("certificates/takes-a-quorum-and-nothing-else: takes the multisignature of a quorum over the message that nodes compute, and nothing else", async () => {
    const { gateway, registration, ...made } = await networkHelpers.loadFixture(readyToSign);
    const parts: CertificateParts = {
      ...bare(3n),
      snapshot: { scoresRoot: id("scores"), snapshotDigest: id("digest"), snapshotBlock: 17n },
    };
    const message = await gateway.messageOf(parts);
    const { chainId } = await ethers.provider.getNetwork();
    const next = (await gateway.sealOf(2n)).key;
    const hash = certificateMessageHash({
      scores: parts.snapshot!,
      stakeDistributionRoot: parts.stakeDistributionRoot,
      ...(next === undefined ? {} : { nextAggregateKey: next }),
      nextParametersHash: (await gateway.parametersOf(4n)).hash.slice(2),
      currentEpoch: 3n,
      registry: { chainId, address: gateway.address },
    });
    expect(Buffer.from(message).toString("ascii")).to.equal(hash);

    const { stm } = await gateway.parametersOf(3n);
    expect(stm).to.deep.equal(STM);
    const proof = signTogether(made.stewards.slice(0, 4), 1n, message, registration, stm);
    const other = signTogether(made.stewards.slice(0, 4), 1n, await gateway.messageOf(bare(3n)), registration, stm);
    expect(await reasonOf(gateway.certify(parts, other).then((step) => send(step)))).to.match(/^Stm/);
    const changed = { ...parts, snapshot: { ...parts.snapshot!, snapshotBlock: 18n } };
    expect(await reasonOf(gateway.certify(changed, proof).then((step) => send(step)))).to.match(/^Stm/);
    await send(await gateway.certify(parts, proof));
    expect(await gateway.certifiedEpoch(3n)).to.deep.include({ ...parts, anchor: 1 });
    expect(await gateway.certify(parts, proof)).to.have.key("done");
    expect(await gateway.chain()).to.deep.equal({ lastCertified: 3n, anchors: 1, permitted: undefined });

    // The anchor in the log is what an off-chain chain of certificates begins with.
    const [anchor] = await gateway.anchors();
    const { hash: parametersHash } = await gateway.parametersOf(3n);
    expect(anchor).to.deep.include({ number: 1, epoch: 3n, parametersHash, aggregateKey: registration.aggregateKey });
  });

  it("certificates/makes-a-score-readable: makes a person's score readable, with a proof from the scorer's entry to the certified root", async () => {
    const { gateway, registration, ...made } = await networkHelpers.loadFixture(readyToSign);
    const passport = await new PassportRegistry__factory(deployer).deploy(timelock.address);
    const settings = { maxRootAge: 7, maxLifetime: 7_776_000, minRootInterval: 3_600 };
    await passport.createScorer(deployer.address, gateway.address, 2, settings);

    const issuedAt = await time.latest();
    const [score, expiresAt, threshold, definition] = [250_000, issuedAt + 86_400, 200_000, id("weights")];
    const scores = buildScoreTree(1n, [
      { account: person.address, score, expiresAt },
      { account: deployer.address, score: 1, expiresAt },
    ]);
    const registry = { chainId: (await ethers.provider.getNetwork()).chainId, address: await passport.getAddress() };
    const entry = { registry, scorerId: 1n, root: scores.root, issuedAt: BigInt(issuedAt), rulesHash: "", count: 2n };
    const entries = [
      { ...entry, rulesHash: hashRules(threshold, definition) },
      { ...entry, scorerId: 7n, rulesHash: id("another scorer's") },
    ];
    const tree = buildScoresTree(entries);
    const parts: CertificateParts = {
      ...bare(3n),
      snapshot: { scoresRoot: tree.root, snapshotDigest: id("digest"), snapshotBlock: 17n },
    };
    const anchor = { scorerId: 1n, epoch: 3n, root: scores.root, issuedAt, threshold, definition, count: 2n };
    const path = [...tree.proofOf(1n)!];
    await expect(passport.anchorCertified(anchor, path)).to.be.revertedWithCustomError(
      passport,
      "RegistryNotCertified",
    );

    const message = await gateway.messageOf(parts);
    await send(await gateway.certify(parts, signTogether(made.stewards.slice(0, 4), 1n, message, registration, STM)));
    await passport.anchorCertified(anchor, path);
    const leaf = proveScore(scores, person.address)!;
    await passport.submitScore(1n, person.address, score, expiresAt, 1, [...leaf.proof]);
    expect(await passport["isHuman(uint256,address)"](1n, person.address)).to.equal(true);
    expect(await passport["isHuman(uint256,address)"](1n, deployer.address)).to.equal(false);
    expect(await passport.getScore(1n, person.address)).to.equal(BigInt(score));
  });

  it("goes on over a gap with governance's permission alone, under another anchor", async () => {
    const { gateway, registration, ...made } = await networkHelpers.loadFixture(readyToSign);
    const certify = async (parts: CertificateParts, signers: bigint, closed = registration) => {
      const message = await gateway.messageOf(parts);
      const proof = signTogether(made.stewards.slice(0, 5), signers, message, closed, STM);
      return reasonOf(gateway.certify(parts, proof).then((step) => send(step)));
    };
    expect(await certify(bare(3n), 1n)).to.equal("none");
    for (const epoch of [3n, 4n]) {
      for (const steward of stewards.slice(0, 5)) await register({ gateway, ...made }, steward, epoch);
      await time.increaseTo((await startOf({ gateway, ...made }, epoch + 1n)) + 1n);
      await sealEpoch(gateway, epoch, deployer);
    }
    const third = await closedRegistration({ gateway, ...made }, 3n, MINIMUM);
    expect(await certify(bare(5n), 3n, third)).to.equal("CertificateGap(5, 3)");
    await send(gateway.permitAnchor(5n, 6n), timelock);
    expect((await gateway.chain()).permitted).to.deep.equal({ first: 5n, last: 6n });
    expect(await certify(bare(5n), 3n, third)).to.equal("none");
    expect((await gateway.certifiedEpoch(5n))?.anchor).to.equal(2);
    expect((await gateway.anchors()).map(({ number, epoch }) => [number, epoch])).to.deep.equal([
      [1, 3n],
      [2, 5n],
    ]);
  });

  it("changes parameters two epochs ahead, and reads phi_f back as it was set", async () => {
    const { gateway } = await networkHelpers.loadFixture(newNetwork);
    const changed = { stm: { k: 619n, m: 4994n, phiF: 0.2 }, minimumStake: MINIMUM, minimumShare: 3000 };
    expect(await reasonOf(send(gateway.scheduleParameters(2n, changed), timelock))).to.equal(
      "CertificatesActivationTooEarly(2, 3)",
    );
    await send(gateway.scheduleParameters(3n, changed), timelock);
    expect((await gateway.parametersOf(2n)).stm).to.deep.equal(STM);
    const { hash, ...rest } = await gateway.parametersOf(3n);
    expect(rest).to.deep.equal(changed);
    expect(hash).to.match(/^0x[0-9a-f]{64}$/);
  });
});
