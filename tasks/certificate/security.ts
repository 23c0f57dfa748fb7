import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { securityReport, type SecurityReport } from "../../src/certificates/security-report.js";
import type { StmParameters } from "../../src/stm/parameters.js";
import { parseNumber, parsePhi, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openRegistry, type RegistryArguments } from "./open.js";

interface SecurityArguments extends RegistryArguments {
  k: string | undefined;
  m: string | undefined;
  phi: string | undefined;
  json: boolean;
}

const security: NewTaskActionFunction<SecurityArguments> = async (given, hre) =>
  run(async () => {
    const named = given.k !== undefined || given.m !== undefined || given.phi !== undefined;
    const report = securityReport(named ? typed(given) : await held());
    printResult(given.json, report, describe(report));

    async function held(): Promise<StmParameters> {
      const registry = await openRegistry(hre, await hre.network.create(), given);
      return (await registry.parametersOf((await registry.clock()).epoch)).stm;
    }
  });

function typed(given: SecurityArguments): StmParameters {
  return {
    k: parseNumber(required(given.k, "--k"), "--k"),
    m: parseNumber(required(given.m, "--m"), "--m"),
    phiF: parsePhi(required(given.phi, "--phi")),
  };
}

function describe({ parameters: { k, m, phiF }, forging, failing, breakEven, unsafe }: SecurityReport): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);
  return [
    `k ${k}, m ${m}, phi_f ${phiF}: chances per message, as bits`,
    "  adversary's share of the registered stake, and its chance to forge",
    ...forging.map(({ share, bits }) => `  ${percent(share)}  2^-${bits.toFixed(1)}`),
    "  share that signs, and its chance to miss the quorum",
    ...failing.map(({ share, bits }) => `  ${percent(share)}  2^-${bits.toFixed(1)}`),
    `  the quorum needs ${percent(breakEven).trim()} of the stake on average`,
    ...(unsafe ? ["Unsafe: for test networks alone"] : []),
  ];
}

export default security;
