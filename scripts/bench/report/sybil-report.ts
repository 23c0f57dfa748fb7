import { has, read, verdict, whole } from "./figures.js";

interface Measured {
  readonly donors: number;
  readonly projects: number;
  readonly donations: number;
  readonly cores: number;
  readonly stages: readonly {
    readonly stage: string;
    readonly milliseconds: number;
    readonly cpuMilliseconds: number;
  }[];
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly rssMegabytes: number;
}

const STAGES: Readonly<Record<string, string>> = {
  read: "read the tables",
  assess: "features, heuristics, model",
  match: "match by four rules, propose weights, and the sections",
  write: "plots, page, files",
};

/** The whole report of a round of the published size. */
export function sybilReportSection(): string[] {
  if (!has("sybil-report")) return [];
  const { donors, projects, donations, stages, milliseconds, cpuMilliseconds, rssMegabytes } =
    read<Measured>("sybil-report");
  const rows = stages.map((stage) => {
    return `| ${STAGES[stage.stage] ?? stage.stage} | ${whole(stage.milliseconds)} | ${whole(stage.cpuMilliseconds)} |`;
  });
  return [
    "## The report of a round",
    "",
    `\`npm run bench:sybil-report\`: a generated round of ${whole(donors)} donors, ${whole(projects)} projects and ${whole(donations)} sums of a donor`,
    `for a project, from its tables on disk to the folder. Goal: 60 s: ${verdict(milliseconds < 60_000)}. Peak of memory ${whole(rssMegabytes)} MB.`,
    "",
    "| stage | ms | of processor |",
    "| --- | --- | --- |",
    ...rows,
    `| together | ${whole(milliseconds)} | ${whole(cpuMilliseconds)} |`,
  ];
}
