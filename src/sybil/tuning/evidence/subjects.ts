// Whom weights are tuned on: accounts with the stamps they hold and the class that somebody gave them.
import { SybilError } from "../../errors.js";

export interface TuningSubject {
  readonly donor: string;
  readonly stamps: ReadonlySet<string>;
  /** What the labels say. Labels of an analysis are its opinion, not the truth. */
  readonly sybil: boolean;
  /** Accounts of one cluster are never on both sides of a split; whoever is in none has one alone. */
  readonly cluster: number;
}

/** Throws `sybil/bad-setting` unless both classes are there. */
export function requireBothClasses(subjects: readonly TuningSubject[]): void {
  const sybils = subjects.filter(({ sybil }) => sybil).length;
  if (sybils === 0 || sybils === subjects.length) {
    const what = sybils === 0 ? "Sybils" : "people";
    throw new SybilError("sybil/bad-setting", `there are no ${what} among the ${subjects.length} labelled accounts`);
  }
}

/** Deals clusters out to `folds`, the largest first, each to the fold that has the fewest accounts. */
export function clusterFolds(subjects: readonly TuningSubject[], folds: number): Uint32Array {
  const clusters = new Map<number, number[]>();
  subjects.forEach(({ cluster }, at) => {
    const members = clusters.get(cluster);
    if (members === undefined) clusters.set(cluster, [at]);
    else members.push(at);
  });
  // Each class is dealt out by itself, so that no fold is without one where there are clusters enough.
  const result = new Uint32Array(subjects.length);
  for (const wanted of [true, false]) {
    const sizes = new Float64Array(folds);
    const dealt = [...clusters.values()]
      .filter((members) => (subjects[members[0] as number] as TuningSubject).sybil === wanted)
      .sort((a, b) => b.length - a.length);
    for (const members of dealt) {
      let least = 0;
      for (let fold = 1; fold < folds; fold++) if ((sizes[fold] as number) < (sizes[least] as number)) least = fold;
      for (const at of members) result[at] = least;
      sizes[least] = (sizes[least] as number) + members.length;
    }
  }
  return result;
}
