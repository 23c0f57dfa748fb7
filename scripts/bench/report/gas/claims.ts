import { read, verdict, whole } from "../figures.js";

interface GasLine {
  readonly claim: string;
  readonly depth: number;
  readonly touchstone: number;
  readonly composite: number;
  readonly original: number | null;
  readonly goal: number | null;
}

/** What a claim costs in gas, beside a composite of libraries and the original. */
export function claimGasSection(): string[] {
  const { lines } = read<{ lines: readonly GasLine[] }>("claim-gas");
  const rows = lines.map(({ claim, depth, touchstone, composite, original, goal }) => {
    const judged = goal === null ? "" : `${whole(goal)}: ${verdict(touchstone <= goal)}`;
    return `| ${claim} | ${depth} | ${whole(touchstone)} | ${whole(composite)} | ${original === null ? "" : whole(original)} | ${judged} |`;
  });
  const missed = lines.some(({ touchstone, goal }) => goal !== null && touchstone > goal);
  const why = [
    "",
    "The batch to one steward misses its goal. The compiler's IR pipeline compares a call's selector with the token's functions one after",
    "another, and `distribute` comes late in that order; the rest lies in decoding each item's two signatures and proof. A function of",
    "another name, or decoding by hand, would win part of it; we kept the name and the readable code.",
  ];
  return [
    "## Gas of a claim",
    "",
    "`npm run bench:gas`: whole transactions on the in-process osaka chain, production profile, intrinsic cost and calldata included.",
    "*Composite* is a token of OpenZeppelin's parts with a trusted hook and a distributor of Solady's libraries, measured in the same",
    "run. *Original* are the published figures of the 2021 contracts (solc 0.6.12, their own settings), not run here. Steward: the",
    "delegate has votes already and the bitmap word is in use; fresh word: the first claim of its 256 ids; self: the account delegates to",
    "itself. Batches are gas per claim of twenty, both signatures checked.",
    "",
    "| claim | proof depth | Touchstone | composite | original | goal |",
    "|---|---|---|---|---|---|",
    ...rows,
    ...(missed ? why : []),
  ];
}
