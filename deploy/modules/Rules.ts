import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The authority of scorers whose rules are voted on; the Timelock owns it from the start. */
export default buildModule("Rules", (m) => {
  const rules = m.contract("RulesAuthority", [
    m.getParameter("registry"),
    m.getParameter("governance"),
    m.getParameter("operator"),
  ]);
  return { rules };
});
