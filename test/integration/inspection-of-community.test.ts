import { expect } from "chai";
import { ContractFactory, encodeBytes32String, getCreateAddress } from "ethers";
import hre, { network } from "hardhat";

import Certificates, { certificatesParameters } from "../../deploy/modules/Certificates.js";
import Passport, { passportParameters } from "../../deploy/modules/Passport.js";
import Rules from "../../deploy/modules/Rules.js";
import Staking, { stakingParameters } from "../../deploy/modules/Staking.js";
import { CertificateRegistryGateway } from "../../src/chain/certificate-registry.js";
import { type CertificatesPlan, planCertificates } from "../../src/chain/deployment/certificates.js";
import { certificatesVerification, rulesVerification } from "../../src/chain/deployment/certificates-verification.js";
import { passportVerification, stakingVerification } from "../../src/chain/deployment/later-verification.js";
import { parseParameters } from "../../src/chain/deployment/parameters.js";
import { planPassport, planStaking, type PassportPlan, type StakingPlan } from "../../src/chain/deployment/passport.js";
import { inspectProtocol } from "../../src/chain/inspection/inspect.js";
import {
  EraMarkers__factory,
  IdentityStaking__factory,
  PassportRegistry__factory,
  RulesAuthority__factory,
} from "../../typechain-types/index.js";
import { deployByHand } from "../support/deploy-by-hand.js";
import { exampleList, localParameters, localPlan } from "../support/deployment-plan.js";

const { ethers, ignition, networkHelpers } = await network.create();
const [deployer, mallory] = await ethers.getSigners();
const evil = mallory!.address;
const parameters = parseParameters(localParameters());

interface Changes {
  readonly passport?: Partial<PassportPlan>;
  readonly staking?: Partial<StakingPlan>;
  readonly certificates?: Partial<CertificatesPlan>;
  readonly rules?: { readonly governance?: string; readonly operator?: string };
}

/** A protocol with all that comes later by its modules, perhaps with something planted. */
async function deploy({ passport = {}, staking = {}, certificates = {}, rules = {} }: Changes = {}) {
  const { addresses } = await deployByHand(deployer!, localPlan(await networkHelpers.time.latest(), deployer!.address));
  const { timelock, token } = addresses;
  const passportPlan = { ...planPassport(parameters.passport, timelock, deployer!.address), ...passport };
  const stakingPlan = { ...planStaking(parameters.staking, { timelock, token }, deployer!.address), ...staking };
  const { registry, decoder } = await ignition.deploy(Passport, { parameters: passportParameters(passportPlan) });
  const made = await ignition.deploy(Staking, { parameters: stakingParameters(stakingPlan) });
  const now = await networkHelpers.time.latest();
  const certificatesPlan = { ...planCertificates(parameters.certificates, { timelock, token }, now), ...certificates };
  const stewards = await ignition.deploy(Certificates, { parameters: certificatesParameters(certificatesPlan) });
  const governed = await ignition.deploy(Rules, {
    parameters: {
      Rules: {
        registry: await registry.getAddress(),
        governance: rules.governance ?? timelock,
        operator: rules.operator ?? parameters.passport!.operator!,
      },
    },
  });
  const community = {
    registry: await registry.getAddress(),
    decoder: await decoder.getAddress(),
    staking: await made.staking.getAddress(),
    rules: await governed.rules.getAddress(),
    certificates: await stewards.registry.getAddress(),
    verifier: await stewards.verifier.getAddress(),
    eras: await stewards.eras.getAddress(),
  };
  return { addresses, community };
}

async function failures(deployed: Awaited<ReturnType<typeof deploy>>, compared = true) {
  const { findings } = await inspect(deployed, compared);
  return findings.filter(({ ok }) => !ok).map(({ id }) => id);
}

function inspect({ addresses, community }: Awaited<ReturnType<typeof deploy>>, compared = true) {
  return inspectProtocol({
    ...{ provider: ethers.provider, addresses, community, fromBlock: 0, list: exampleList },
    parameters: compared ? parameters : undefined,
  });
}

/** The Timelock as an account of ours. */
async function asTimelock({ addresses: { timelock } }: Awaited<ReturnType<typeof deploy>>) {
  await networkHelpers.impersonateAccount(timelock);
  await networkHelpers.setBalance(timelock, 10n ** 18n);
  return ethers.getSigner(timelock);
}

describe("explorer verification of what comes after the protocol", () => {
  it("says of each contract what its creating transaction says, whatever happened since", async () => {
    const all = await deploy();
    const { community } = all;
    const timelock = await asTimelock(all);
    const staking = IdentityStaking__factory.connect(community.staking, timelock);
    await staking.revokeRole(await staking.SLASHER_ROLE(), parameters.staking!.slasher!);
    await staking.grantRole(await staking.SLASHER_ROLE(), evil);
    await RulesAuthority__factory.connect(community.rules, timelock).setOperator(evil);
    const registry = new CertificateRegistryGateway(community.certificates, ethers.provider, 0);
    const { call } = registry.scheduleParameters(5n, {
      ...{ stm: { k: 30n, m: 70n, phiF: 0.65 }, minimumStake: 7n, minimumShare: 9 },
    });
    await timelock.sendTransaction({ to: call.to, data: call.data });
    const permit = registry.permitAnchor(7n, 9n).call;
    await timelock.sendTransaction({ to: permit.to, data: permit.data });
    await EraMarkers__factory.connect(community.eras, timelock).announce(encodeBytes32String("second"), 2);
    const created = new Map<string, string>();
    for (let number = await ethers.provider.getBlockNumber(); number > 0; number--) {
      for (const transaction of (await ethers.provider.getBlock(number, true))!.prefetchedTransactions) {
        if (transaction.to === null) created.set(getCreateAddress(transaction), transaction.data);
      }
    }
    const requests = [
      ...(await passportVerification(ethers.provider, community)),
      ...(await stakingVerification(ethers.provider, community.staking, 0)),
      ...(await rulesVerification(ethers.provider, community.rules, 0)),
      ...(await certificatesVerification(
        ethers.provider,
        { verifier: community.verifier, registry: community.certificates, eras: community.eras },
        0,
      )),
    ];
    expect(requests).to.have.length(7);
    for (const { contract, constructorArgs, address } of requests) {
      const { abi, bytecode } = await hre.artifacts.readArtifact(contract);
      const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...constructorArgs);
      expect(data === created.get(address), contract).to.equal(true);
    }
  });
});

describe("inspection of what comes after the protocol", () => {
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
    ["another governance of the rules", { rules: { governance: evil } }, ["rules/governance"], ["rules/governance"]],
    [
      "an operator of the rules who deployed",
      { rules: { operator: deployer!.address } },
      ["rules/operator"],
      ["rules/operator"],
    ],
    [
      "another Timelock of the certificates",
      { certificates: { timelock: evil } },
      ["stewards/timelock"],
      ["stewards/timelock"],
    ],
    [
      "other parameters of the certificates",
      { certificates: { k: 21, m: 61, minimumStake: 1n, minimumShare: 7, epochLength: 601 } },
      [
        ...["stewards/epoch-length", "stewards/k", "stewards/m"],
        ...["stewards/minimum-stake", "stewards/minimum-share"],
      ],
      [],
    ],
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
    const { token } = all.addresses;
    const staking = IdentityStaking__factory.connect(all.community.staking, await asTimelock(all));
    await staking.grantRole(await staking.DEFAULT_ADMIN_ROLE(), evil);
    expect(await failures(all)).to.deep.equal(["stakes/admin"]);
    const wrong = { registry: token, decoder: token, staking: token, rules: token, certificates: token, eras: token };
    expect(await failures({ ...all, community: { ...wrong, verifier: token } })).to.deep.equal(
      ["registry", "stakes", "rules", "stewards", "markers"].map((name) => `${name}/contract`),
    );
  });

  it("finds a verifier that the registry does not ask, and markers of another registry", async () => {
    const [one, other] = [await deploy(), await deploy()];
    const { verifier, eras } = other.community;
    const mixed = { ...one, community: { ...one.community, verifier, eras } };
    expect(await failures(mixed)).to.deep.equal(["stewards/verifier", "markers/registry"]);
  });

  it("takes the operator of approved rules for the scorer's, and shows what is scheduled", async () => {
    const all = await deploy();
    const timelock = await asTimelock(all);
    const passport = PassportRegistry__factory.connect(all.community.registry, timelock);
    await passport.setAuthority(1n, all.community.rules, 1);
    expect(await failures(all)).to.deep.equal([]);
    await RulesAuthority__factory.connect(all.community.rules, timelock).setOperator(evil);
    expect(await failures(all)).to.deep.equal(["scorer/operator"]);

    const registry = new CertificateRegistryGateway(all.community.certificates, ethers.provider, 0);
    const { call } = registry.scheduleParameters(5n, {
      ...{ stm: { k: 30n, m: 70n, phiF: 0.65 }, minimumStake: 7n, minimumShare: 9 },
    });
    await timelock.sendTransaction({ to: call.to, data: call.data });
    const said = new Map((await inspect(all, false)).findings.map(({ id, actual }) => [id, actual]));
    expect(said.get("stewards/k")).to.equal("20");
    expect(said.get("stewards/scheduled")).to.equal("k 30, m 70, phi_f 0.65 from epoch 5 on");
    expect(said.get("stewards/security")).to.match(/^\d+\.\d bits/);
    expect(said.get("stewards/epoch")).to.match(/^before the first epoch/);
    expect(said.get("stewards/signing-key")).to.equal("none yet");
    expect(said.get("stewards/certified")).to.match(/^nothing yet; a chain may begin in an epoch from 1 to 100/);
    expect(said.get("markers/active")).to.equal("first of protocol version 1, active from epoch 1 on");
  });
});
