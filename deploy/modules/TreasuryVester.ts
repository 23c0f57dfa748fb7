import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import TimelockModule from "./Timelock.js";

/** Pays its tokens to the Timelock over time. */
export default buildModule("TreasuryVester", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const times = [m.getParameter("start"), m.getParameter("duration"), m.getParameter("cliff")];
  const vester = m.contract("TreasuryVester", [timelock, ...times]);
  return { vester };
});
