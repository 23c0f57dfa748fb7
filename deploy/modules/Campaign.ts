import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { CampaignPlan } from "../../src/chain/deployment/plan.js";

/**
 * A further distribution, of any ERC-20 token, by the same contract as the launch but without the token's hook. Fund it
 * by sending the list's total to its address.
 */
export default buildModule("Campaign", (m) => {
  const distributor = m.contract("TokenDistributor", [
    {
      token: m.getParameter("token"),
      treasury: m.getParameter("treasury"),
      owner: m.getParameter("owner"),
      guardian: m.getParameter("guardian"),
      signer: m.getParameter("signer"),
      signerKind: m.getParameter("signerKind"),
      launch: false,
      merkleRoot: m.getParameter("merkleRoot"),
      listHash: m.getParameter("listHash"),
      start: m.getParameter("start"),
      end: m.getParameter("end"),
      gate: m.getParameter("gate"),
    },
  ]);
  return { distributor };
});

/** A checked plan as the module's parameters. `owner` and `treasury` are the Timelock. */
export function campaignParameters(plan: CampaignPlan, token: string, timelock: string) {
  const { guardian, signer, signerKind, merkleRoot, listHash, start, end, gate } = plan;
  const settings = { guardian, signer, signerKind, merkleRoot, listHash, start, end, gate: { ...gate } };
  return { Campaign: { token, treasury: timelock, owner: timelock, ...settings } };
}
