import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import Certificates, { certificatesParameters } from "../../deploy/modules/Certificates.js";
import type { Step } from "../../src/chain/call.js";
import { CampaignGateway } from "../../src/chain/campaign.js";
import { CertificateRegistryGateway } from "../../src/chain/certificate-registry.js";
import { planCertificates } from "../../src/chain/deployment/certificates.js";
import { parseParameters } from "../../src/chain/deployment/parameters.js";
import { EraMarkersGateway } from "../../src/chain/era-markers.js";
import { GovernorGateway } from "../../src/chain/governor.js";
import { type OwnerStep, throughOwner } from "../../src/chain/owner-call.js";
import { planParameterChange } from "../../src/chain/parameter-change.js";
import { sendCall, simulateCall } from "../../src/chain/send-call.js";
import { TokenGateway } from "../../src/chain/token.js";
import { encodeAction, type Proposal, proposalId, timelockOperationId } from "../../src/governance/proposal.js";
import { DomainError } from "../../src/shared/errors.js";
import { deployByHand } from "../support/deploy-by-hand.js";
import { localParameters, localPlan, TOKEN } from "../support/deployment-plan.js";
import { oneLeafList } from "../support/one-leaf-list.js";

const { ethers, ignition, networkHelpers } = await network.create();
const [deployer, signer, guardian, steward, stranger] = await ethers.getSigners().then((all) => all.slice(0, 5));
const { time } = networkHelpers;

/** A deployment whose whole list went to the steward, who votes for itself. */
async function governed() {
  const plan = localPlan(await time.latest(), deployer!.address, oneLeafList(steward!.address));
  const { addresses, timelock, distributor, token } = await deployByHand(deployer!, plan);
  await distributor.connect(steward!).claim(7, plan.distributed, steward!.address, []);
  await time.increase(1);
  return {
    addresses,
    timelock,
    token,
    governor: new GovernorGateway(addresses.governor, ethers.provider),
    campaign: new CampaignGateway(addresses.distributor, ethers.provider),
    tokenGateway: new TokenGateway(addresses.token, ethers.provider),
  };
}

type Governed = Awaited<ReturnType<typeof governed>>;

async function send(step: OwnerStep, from = steward!) {
  if (!("call" in step)) throw new Error(`nothing to send: ${JSON.stringify(step)}`);
  return await sendCall(from, step.call);
}

const isDone = (step: Step) => "done" in step;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "none",
    (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
  );
}

const grant = ({ addresses }: Governed): Proposal => ({
  actions: [
    encodeAction({
      target: addresses.token,
      signature: "transfer(address,uint256)",
      args: [stranger!.address, TOKEN],
    }),
  ],
  description: "Pay a grant",
});

/** Takes a proposal that exists through vote and delay up to its execution. */
async function carry({ governor }: Governed, id: bigint): Promise<void> {
  await time.increase(61);
  await send(await governor.vote(id, steward!.address, "for", "because"));
  await time.increase(3601);
  await send(await governor.queue(id));
  await time.increase(300);
  await send(await governor.execute(id), stranger);
}

describe("governor gateway", () => {
  it("leads a proposal that spends from the treasury through its whole life, each step once", async () => {
    const all = await networkHelpers.loadFixture(governed);
    const { governor, timelock, token, addresses } = all;
    const proposal = grant(all);
    const id = proposalId(proposal);
    const step = await governor.propose(proposal);
    expect(step.id).to.equal(id);
    await send(step);
    expect(isDone(await governor.propose(proposal))).to.equal(true);
    const pending = await governor.status(await governor.find(id));
    expect(pending).to.include({ id, state: "pending", proposer: steward!.address, quorum: undefined, eta: 0n });
    expect(pending.actions).to.deep.equal(proposal.actions);
    expect(await codeOf(governor.vote(id, steward!.address, "for", ""))).to.equal("governance/wrong-state");

    await time.increase(61);
    expect(await codeOf(governor.queue(id))).to.equal("governance/wrong-state");
    await send(await governor.vote(id, steward!.address, "for", "because"));
    expect(isDone(await governor.vote(id, steward!.address, "against", ""))).to.equal(true);
    const active = await governor.status(await governor.find(id));
    expect(active).to.include({ state: "active", quorum: 2_500_000n * TOKEN });
    expect(active.votes).to.deep.equal({ for: 50_000_000n * TOKEN, against: 0n, abstain: 0n });

    await time.increase(3601);
    await send(await governor.queue(id));
    expect(isDone(await governor.queue(id))).to.equal(true);
    expect(await timelock.isOperationPending(timelockOperationId(addresses.governor, proposal))).to.equal(true);
    const tooEarly = await governor.execute(id);
    expect(await codeOf(send(tooEarly))).to.equal("chain/refused");

    await time.increase(300);
    await send(await governor.execute(id), stranger);
    expect(isDone(await governor.execute(id))).to.equal(true);
    expect(isDone(await governor.queue(id))).to.equal(true);
    expect(await token.balanceOf(stranger!.address)).to.equal(TOKEN);
    expect((await governor.proposals()).map((created) => created.id)).to.deep.equal([id]);
  });

  it("says that a proposal is unknown", async () => {
    const { governor } = await networkHelpers.loadFixture(governed);
    expect(await codeOf(governor.find(5n))).to.equal("governance/unknown-proposal");
  });

  it("names the contract's error before anything is sent", async () => {
    const all = await networkHelpers.loadFixture(governed);
    const step = await all.governor.propose(grant(all));
    if (!("call" in step)) throw new Error("there is something to send");
    const refused = simulateCall(stranger!, step.call);
    const error = await refused.catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(DomainError).with.property("code", "chain/refused");
    expect((error as DomainError).details.reason).to.match(/^GovernorInsufficientProposerVotes\(/);
  });
});

describe("a call that only the owner may make", () => {
  const context = (all: Governed, propose: boolean, sender = steward!.address) => ({
    owner: all.addresses.timelock,
    sender,
    governor: () => Promise.resolve(all.governor),
    propose,
    description: "Rotate",
  });

  it("is written down, proposed, or sent by the owner itself", async () => {
    const all = await networkHelpers.loadFixture(governed);
    const step = await all.campaign.rotateSigner(stranger!.address, "key");
    const written = await throughOwner(step, context(all, false));
    expect(written).to.have.nested.property("proposal.actions[0].target", all.addresses.distributor);
    const proposed = await throughOwner(step, context(all, true));
    expect(proposed).to.have.nested.property("call.to", all.addresses.governor);
    expect(await throughOwner(step, context(all, true, all.addresses.timelock))).to.equal(step);
    await send(proposed);
    await carry(all, (proposed as unknown as { id: bigint }).id);
    expect(await all.campaign.status()).to.include({ signer: stranger!.address, signerKind: "key" });
    expect(isDone(await all.campaign.rotateSigner(stranger!.address, "key"))).to.equal(true);
  });

  it("is refused when the owner is not the governor's Timelock", async () => {
    const all = await networkHelpers.loadFixture(governed);
    const step = await all.campaign.pause(true);
    const foreign = { ...context(all, true), owner: guardian!.address };
    expect(await codeOf(throughOwner(step, foreign))).to.equal("chain/not-the-owner");
  });

  it("mints by proposal, after the date", async () => {
    const all = await networkHelpers.loadFixture(governed);
    await time.increase(3 * 365 * 86400);
    const call = all.tokenGateway.mint(stranger!.address, 2_000_000n * TOKEN);
    const step = await throughOwner({ call }, context(all, true));
    await send(step);
    await carry(all, (step as unknown as { id: bigint }).id);
    expect(await all.token.balanceOf(stranger!.address)).to.equal(2_000_000n * TOKEN);
    expect((await all.tokenGateway.info()).supply).to.equal(102_000_000n * TOKEN);
  });
});

describe("campaign gateway", () => {
  it("tells how a distribution stands", async () => {
    const { campaign, addresses } = await networkHelpers.loadFixture(governed);
    const status = await campaign.status();
    expect(status).to.include({ owner: addresses.timelock, treasury: addresses.timelock, pendingOwner: ZeroAddress });
    expect(status).to.include({ launch: true, phase: "open", symbol: "TOUCH", decimals: 18, pausedUntil: undefined });
    expect(status).to.include({ claims: 1, claimed: 50_000_000n * TOKEN, balance: 0n, swept: 0n });
    expect(status).to.include({ signer: signer!.address, guardian: guardian!.address, guardianSpent: false });
  });

  it("lets the guardian pause once, and then says that it is paused", async () => {
    const { campaign } = await networkHelpers.loadFixture(governed);
    await send(await campaign.guardianPause(3600n), guardian);
    const { pausedUntil, guardianSpent } = await campaign.status();
    expect([pausedUntil, guardianSpent]).to.deep.equal([BigInt(await time.latest()) + 3600n, true]);
    expect(isDone(await campaign.guardianPause(3600n))).to.equal(true);
    await time.increase(3600);
    expect((await campaign.status()).pausedUntil).to.equal(undefined);
    expect(isDone(await campaign.pause(false))).to.equal(true);
    expect(await codeOf(send(await campaign.guardianPause(3600n), guardian))).to.equal("chain/refused");
  });

  it("sweeps to the treasury after the window, once", async () => {
    const all = await networkHelpers.loadFixture(governed);
    const { campaign, token, addresses } = all;
    expect(await codeOf(campaign.sweep())).to.equal("campaign/not-ended");
    await token.connect(steward!).transfer(addresses.distributor, TOKEN);
    await time.increaseTo((await campaign.status()).end);
    await send(await campaign.sweep(), stranger);
    expect(await token.balanceOf(addresses.timelock)).to.equal(10_000_001n * TOKEN);
    expect(isDone(await campaign.sweep())).to.equal(true);
    expect(await campaign.status()).to.include({ phase: "ended", swept: TOKEN, balance: 0n });
  });
});

describe("token gateway", () => {
  it("delegates once", async () => {
    const { tokenGateway } = await networkHelpers.loadFixture(governed);
    await send(await tokenGateway.delegate(steward!.address, stranger!.address));
    expect(isDone(await tokenGateway.delegate(steward!.address, stranger!.address))).to.equal(true);
    const holder = await tokenGateway.holder(steward!.address);
    expect(holder).to.include({ votes: 0n, delegatee: stranger!.address, balance: 50_000_000n * TOKEN });
  });
});

describe("what governance schedules for the stewards", () => {
  it("certificates/voted-changes: parameters and an era that are in time when they are proposed are in time when they are executed", async () => {
    const all = await networkHelpers.loadFixture(governed);
    const { governor, addresses } = all;
    const { certificates } = parseParameters(localParameters());
    const plan = planCertificates(certificates, addresses, await time.latest());
    const made = await ignition.deploy(Certificates, {
      parameters: certificatesParameters({ ...plan, epochLength: 10_000 }),
    });
    const registry = new CertificateRegistryGateway(await made.registry.getAddress(), ethers.provider, 0);
    const eras = new EraMarkersGateway(await made.eras.getAddress(), ethers.provider);
    await time.increaseTo(plan.genesis + 7_000);
    const seconds = await governor.shortestDecision();
    expect(seconds).to.equal(60n + 3_600n + 300n);
    // It is epoch 1, and epoch 2 when the vote is executed.
    expect(await codeOf(planParameterChange(registry, 3n, { k: 21n }, seconds))).to.equal("certificate/too-early");
    const changed = await planParameterChange(registry, 4n, { k: 21n }, seconds);
    const context = {
      ...{ owner: addresses.timelock, sender: steward!.address, propose: true },
      governor: () => Promise.resolve(governor),
    };
    const carryOut = async (step: Step, description: string) => {
      if (!("call" in step)) throw new Error(step.done);
      const { to: target, value, data: calldata } = step.call;
      await send(await throughOwner(step, { ...context, description }));
      await carry(all, proposalId({ actions: [{ target, value, calldata }], description }));
    };
    await carryOut(changed.step, "Ask for one index more");
    expect((await registry.parametersOf(3n)).stm.k).to.equal(20n);
    expect((await registry.parametersOf(4n)).stm.k).to.equal(21n);
    await carryOut(await eras.announce("second", 2), "Announce new rules");
    const clock = await registry.clock();
    await carryOut(await eras.activate("second", clock.epoch + 1n, clock, seconds), "Activate new rules");
    expect((await eras.markers())[1]).to.deep.equal({ name: "second", protocolVersion: 2, epoch: clock.epoch + 1n });
  });
});
