import { read, verdict, whole } from "../figures.js";

interface PassportGasLine {
  readonly action: string;
  readonly "2^20": number;
  readonly "existing, off": number | null;
  readonly "existing, on": number | null;
  readonly goal: number | null;
}

/** What writing and reading a score on the chain costs in gas. */
export function scoreGasSection(): string[] {
  const { writes, reads } = read<{ writes: readonly PassportGasLine[]; reads: readonly PassportGasLine[] }>(
    "passport-gas",
  );
  const row = ({ action, goal, ...line }: PassportGasLine) => {
    const existing = [line["existing, off"], line["existing, on"]].flatMap((gas) => (gas === null ? [] : [whole(gas)]));
    const judged = goal === null ? "" : `${whole(goal)}: ${verdict(line["2^20"] <= goal)}`;
    return `| ${action} | ${whole(line["2^20"])} | ${existing.join(" / ")} | ${judged} |`;
  };
  return [
    "## Gas of scores",
    "",
    "`npm run bench:passport-gas`: a registry with 2^20 scores (proofs of 20 levels), production profile. Writes are whole transactions, reads",
    "execution with cold storage. *Existing* are the published figures of the attestation contracts in use, optimizer off / on, not run here.",
    "",
    "| action | gas | existing | goal |",
    "|---|---|---|---|",
    ...[...writes, ...reads].map(row),
  ];
}
