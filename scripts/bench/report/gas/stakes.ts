import { read, whole } from "../figures.js";

interface StakingLine {
  readonly operation: string;
  readonly gas: number;
  readonly predecessor: number | null;
}

/** What staking costs in gas, beside the predecessor. */
export function stakeGasSection(): string[] {
  const { lines } = read<{ lines: readonly StakingLine[] }>("staking-gas");
  const rows = lines.map(({ operation, gas, predecessor }) => {
    return `| ${operation} | ${whole(gas)} | ${predecessor === null ? "" : whole(predecessor)} |`;
  });
  return [
    "## Gas of stakes",
    "",
    "`npm run bench:staking`: whole transactions on the in-process chain, 200 optimizer runs as the predecessor's; the read is execution",
    "alone. *Predecessor* are measured figures of the contract in use, behind its proxy, not run here. A slash here is a record of its own",
    "with its evidence and its own time, which costs its storage.",
    "",
    "| operation | gas | predecessor |",
    "|---|---|---|",
    ...rows,
  ];
}
