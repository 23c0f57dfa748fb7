import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import LaunchModule from "./Launch.js";
import TimelockModule from "./Timelock.js";

export default buildModule("Governor", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { token } = m.useModule(LaunchModule);
  const governor = m.contract("TokenGovernor", [
    token,
    timelock,
    {
      name: m.getParameter("name"),
      votingDelay: m.getParameter("votingDelay"),
      votingPeriod: m.getParameter("votingPeriod"),
      proposalThreshold: m.getParameter("proposalThreshold"),
      quorumPermille: m.getParameter("quorumPermille"),
      voteExtension: m.getParameter("voteExtension"),
    },
  ]);
  return { governor };
});
