import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import type { PassportPlan } from "../../src/chain/deployment/passport.js";

/**
 * The registry, the community's own scorer in it, and the decoder that answers for this scorer. Nobody owns the registry:
 * the Timelock administers scorers under certificates, and each other scorer has its manager.
 */
export default buildModule("Passport", (m) => {
  const registry = m.contract("PassportRegistry", [m.getParameter("timelock")]);
  const settings = {
    maxRootAge: m.getParameter("maxRootAge"),
    maxLifetime: m.getParameter("maxLifetime"),
    minRootInterval: m.getParameter("minRootInterval"),
  };
  const scorer = [m.getParameter("manager"), m.getParameter("operator"), m.getParameter("operatorKind"), settings];
  const created = m.call(registry, "createScorer", scorer);
  // Anyone may make scorers, so the id is what the event says, not 1.
  const scorerId = m.readEventArgument(created, "ScorerCreated", "scorerId");
  const decoder = m.contract("PassportDecoder", [registry, scorerId]);
  return { registry, decoder };
});

/** A checked plan as the module's parameters. */
export const passportParameters = (plan: PassportPlan) => ({ Passport: { ...plan } });
