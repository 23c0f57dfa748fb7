import { ContractFactory } from "ethers";
import { errorResult, successfulResult } from "hardhat/utils/result";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { verifyOnchain } from "../../src/chain/stm-verifier.js";
import { shortHash } from "../../src/mithril/certificate.js";
import { readCertificates } from "../../src/mithril/read-certificates.js";
import { claimOf } from "../../src/mithril/verify.js";
import { sendingAccount } from "../accounts.js";
import { type ChainConnection, givenOrDeployed } from "../deployment.js";
import { readText } from "../files.js";
import { printResult } from "../output.js";
import { buildRelease, VERIFIER_SOURCES } from "../protocol/build.js";
import { run } from "../run.js";

interface VerifyOnchainArguments {
  readonly file: string;
  readonly verifier: string | undefined;
  readonly deploymentId: string | undefined;
  readonly from: string | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

const verify: NewTaskActionFunction<VerifyOnchainArguments> = async (given, hre) =>
  run(async () => {
    const certificates = readCertificates(await readText(given.file, "The file of certificates"), given.file);
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const verifier = await findVerifier(hre, connection, given, signer);
    const results = [];
    for (const certificate of certificates.filter(({ isGenesis }) => !isGenesis)) {
      const verdict = await verifyOnchain(signer, verifier, () => claimOf(certificate), given.dryRun);
      results.push({ hash: certificate.hash, epoch: certificate.epoch, ...verdict });
    }
    const refused = results.filter(({ refusal }) => refusal !== undefined).length;
    const gas = results.reduce((sum, result) => sum + (result.gas ?? 0n), 0n);
    printResult(given.json, { ok: refused === 0, network: connection.networkName, verifier, gas, refused, results }, [
      ...results.map(({ hash, epoch, ...verdict }) => `${shortHash(hash)}  epoch ${epoch}  ${describe(verdict)}`),
      `verifier ${verifier} on ${connection.networkName}: ${results.length - refused} of ${results.length} accepted`,
      `${given.dryRun ? "estimated" : "used"} gas, whole transactions: ${gas.toLocaleString("en")}`,
    ]);
    return refused === 0 ? successfulResult() : errorResult();
  });

const describe = ({ gas, calldataBytes, refusal }: Awaited<ReturnType<typeof verifyOnchain>>): string =>
  gas === undefined ? `REFUSED ${refusal}` : `${gas.toLocaleString("en")} gas  ${calldataBytes} bytes of calldata`;

/** The verifier that is there; on the in-process chain, which begins empty, a new one as it would be deployed. */
async function findVerifier(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  { verifier, deploymentId }: VerifyOnchainArguments,
  signer: Awaited<ReturnType<typeof sendingAccount>>,
): Promise<string> {
  if (verifier !== undefined || connection.networkConfig.type !== "edr-simulated") {
    return givenOrDeployed(verifier, hre, connection, "StmVerifier", deploymentId);
  }
  await buildRelease(hre, VERIFIER_SOURCES);
  const { abi, bytecode } = await hre.artifacts.readArtifact("StmVerifier");
  const contract = await new ContractFactory([...abi], bytecode, signer).deploy();
  await contract.waitForDeployment();
  return contract.getAddress();
}

export default verify;
