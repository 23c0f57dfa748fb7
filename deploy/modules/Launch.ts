import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { ZeroAddress } from "ethers";

import TimelockModule from "./Timelock.js";
import TreasuryVesterModule from "./TreasuryVester.js";

/**
 * Token and launch distributor, created by one transaction of a third contract because each names the other for ever.
 * The whole supply exists from the start: the list's total in the distributor, the rest in vester and Timelock.
 */
export default buildModule("Launch", (m) => {
  const { timelock } = m.useModule(TimelockModule);
  const { vester } = m.useModule(TreasuryVesterModule);
  const launch = m.contract("TokenLaunch", [
    {
      name: m.getParameter("name"),
      symbol: m.getParameter("symbol"),
      minter: timelock,
      mintingAllowedAfter: m.getParameter("mintingAllowedAfter"),
      allocations: [
        { account: vester, amount: m.getParameter("vested") },
        { account: timelock, amount: m.getParameter("treasury") },
      ],
      distributed: m.getParameter("distributed"),
    },
    {
      token: ZeroAddress, // TokenLaunch fills it in
      treasury: timelock,
      owner: timelock,
      guardian: m.getParameter("guardian"),
      signer: m.getParameter("signer"),
      signerKind: m.getParameter("signerKind"),
      launch: true,
      merkleRoot: m.getParameter("merkleRoot"),
      listHash: m.getParameter("listHash"),
      start: m.getParameter("start"),
      end: m.getParameter("end"),
      gate: m.getParameter("gate"),
    },
  ]);
  const token = m.contractAt("GovernanceToken", m.staticCall(launch, "token"));
  const distributor = m.contractAt("TokenDistributor", m.staticCall(launch, "distributor"));
  return { launch, token, distributor };
});
