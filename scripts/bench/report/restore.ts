import { read, verdict, whole } from "./figures.js";

interface Restored {
  readonly streams: readonly string[];
  readonly downloadSeconds: number;
  readonly loadSeconds: number;
  readonly firstScoreSeconds: number;
  readonly seconds: number;
  readonly rssMegabytes: number;
}

/** Restoring a snapshot from a mirror. */
export function restoreSection(): string[] {
  const run = read<{
    readonly passports: number;
    readonly stamps: number;
    readonly megabytes: number;
    readonly compressedMegabytes: number;
    readonly restores: readonly Restored[];
  }>("restore");
  // The goals are for a million passports; a smaller run says nothing about them.
  const judged = (met: boolean) => (run.passports >= 1_000_000 ? verdict(met) : "not judged at this size");
  const seconds = (value: number) => value.toFixed(1);
  return [
    "## Restoring a snapshot",
    "",
    `\`npm run bench:restore\`: ${whole(run.passports)} passports with ${run.stamps} stamps each, ${whole(run.megabytes)} MiB of chunks in ${whole(run.compressedMegabytes)} MiB of files, from a`,
    "mirror on loopback into PGlite in a folder, every digest checked. Goals, for 1,000,000 passports: 300 s and 2,048 MB.",
    "",
    "| streams | download | verify and load | first score | all | memory | time | memory |",
    "|---|---|---|---|---|---|---|---|",
    ...run.restores.map(
      (one) =>
        `| ${one.streams.join(", ")} | ${seconds(one.downloadSeconds)} s | ${seconds(one.loadSeconds)} s | ${seconds(one.firstScoreSeconds)} s | ${seconds(one.seconds)} s | ${whole(one.rssMegabytes)} MB | ${judged(one.seconds < 300)} | ${judged(one.rssMegabytes < 2_048)} |`,
    ),
  ];
}
