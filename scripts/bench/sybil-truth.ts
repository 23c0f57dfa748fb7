// `npm run bench:sybil-truth [-- --json FILE] [--rounds 8]`: the analysis and tuned scorers against rounds whose truth is known, from
// seeds that the tuning never saw. Shares, not times: a busy machine changes nothing.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { judgeFarms, REVIEWED, type TruthFigures } from "./sybil-truth/judge-farms.js";

/** Rounds that weights are tuned on. */
const TUNING_SEEDS = [1, 2, 3];
/** The first of the seeds that are judged. */
const FIRST_UNSEEN = 1_001;
const DONORS = 2_000;

const { values } = parseArgs({ options: { json: { type: "string" }, rounds: { type: "string" } } });
const rounds = Number(values.rounds ?? 8);
const unseen = Array.from({ length: rounds }, (_, at) => FIRST_UNSEEN + at);
const sets: TruthFigures[] = [];
for (const adaptive of [false, true]) {
  const started = performance.now();
  const figures = judgeFarms({ adaptive, donors: DONORS, tuningSeeds: TUNING_SEEDS, unseenSeeds: unseen });
  sets.push(figures);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const { alone, reviewed } = figures.analysis;
  const { before, after, answered } = figures.passing;
  console.log(
    `${adaptive ? "adaptive" : "plain"} farms (${((performance.now() - started) / 1_000).toFixed(0)} s): caught ${percent(alone.recall.share)} without review, ${percent(reviewed.recall.share)} with; ` +
      `Sybils passing ${percent(before.sybils.share)} before, ${percent(after.sybils.share)} after, ${percent(answered.sybils.share)} once farms have read the new rules`,
  );
}
const report = { donors: DONORS, reviewed: REVIEWED, tuningSeeds: TUNING_SEEDS, unseenSeeds: unseen, sets };
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
