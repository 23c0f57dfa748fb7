import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

/** Everything that `protocol deploy` creates. */
export const RELEASE_SOURCES = [
  "contracts/distributor/TokenDistributor.sol",
  "contracts/distributor/TokenLaunch.sol",
  "contracts/governance/Timelock.sol",
  "contracts/governance/TokenGovernor.sol",
  "contracts/token/GovernanceToken.sol",
  "contracts/token/TreasuryVester.sol",
];

/** What the later steps create, each compiled by itself as well. */
export const PASSPORT_SOURCES = ["contracts/passport/PassportDecoder.sol", "contracts/passport/PassportRegistry.sol"];
export const CERTIFICATES_SOURCES = [
  "contracts/certificates/CertificateRegistry.sol",
  "contracts/certificates/EraMarkers.sol",
  "contracts/certificates/StmVerifier.sol",
];
export const RULES_SOURCES = ["contracts/passport/RulesAuthority.sol"];
export const STAKING_SOURCES = ["contracts/staking/IdentityStaking.sol"];
export const VERIFIER_SOURCES = ["contracts/certificates/StmVerifier.sol"];

/**
 * Compiles what is deployed, with the production profile, unless the user asked for the everyday one.
 *
 * Always the same sources in one fresh compilation: the optimizer's output for a contract depends on what is compiled
 * beside it, and the token that TokenLaunch carries must be, byte for byte, the token that is inspected and verified.
 */
export async function buildRelease(
  hre: HardhatRuntimeEnvironment,
  sources: readonly string[] = RELEASE_SOURCES,
): Promise<void> {
  const build = hre.tasks.getTask("build");
  if (hre.globalOptions.buildProfile === "default") await build.run({ quiet: true, noTests: true });
  else await build.run({ quiet: true, files: [...sources], force: true, defaultBuildProfile: "production" });
}
