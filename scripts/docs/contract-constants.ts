import type { Signer } from "ethers";

import {
  GovernanceToken__factory,
  Timelock__factory,
  TokenDistributor__factory,
  TokenGovernor__factory,
} from "../../typechain-types/index.js";
import { type ContractConstant, duration } from "./parameters-page.js";

interface Deployment {
  readonly token: string;
  readonly distributor: string;
  readonly governor: string;
  readonly timelock: string;
}

/** Asks deployed contracts for the numbers that are compiled into them. */
export async function contractConstants(reader: Signer, deployment: Deployment): Promise<ContractConstant[]> {
  const token = GovernanceToken__factory.connect(deployment.token, reader);
  const distributor = TokenDistributor__factory.connect(deployment.distributor, reader);
  const governor = TokenGovernor__factory.connect(deployment.governor, reader);
  const timelock = Timelock__factory.connect(deployment.timelock, reader);
  const { name, version } = await distributor.eip712Domain();
  const of = (contract: string) => (constant: string, value: unknown, meaning: string) => ({
    ...{ contract, name: constant, value: String(value), meaning },
  });
  const ofToken = of("GovernanceToken");
  const ofDistributor = of("TokenDistributor");
  const ofGovernor = of("TokenGovernor");
  const anyone = await timelock.hasRole(await timelock.EXECUTOR_ROLE(), `0x${"0".repeat(40)}`);
  return [
    ofToken("decimals", await token.decimals(), "one token is 10 to this power of wei"),
    ofToken("MINT_INTERVAL", duration(Number(await token.MINT_INTERVAL())), "least time between two mints"),
    ofToken("MINT_CAP_PERCENT", `${await token.MINT_CAP_PERCENT()} %`, "most that one mint adds to the supply"),
    ofToken("CLOCK_MODE", await token.CLOCK_MODE(), "votes are counted at times, not blocks (ERC-6372)"),
    ofDistributor("eip712Domain", `${name}, version ${version}`, "what claim signatures are made for"),
    ofDistributor(
      "MAX_GUARDIAN_PAUSE",
      duration(Number(await distributor.MAX_GUARDIAN_PAUSE())),
      "longest pause of signed claims by a guardian, once",
    ),
    ofGovernor("quorumDenominator", await governor.quorumDenominator(), "quorums are thousandths of the supply"),
    ofGovernor("COUNTING_MODE", await governor.COUNTING_MODE().then((mode) => `\`${mode}\``), "how votes are counted"),
    of("Timelock")("executor", anyone ? "anyone" : "restricted", "who may carry out what was queued and waited"),
  ];
}
