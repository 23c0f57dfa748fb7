import { readFileSync } from "node:fs";

import { expect } from "chai";
import { getAddress, ZeroAddress } from "ethers";

import { parseManifest } from "../../../src/chain/deployment/manifest.js";
import { parseCampaignParameters, parseParameters } from "../../../src/chain/deployment/parameters.js";
import { planPassport, planStaking } from "../../../src/chain/deployment/passport.js";
import { planDeployment, revivePlan } from "../../../src/chain/deployment/plan.js";
import { DomainError } from "../../../src/shared/errors.js";
import { toJson } from "../../../src/shared/json.js";
import { exampleList, localParameters, localPlan, TOKEN } from "../../support/deployment-plan.js";

const NOW = 1_800_000_000;
const DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError)
      return `${error.code}: ${String(error.details.field ?? error.details.role ?? "")}`;
    throw error;
  }
  return "accepted";
}

/** The local parameters with one field, named by its path, changed; `undefined` removes it. */
function changed(path: string, value: unknown): string {
  const document = JSON.parse(localParameters()) as Record<string, unknown>;
  const keys = path.split(".");
  let section = document;
  for (const key of keys.slice(0, -1)) section = section[key] as Record<string, unknown>;
  if (value === undefined) delete section[keys.at(-1)!];
  else section[keys.at(-1)!] = value;
  return JSON.stringify(document);
}

describe("deployment parameters", () => {
  it("are read from the local file", () => {
    const { governor, token, distribution } = parseParameters(localParameters());
    expect(token.supply).to.equal(100_000_000n * TOKEN);
    expect(governor.quorumPermille).to.equal(25);
    expect(distribution.start).to.deep.equal({ afterDeployment: 0 });
  });

  for (const network of ["sepolia", "mainnet"]) {
    it(`of ${network} lack nothing but the signer, which only the community knows`, () => {
      const text = readFileSync(`deploy/parameters/${network}.json`, "utf8");
      expect(refusal(() => parseParameters(text))).to.equal("deployment/bad-parameters: distribution.signer");
      const signed = JSON.parse(text) as { distribution: { signer: string } };
      signed.distribution.signer = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
      expect(parseParameters(JSON.stringify(signed)).governor.quorumPermille).to.equal(25);
    });
  }

  const wrong: [string, unknown][] = [
    ["format", "touchstone-parameters-v2"],
    ["token.name", ""],
    ["token.symbol", " TOUCH"],
    ["token.supply", 100000000],
    ["token.supply", "1e8"],
    ["token.supply", "0"],
    ["token.supply", "79228162515"],
    ["token.mintingAllowedAfter", "tomorrow"],
    ["token.mintingAllowedAfter", "2029-02-28T25:00:00Z"],
    ["token.mintingAllowedAfter", "2029-02-30T00:00:00Z"],
    ["allocation.vester", "-1"],
    ["allocation.treasury", null],
    ["distribution.duration", 3599],
    ["distribution.duration", 2592000000000],
    ["distribution.signer", ZeroAddress],
    ["distribution.signer", "0x70997970c51812dc3A010C7d01b50e0d17dc79C8"],
    ["distribution.signer", "70997970C51812dc3A010C7d01b50e0d17dc79C8"],
    ["distribution.signerKind", "hardware"],
    ["distribution.guardian", "nobody"],
    ["governor.votingDelay", 1.5],
    ["governor.votingPeriod", 0],
    ["governor.votingPeriod", "3600"],
    ["governor.proposalThreshold", "100000001"],
    ["governor.quorumPermille", 0],
    ["governor.quorumPermille", 1001],
    ["governor.voteExtension", 3601],
    ["timelock.delay", 0],
    ["timelock.delay", 2592001],
    ["vesting.duration", 0],
    ["vesting.cliff", 63072001],
    ["passport.operator", "0x12"],
    ["passport.operatorKind", "certificate"],
    ["passport.manager", ZeroAddress],
    ["passport.maxRootAge", 0],
    ["passport.maxRootAge", 65536],
    ["passport.maxLifetime", 31622401],
    ["passport.minRootInterval", 0],
    ["passport.minRootInterval", 7776001], // longer than the lifetime
    ["staking.slasher", 7],
    ["staking.burnRecipient", null],
    ["staking.appealWindow", 2591999],
    ["staking.appealWindow", 15552001],
    ["staking.releaser", "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65"], // the slasher
  ];
  for (const [field, value] of wrong) {
    it(`are refused when ${field} is ${JSON.stringify(value)}`, () => {
      const code = refusal(() => parseParameters(changed(field, value)));
      expect(code).to.equal(`deployment/bad-parameters: ${field}`);
    });
  }

  it("are refused with a missing, a misspelt or an unknown field, or as no object", () => {
    for (const text of [
      changed("governor.quorumPermille", undefined),
      changed("governor.quorum", 25),
      changed("vestings", {}),
      changed("timelock", 172800),
      "{",
      "[]",
    ]) {
      expect(refusal(() => parseParameters(text))).to.match(/^deployment\/bad-parameters/);
    }
  });

  it("name the field of a gate that cannot be", () => {
    const registry = "0x5AFE000000000000000000000000000000001234";
    const right = { registry: getAddress(registry.toLowerCase()), scorer: "1", minimum: "20.5" };
    const gate = (changes: object) => changed("distribution.gate", { ...right, ...changes });
    expect(parseParameters(gate({})).distribution.gate).to.deep.equal({
      ...{ registry: right.registry, scorerId: "1", minimum: 205_000 },
    });
    expect(parseParameters(changed("distribution.gate", undefined)).distribution.gate).to.equal(null);
    for (const [field, value] of [
      ["registry", ZeroAddress],
      ["scorer", "0"],
      ["scorer", 1],
      ["scorer", (2n ** 256n).toString()],
      ["minimum", "0"],
      ["minimum", "20.00001"],
      ["minimum", "429496.7296"],
      ["minimum", 20],
    ] as const) {
      const code = refusal(() => parseParameters(gate({ [field]: value })));
      expect(code).to.equal(`deployment/bad-parameters: distribution.gate.${field}`);
    }
  });

  it("may leave passport and staking out, until these are deployed", () => {
    const without = JSON.parse(localParameters()) as Record<string, unknown>;
    delete without.passport;
    delete without.staking;
    const { passport, staking } = parseParameters(JSON.stringify(without));
    const timelock = "0x5AFE000000000000000000000000000000001234";
    expect(refusal(() => planPassport(passport, timelock, DEPLOYER))).to.equal("deployment/bad-parameters: passport");
    expect(refusal(() => planStaking(staking, { timelock, token: timelock }, DEPLOYER))).to.equal(
      "deployment/bad-parameters: staking",
    );
    const undecided = parseParameters(changed("passport.operator", null)).passport;
    expect(refusal(() => planPassport(undecided, timelock, DEPLOYER))).to.equal(
      "deployment/bad-parameters: passport.operator",
    );
  });

  it("give the Timelock what nobody is named for, and the deployer nothing", () => {
    const { passport, staking } = parseParameters(localParameters());
    const [timelock, token] = [
      "0x0000000000000000000000000000000000000001",
      "0x0000000000000000000000000000000000000002",
    ];
    expect(planPassport(passport, timelock, DEPLOYER)).to.include({ timelock, manager: timelock, operatorKind: 0 });
    const plan = planStaking(staking, { timelock, token }, DEPLOYER);
    expect(plan).to.include({ token, admin: timelock, releaser: timelock, appealWindow: 2592000 });
    expect(planStaking({ ...staking!, slasher: null }, { timelock, token }, DEPLOYER).slasher).to.equal(ZeroAddress);
    for (const role of ["slasher", "releaser", "pauser"] as const) {
      const named = { ...staking!, [role]: DEPLOYER };
      expect(refusal(() => planStaking(named, { timelock, token }, DEPLOYER))).to.equal(
        `deployment/deployer-keeps-power: staking.${role}`,
      );
    }
    for (const role of ["operator", "manager"] as const) {
      expect(refusal(() => planPassport({ ...passport!, [role]: DEPLOYER }, timelock, DEPLOYER))).to.equal(
        `deployment/deployer-keeps-power: passport.${role}`,
      );
    }
  });

  it("of a campaign are a file of their own or a section of the whole", () => {
    const whole = JSON.parse(localParameters()) as { format: string; distribution: object };
    const own = JSON.stringify({ format: whole.format, distribution: whole.distribution });
    expect(parseCampaignParameters(own)).to.deep.equal(parseCampaignParameters(localParameters()));
    expect(refusal(() => parseCampaignParameters("{}"))).to.match(/^deployment\/bad-parameters/);
  });
});

describe("a deployment plan", () => {
  const plan = (text: string, list = exampleList) =>
    planDeployment(parseParameters(text), list, { now: NOW, deployer: DEPLOYER });

  it("gives the distributor exactly the list's total and the treasury the rest", () => {
    const { distributed, vested, treasury, supply } = plan(localParameters());
    expect([distributed, vested, treasury]).to.deep.equal(
      [50_000_000n, 40_000_000n, 10_000_000n].map((n) => n * TOKEN),
    );
    expect(distributed + vested + treasury).to.equal(supply);
  });

  it("counts relative times from the chain's time and keeps absolute ones", () => {
    const { distribution, vesting } = plan(changed("vesting.start", "2027-01-15T08:00:00Z"));
    expect([distribution.start, distribution.end]).to.deep.equal([NOW, NOW + 2592000]);
    expect(vesting.start).to.equal(NOW);
  });

  it("accepts explicit amounts only when they add up to the supply, to the wei", () => {
    expect(refusal(() => plan(changed("allocation.treasury", "10000000")))).to.equal("accepted");
    for (const treasury of ["10000000.000000000000000001", "9999999.999999999999999999", "0"]) {
      const code = refusal(() => plan(changed("allocation.treasury", treasury)));
      expect(code).to.equal("deployment/supply-mismatch: ");
    }
  });

  it("refuses a list that is larger than what vester and supply leave", () => {
    const list = { ...exampleList, total: 60_000_000n * TOKEN + 1n };
    expect(refusal(() => plan(localParameters(), list))).to.equal("deployment/supply-mismatch: ");
  });

  it("refuses times that the contracts would refuse later", () => {
    const ended = changed("distribution.start", "2026-01-01T00:00:00Z");
    expect(refusal(() => plan(ended))).to.equal("deployment/bad-time: ");
    const minting = changed("token.mintingAllowedAfter", { afterDeployment: 86399 });
    expect(refusal(() => plan(minting))).to.equal("deployment/bad-time: ");
  });

  it("refuses a deployer who would keep a power", () => {
    expect(refusal(() => plan(changed("distribution.signer", DEPLOYER)))).to.equal(
      "deployment/deployer-keeps-power: signer",
    );
    expect(refusal(() => plan(changed("distribution.guardian", DEPLOYER)))).to.equal(
      "deployment/deployer-keeps-power: guardian",
    );
  });

  it("survives being written as JSON", () => {
    const original = localPlan(NOW, DEPLOYER);
    expect(revivePlan(JSON.parse(toJson(original)))).to.deep.equal(original);
  });
});

describe("a list's manifest", () => {
  const manifest = {
    format: "touchstone-allocation-v1",
    tree: "standard-v1",
    root: `0x${"ab".repeat(32)}`,
    listHash: `0x${"cd".repeat(32)}`,
    count: 3,
    total: "1000",
  };

  it("is read as far as a deployment needs it", () => {
    const { root, listHash, count } = manifest;
    expect(parseManifest(JSON.stringify(manifest))).to.deep.equal({ root, listHash, count, total: 1000n });
  });

  for (const [field, value] of [
    ["format", "v2"],
    ["tree", "uniswap"],
    ["root", `0x${"00".repeat(32)}`],
    ["root", "0xab"],
    ["listHash", undefined],
    ["count", 0],
    ["total", "0"],
    ["total", 1000],
    ["total", "1e3"],
  ] as [string, unknown][]) {
    it(`is refused when ${field} is ${JSON.stringify(value)}`, () => {
      const text = JSON.stringify({ ...manifest, [field]: value });
      expect(refusal(() => parseManifest(text))).to.match(/^deployment\/bad-manifest/);
    });
  }

  it("is refused when it is no JSON object", () => {
    for (const text of ["", "null", "7"]) {
      expect(refusal(() => parseManifest(text))).to.match(/^deployment\/bad-manifest/);
    }
  });
});
