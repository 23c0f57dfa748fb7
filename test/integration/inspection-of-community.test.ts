import { expect } from "chai";
import { ContractFactory, getCreateAddress } from "ethers";
import hre, { network } from "hardhat";

import Passport, { passportParameters } from "../../deploy/modules/Passport.js";
import Staking, { stakingParameters } from "../../deploy/modules/Staking.js";
import { passportVerification, stakingVerification } from "../../src/chain/deployment/later-verification.js";
import { parseParameters } from "../../src/chain/deployment/parameters.js";
import { planPassport, planStaking, type PassportPlan, type StakingPlan } from "../../src/chain/deployment/passport.js";
import { inspectProtocol } from "../../src/chain/inspection/inspect.js";
import { IdentityStaking__factory } from "../../typechain-types/index.js";
import { deployByHand } from "../support/deploy-by-hand.js";
import { exampleList, localParameters, localPlan } from "../support/deployment-plan.js";

const { ethers, ignition, networkHelpers } = await network.create();
const [deployer, mallory] = await ethers.getSigners();
const evil = mallory!.address;
const parameters = parseParameters(localParameters());

interface Changes {
  readonly passport?: Partial<PassportPlan>;
  readonly staking?: Partial<StakingPlan>;
}

/** A protocol with registry, decoder and staking by their modules, perhaps with something planted. */
async function deploy({ passport = {}, staking = {} }: Changes = {}) {
  const { addresses } = await deployByHand(deployer!, localPlan(await networkHelpers.time.latest(), deployer!.address));
  const { timelock, token } = addresses;
  const passportPlan = { ...planPassport(parameters.passport, timelock, deployer!.address), ...passport };
  const stakingPlan = { ...planStaking(parameters.staking, { timelock, token }, deployer!.address), ...staking };
  const { registry, decoder } = await ignition.deploy(Passport, { parameters: passportParameters(passportPlan) });
  const made = await ignition.deploy(Staking, { parameters: stakingParameters(stakingPlan) });
  const community = {
    registry: await registry.getAddress(),
    decoder: await decoder.getAddress(),
    staking: await made.staking.getAddress(),
  };
  return { addresses, community };
}

async function failures({ addresses, community }: Awaited<ReturnType<typeof deploy>>, compared = true) {
  const { findings } = await inspectProtocol({
    ...{ provider: ethers.provider, addresses, community, fromBlock: 0, list: exampleList },
    parameters: compared ? parameters : undefined,
  });
  return findings.filter(({ ok }) => !ok).map(({ id }) => id);
}

describe("explorer verification of passport and staking", () => {
  it("says of each contract what its creating transaction says, whatever happened since", async () => {
    const { addresses, community } = await deploy();
    const { timelock } = addresses;
    await networkHelpers.impersonateAccount(timelock);
    await networkHelpers.setBalance(timelock, 10n ** 18n);
    const staking = IdentityStaking__factory.connect(community.staking, await ethers.getSigner(timelock));
    await staking.revokeRole(await staking.SLASHER_ROLE(), parameters.staking!.slasher!);
    await staking.grantRole(await staking.SLASHER_ROLE(), evil);
    const created = new Map<string, string>();
    for (let number = await ethers.provider.getBlockNumber(); number > 0; number--) {
      for (const transaction of (await ethers.provider.getBlock(number, true))!.prefetchedTransactions) {
        if (transaction.to === null) created.set(getCreateAddress(transaction), transaction.data);
      }
    }
    const requests = [
      ...(await passportVerification(ethers.provider, community)),
      ...(await stakingVerification(ethers.provider, community.staking, 0)),
    ];
    expect(requests).to.have.length(3);
    for (const { contract, constructorArgs, address } of requests) {
      const { abi, bytecode } = await hre.artifacts.readArtifact(contract);
      const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...constructorArgs);
      expect(data === created.get(address), contract).to.equal(true);
    }
  });
});

describe("inspection of passport and staking", () => {
  it("passes what the modules deploy, with the parameters at hand and without", async () => {
    const all = await deploy();
    expect(await failures(all)).to.deep.equal([]);
    expect(await failures(all, false)).to.deep.equal([]);
  });

  const planted: [string, Changes, string[], string[]][] = [
    [
      "another Timelock of the registry",
      { passport: { timelock: evil } },
      ["registry/timelock"],
      ["registry/timelock"],
    ],
    ["another manager of the scorer", { passport: { manager: evil } }, ["scorer/manager"], ["scorer/manager"]],
    ["another operator", { passport: { operator: evil } }, ["scorer/operator"], []],
    [
      "an operator who deployed",
      { passport: { operator: deployer!.address } },
      ["scorer/operator"],
      ["scorer/operator"],
    ],
    [
      "other settings",
      { passport: { maxRootAge: 9, maxLifetime: 2, minRootInterval: 1 } },
      ["scorer/max-root-age", "scorer/max-lifetime", "scorer/min-root-interval"],
      [],
    ],
    ["another admin of the stakes", { staking: { admin: evil } }, ["stakes/admin"], ["stakes/admin"]],
    ["another slasher", { staking: { slasher: evil } }, ["stakes/slasher"], []],
    ["a slasher who deployed", { staking: { slasher: deployer!.address } }, ["stakes/slasher"], ["stakes/slasher"]],
    ["another releaser", { staking: { releaser: evil } }, ["stakes/releaser"], []],
    ["another pauser", { staking: { pauser: evil } }, ["stakes/pauser"], []],
    ["another recipient", { staking: { burnRecipient: evil } }, ["stakes/burn-recipient"], []],
    ["another appeal window", { staking: { appealWindow: 86_400 * 31 } }, ["stakes/appeal-window"], []],
  ];
  for (const [fault, changes, compared, alone] of planted) {
    it(`finds ${fault}`, async () => {
      const all = await deploy(changes);
      expect(await failures(all)).to.deep.equal(compared);
      expect(await failures(all, false)).to.deep.equal(alone);
    });
  }

  it("finds a role that was granted since, and what is no such contract", async () => {
    const all = await deploy();
    const { timelock, token } = all.addresses;
    await networkHelpers.impersonateAccount(timelock);
    await networkHelpers.setBalance(timelock, 10n ** 18n);
    const staking = IdentityStaking__factory.connect(all.community.staking, await ethers.getSigner(timelock));
    await staking.grantRole(await staking.DEFAULT_ADMIN_ROLE(), evil);
    expect(await failures(all)).to.deep.equal(["stakes/admin"]);
    const wrong = { ...all, community: { registry: token, decoder: token, staking: token } };
    expect(await failures(wrong)).to.deep.equal(["registry/contract", "stakes/contract"]);
  });
});
