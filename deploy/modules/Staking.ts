import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import type { StakingPlan } from "../../src/chain/deployment/passport.js";

/** The staking contract; its only admin is the Timelock, and the deployer never has a role. */
export default buildModule("Staking", (m) => {
  const staking = m.contract("IdentityStaking", [
    {
      token: m.getParameter("token"),
      admin: m.getParameter("admin"),
      slasher: m.getParameter("slasher"),
      releaser: m.getParameter("releaser"),
      pauser: m.getParameter("pauser"),
      burnRecipient: m.getParameter("burnRecipient"),
      appealWindow: m.getParameter("appealWindow"),
    },
  ]);
  return { staking };
});

/** A checked plan as the module's parameters. */
export const stakingParameters = (plan: StakingPlan) => ({ Staking: { ...plan } });
