// The model that tuning reads: ridge over stamps alone. Ridge keeps all of several stamps that say the same, and has standard errors.
import { STAMP_PREFIX, type FeatureTable } from "../../features/feature-table.js";
import { stampFeatures } from "../../features/catalogue.js";
import { DEFAULT_MODEL, fitModel, type ModelSettings } from "../../model/fit-model.js";
import { fitLogistic } from "../../model/logistic-model.js";
import type { Training } from "../../model/design.js";
import { SybilError } from "../../errors.js";
import type { FittedCoefficient, FitStamps, StampFit } from "./stamp-fit.js";
import type { TuningSubject } from "./subjects.js";

const RIDGE: ModelSettings = { ...DEFAULT_MODEL, alpha: 0, lambdas: 20, choice: "least-loss" };

/**
 * Fits "is a person" on stamps; the penalty is that of least loss over clusters left out, unless one is given. Throws
 * `sybil/bad-setting` where the model refuses.
 */
export const fitStamps: FitStamps = (subjects, stamps, penalty) => {
  const names = stamps.map((stamp) => `${STAMP_PREFIX}${stamp}`);
  const table = stampTable(subjects, stamps);
  const training = trainingOf(subjects);
  if (penalty !== undefined) {
    const model = fitLogistic(table, names, training, { alpha: RIDGE.alpha, lambda: penalty });
    return describe(model.intercept, model.terms, penalty, "ridge, its penalty given");
  }
  const { model, refused } = fitModel(table, names, training, RIDGE);
  if (model === undefined) throw new SybilError("sybil/bad-setting", `no weights can be proposed: ${refused}`);
  const { lambda } = model.penalty;
  const how = `ridge, penalty ${lambda.toPrecision(3)} of least loss over ${model.trainedOn.folds} folds of clusters`;
  return describe(model.intercept, model.terms, lambda, how);
};

function describe(
  intercept: number,
  terms: readonly {
    readonly feature: string;
    readonly coefficient: number;
    readonly standardError: number | undefined;
  }[],
  penalty: number,
  method: string,
): StampFit {
  const coefficients = new Map(
    terms.map(({ feature, coefficient, standardError }): [string, FittedCoefficient] => [
      feature.slice(STAMP_PREFIX.length),
      // The model speaks of Sybils.
      { value: -coefficient, standardError },
    ]),
  );
  return { intercept: -intercept, coefficients, penalty, method };
}

function stampTable(subjects: readonly TuningSubject[], stamps: readonly string[]): FeatureTable {
  const specs = stampFeatures(stamps).filter(({ name }) => name.startsWith(STAMP_PREFIX));
  const columns = new Map(
    stamps.map((stamp) => [
      `${STAMP_PREFIX}${stamp}`,
      Float64Array.from(subjects, ({ stamps: held }) => Number(held.has(stamp))),
    ]),
  );
  const of = new Int32Array(subjects.length).fill(-1);
  return {
    rows: subjects.length,
    specs,
    columns,
    clusters: { groups: [], of, signs: new Uint8Array(subjects.length) },
  };
}

const trainingOf = (subjects: readonly TuningSubject[]): Training => ({
  rows: Uint32Array.from(subjects.keys()),
  outcomes: Uint8Array.from(subjects, ({ sybil }) => Number(sybil)),
  weights: new Float64Array(subjects.length).fill(1 / subjects.length),
  groups: Int32Array.from(subjects, ({ cluster }) => cluster),
});
