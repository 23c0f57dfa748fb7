import type { RoundResult } from "../result.js";
import { fontSize, legend, legendSeries, namedRows, namesAxis, percent, shareAxis, short, valueAxis } from "./axes.js";
import type { Plot, Width } from "./chart.js";
import { RULE_NAMES } from "./costs.js";
import { COLOURS } from "./palette.js";

const MOST_PROJECTS = 20;
type Project = RoundResult["matching"]["projects"][number];
const standardOf = (project: Project) => project.payouts.standard;
const change = (project: Project) => (standardOf(project)?.taxed ?? 0) - (standardOf(project)?.raw ?? 0);

/** The projects whose payout the defences change most. */
export function projectsPlot({ matching }: RoundResult): Plot[] {
  const changed = matching.projects.filter((project) => Math.abs(change(project)) > 0.005);
  const shown = changed
    .sort((a, b) => Math.abs(change(b)) - Math.abs(change(a)))
    .slice(0, MOST_PROJECTS)
    .sort((a, b) => change(a) - change(b));
  if (shown.length === 0) return [];
  const labels = shown.map(({ project }) => project);
  const kinds = [
    { name: "gets more", colour: COLOURS.human },
    { name: "gets less", colour: COLOURS.flagged },
  ];
  const most = Math.max(...shown.map((project) => Math.abs(change(project))));
  const signed = (value: number) => `${value > 0 ? "+" : "\u2212"}${short(Math.abs(value))}`;
  return [
    {
      id: "payouts",
      title: "Who gets more, who gets less",
      description: `The ${shown.length} projects whose payout under the standard rule changes most when flagged accounts are squelched and the project tax is taken: the change, and the payout before and after.`,
      height: { wide: 100 + shown.length * 24, narrow: 100 + shown.length * 23 },
      option: (width, room = width === "wide" ? 2.4 : 1.8) => ({
        ...namedRows(width, labels, { right: 24, top: 40 }, { axisLine: { show: false } }),
        ...legend(width, kinds),
        xAxis: valueAxis(width, "change of the payout, in the round's currency", {
          min: -room * most,
          max: room * most,
          axisLabel: { formatter: short, showMinLabel: false, showMaxLabel: false },
        }),
        series: [
          ...legendSeries(kinds),
          {
            type: "bar",
            silent: true,
            barWidth: 11,
            data: shown.map((project) => ({
              value: change(project),
              itemStyle: { color: change(project) > 0 ? COLOURS.human : COLOURS.flagged, borderRadius: 3 },
              label: {
                show: true,
                position: change(project) > 0 ? "right" : "left",
                color: COLOURS.soft,
                fontSize: fontSize(width) - 1,
                formatter: () => {
                  const { raw = 0, taxed = 0 } = standardOf(project) ?? {};
                  const by = signed(change(project));
                  return width === "wide" ? `${by}  (${short(raw)} → ${short(taxed)})` : by;
                },
              },
            })),
          },
        ],
      }),
      columns: ["project", "rule", "raw", "weighted", "squelched", "tax", "taxed"],
      rows: matching.projects.flatMap(({ project, payouts }) =>
        Object.entries(payouts).map(([rule, { raw, weighted, squelched, tax, taxed }]) => [
          project,
          rule,
          raw,
          weighted ?? "",
          squelched,
          tax ?? "",
          taxed,
        ]),
      ),
    },
  ];
}

/** How much of the pool each defence moves, by rule. */
export function rulesPlot({ matching, round }: RoundResult): Plot[] {
  const kinds = [
    { name: "weighting by passport", colour: COLOURS.other },
    { name: "squelching", colour: COLOURS.flagged },
    { name: "project tax", colour: COLOURS.tax },
  ];
  const shares = matching.rules.map(({ movedByWeighting, movedBySquelching, tax }) =>
    [movedByWeighting ?? 0, movedBySquelching, tax].map((value) => value / round.pool),
  );
  return [
    {
      id: "defences",
      title: "What each defence moves",
      description:
        "Share of the pool that goes to other projects because of each defence, by matching rule. A rule that already discounts those who act together leaves less to do.",
      height: { wide: 340, narrow: 340 },
      option: (width) => ({
        grid: {
          left: width === "wide" ? 66 : 50,
          right: 12,
          top: width === "wide" ? 44 : 64,
          bottom: width === "wide" ? 52 : 70,
        },
        ...legend(width, kinds),
        xAxis: namesAxis(
          width,
          matching.rules.map(({ rule }) => (RULE_NAMES[rule] ?? rule).replace(" ", width === "wide" ? " " : "\n")),
          {
            name: "matching rule",
            nameGap: width === "wide" ? 30 : 46,
          },
        ),
        yAxis: shareAxis(width, "moved, share of the pool", {}, width === "wide" ? 48 : 38),
        series: kinds.map(({ name, colour }, at) => ({
          type: "bar",
          name,
          silent: true,
          itemStyle: { color: colour, borderRadius: [3, 3, 0, 0] },
          data: shares.map((row) => row[at]),
          label: {
            show: width === "wide",
            position: "top",
            formatter: ({ value }: { value: number }) => percent(value, 1),
            color: COLOURS.soft,
            fontSize: fontSize(width) - 2,
          },
        })),
      }),
      columns: ["rule", "moved_by_weighting", "moved_by_squelching", "tax", "taxed_projects", "to_next_pool"],
      rows: matching.rules.map(({ rule, movedByWeighting, movedBySquelching, tax, taxedProjects, toNextPool }) => [
        rule,
        movedByWeighting ?? "",
        movedBySquelching,
        tax,
        taxedProjects,
        toNextPool,
      ]),
    },
  ];
}

const taxLabel = (project: Project, width: Width) =>
  `${short(standardOf(project)?.tax ?? 0)}${width === "wide" ? ` from ${project.flaggedDonors ?? "few"} flagged donors` : ""}`;

/** The projects that pay most tax. */
export function taxPlot({ matching }: RoundResult): Plot[] {
  const taxOf = (project: Project) => standardOf(project)?.tax ?? 0;
  const taxed = matching.projects.filter((project) => taxOf(project) > 0).sort((a, b) => taxOf(b) - taxOf(a));
  if (taxed.length === 0) return [];
  const shown = taxed.slice(0, MOST_PROJECTS).reverse();
  const labels = shown.map(({ project }) => project);
  return [
    {
      id: "project-tax",
      title: "Project tax",
      description: `The ${shown.length} of ${taxed.length} taxed projects that owe most under the standard rule, with the number of their flagged donors.`,
      height: { wide: 80 + shown.length * 22, narrow: 80 + shown.length * 22 },
      option: (width) => ({
        ...namedRows(width, labels, { right: width === "wide" ? 190 : 60, top: 8 }),
        xAxis: valueAxis(width, "tax, in the round's currency", { axisLabel: { formatter: short } }),
        series: [
          {
            type: "bar",
            silent: true,
            barWidth: 12,
            itemStyle: { color: COLOURS.tax, borderRadius: [0, 3, 3, 0] },
            data: shown.map(taxOf),
            label: {
              show: true,
              position: "right",
              color: COLOURS.soft,
              fontSize: fontSize(width) - 1,
              formatter: ({ dataIndex }: { dataIndex: number }) => taxLabel(shown[dataIndex] as Project, width),
            },
          },
        ],
      }),
      columns: ["project", "tax", "flagged_donors", "donors", "squelched", "taxed"],
      rows: taxed.map((project) => [
        project.project,
        taxOf(project),
        project.flaggedDonors ?? "",
        project.donors,
        standardOf(project)?.squelched ?? 0,
        standardOf(project)?.taxed ?? 0,
      ]),
    },
  ];
}
