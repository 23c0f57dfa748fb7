import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { id, ZeroHash } from "ethers";

import type { DeploymentPlan } from "../../src/chain/deployment/plan.js";
import GovernorModule from "./Governor.js";
import LaunchModule from "./Launch.js";
import TimelockModule from "./Timelock.js";
import TreasuryVesterModule from "./TreasuryVester.js";

/**
 * The whole protocol. It ends with the governor as the Timelock's only proposer and canceller, and with a deployer who
 * holds no role, no token and no contract: `protocol inspect` proves it. Its parameters come from
 * {@link protocolParameters}: the plan was checked before anything is sent.
 */
export default buildModule("Protocol", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { vester } = m.useModule(TreasuryVesterModule);
  const { launch, token, distributor } = m.useModule(LaunchModule);
  const { governor } = m.useModule(GovernorModule);
  const appointments = ["PROPOSER_ROLE", "CANCELLER_ROLE"].map((role) =>
    m.call(timelock, "grantRole", [id(role), governor], { id: `Grant_${role}` }),
  );
  // Last of all: after this nobody but the Timelock itself can change a role, so everything else must be right before.
  m.call(timelock, "renounceRole", [ZeroHash, m.getAccount(0)], {
    id: "RenounceAdmin",
    after: [...appointments, vester, token, distributor],
  });
  return { timelock, vester, launch, token, distributor, governor };
});

/** A checked plan as the modules' parameters, for `ignition.deploy(Protocol, { parameters })`. */
export function protocolParameters(plan: DeploymentPlan) {
  const { token, distribution, governor, timelock, vesting } = plan;
  return {
    Timelock: { delay: timelock.delay },
    TreasuryVester: { start: vesting.start, duration: vesting.duration, cliff: vesting.cliff },
    Launch: {
      name: token.name,
      symbol: token.symbol,
      mintingAllowedAfter: token.mintingAllowedAfter,
      vested: plan.vested,
      treasury: plan.treasury,
      distributed: plan.distributed,
      guardian: distribution.guardian,
      signer: distribution.signer,
      signerKind: distribution.signerKind,
      merkleRoot: distribution.merkleRoot,
      listHash: distribution.listHash,
      start: distribution.start,
      end: distribution.end,
      gate: { ...distribution.gate },
    },
    Governor: { ...governor },
  };
}
