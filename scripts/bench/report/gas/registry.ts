import { read, verdict, whole } from "../figures.js";

interface RegistryGasLine {
  readonly action: string;
  readonly gas: number;
  readonly goal: number | null;
}

/** What a certificate costs in gas in its registry. */
export function registryGasSection(): string[] {
  const { rows } = read<{ rows: readonly RegistryGasLine[] }>("certificates-gas");
  const row = ({ action, gas, goal }: RegistryGasLine) =>
    `| ${action} | ${whole(gas)} | ${goal === null ? "" : `${whole(goal)}: ${verdict(gas <= goal)}`} |`;
  return [
    "## Gas of the certificate registry",
    "",
    "`npm run bench:certificates-gas`: whole transactions on the in-process osaka chain, production profile. A seal reads every steward's votes",
    "at three times; with busy votes they have to be searched for. What a certificate costs is the verifier's and the registry's part.",
    "",
    "| action | gas | goal |",
    "|---|---|---|",
    ...rows.map(row),
  ];
}
