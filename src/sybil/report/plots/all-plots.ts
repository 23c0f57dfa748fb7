import type { RoundResult } from "../result.js";
import type { Plot } from "./chart.js";
import { passportCostsPlot, profitPlot, stampCostsPlot } from "./costs.js";
import { driftPlot } from "./drift.js";
import { gatePlot } from "./gate.js";
import { projectsPlot, rulesPlot, taxPlot } from "./matching.js";
import { calibrationPlot, coefficientsPlot, heuristicsPlot } from "./method.js";
import { bandsPlot, groupsPlot } from "./shares.js";
import { stampEffectsPlot, tradeOffPlot } from "./tuning.js";
import { clustersPlot, probabilitiesPlot } from "./suspects.js";

const PLOTS: readonly ((result: RoundResult) => Plot[])[] = [
  clustersPlot,
  probabilitiesPlot,
  heuristicsPlot,
  coefficientsPlot,
  calibrationPlot,
  bandsPlot,
  gatePlot,
  groupsPlot,
  passportCostsPlot,
  stampCostsPlot,
  profitPlot,
  projectsPlot,
  rulesPlot,
  taxPlot,
  tradeOffPlot,
  stampEffectsPlot,
  driftPlot,
];

/** Every plot that the result has data for, in the order of the page. */
export const plotsOf = (result: RoundResult): Plot[] => PLOTS.flatMap((plot) => plot(result));
