import { read, verdict, whole } from "../figures.js";

interface StmGasLine {
  readonly case: string;
  readonly signers: number;
  readonly indices: number;
  readonly calldataBytes: number;
  readonly gas: number;
  readonly prototype: number;
  readonly goal: number | null;
  readonly least: number;
  readonly split: Readonly<Record<"calldata" | "pointsAndLeaves" | "lottery" | "merkle" | "bls", number>>;
  readonly floor: Readonly<Record<"pointsAndLeaves" | "lottery" | "merkle" | "bls", number>>;
}

/** What verifying a multisignature on the chain costs in gas, and where it goes. */
export function multisignatureGasSection(): string[] {
  const { lines, runtimeBytes } = read<{ lines: readonly StmGasLine[]; runtimeBytes: number }>("stm-gas");
  const rows = lines.map(({ goal, gas, ...line }) => {
    const judged = goal === null ? "" : `${whole(goal)}: ${verdict(gas <= goal)}`;
    const cells = [line.signers, line.indices, line.calldataBytes, gas, line.prototype, line.least].map(whole);
    return `| ${[line.case, ...cells, judged].join(" | ")} |`;
  });
  const splits = lines.map(({ case: name, split, floor }) => {
    const beside = (part: keyof typeof floor) => `${whole(split[part])} / ${whole(floor[part])}`;
    const parts = [beside("pointsAndLeaves"), beside("lottery"), beside("merkle"), beside("bls")];
    return `| ${[name, whole(split.calldata), ...parts].join(" | ")} |`;
  });
  return [
    "## Gas of a multisignature",
    "",
    "`npm run bench:stm-gas`: whole transactions to the stateless verifier on the in-process osaka chain, production profile,",
    `${whole(runtimeBytes)} bytes of code. _Prototype_ are the figures of the study before it, not run here. _Least_ is 21,000, the calldata and the`,
    "precompiles that the proof cannot do without, each with its call; everything else is the contract's own. Registrations are made up",
    "like the study's (stakes spread over a factor of 11, of 2 in the row of φ 0.8 and 30 leaves; everybody signs; few large signers first), so",
    "that numbers of signers differ a little from its own.",
    "",
    "| proof | signers | indices | bytes | gas | prototype | least | goal |",
    "|---|---|---|---|---|---|---|---|",
    ...rows,
    "",
    "Where it goes, each part beside its precompiles:",
    "",
    "| proof | calldata | points, leaves | lottery | Merkle | BLS |",
    "|---|---|---|---|---|---|",
    ...splits,
  ];
}
