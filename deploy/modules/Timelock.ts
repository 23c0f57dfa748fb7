import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

/**
 * The owner of everything. Execution is open to anyone: what the token holders decided and waited for must not depend on
 * somebody who may refuse to carry it out. The deployer is admin until `Protocol` has appointed the governor.
 */
export default buildModule("Timelock", (m) => {
  const timelock = m.contract("Timelock", [m.getParameter("delay"), [], [ZeroAddress], m.getAccount(0)]);
  return { timelock };
});
