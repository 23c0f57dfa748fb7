import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

/** Compiles what is deployed: the production profile, unless the user asked for another with `--build-profile`. */
export async function buildRelease(hre: HardhatRuntimeEnvironment): Promise<void> {
  const { buildProfile } = hre.globalOptions;
  await hre.tasks
    .getTask("build")
    .run({ quiet: true, noTests: true, defaultBuildProfile: buildProfile ?? "production" });
}
