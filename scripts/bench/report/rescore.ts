import { read, verdict, whole } from "./figures.js";

interface Rescored {
  readonly passports: number;
  readonly stamps: number;
  readonly engine: string;
  readonly rescore: { readonly seconds: number; readonly changed: number; readonly flipped: number };
  readonly tree: { readonly seconds: number };
  readonly toRoot: number;
  readonly peakMegabytes: number;
  readonly bulk: { readonly addresses: number; readonly seconds: readonly number[] };
}

/** A whole community scored under a new version. */
export function rescoreSection(): string[] {
  const { passports, stamps, engine, rescore, tree, toRoot, peakMegabytes, bulk } = read<Rescored>("rescore");
  const size = `${whole(passports)} passports of ${stamps} stamps`;
  const full = passports >= 1_000_000;
  const slowest = Math.max(...bulk.seconds);
  return [
    "## Rescoring a community",
    "",
    `\`npm run bench:rescore\`: a new version for ${size} on ${engine}, which shares the cores: every score changes and`,
    "leaves a line of history, one stamp in fifty is a duplicate, some links have ended since. One process of the service, its memory at its",
    "peak. Rows are made without signatures, and twenty accounts are scored anew first to show that the service would have made the same.",
    "",
    "| goal | measured | |",
    "|---|---|---|",
    `| from the database to a Merkle root in 60 s | ${toRoot.toFixed(1)} s (scores ${rescore.seconds.toFixed(1)}, tree ${tree.seconds.toFixed(1)}) | ${verdict(full && toRoot < 60)} |`,
    `| memory below 1.5 GB | ${whole(peakMegabytes)} MB | ${verdict(full && peakMegabytes < 1_500)} |`,
    `| ${whole(bulk.addresses)} addresses in one request in 1 s | ${slowest.toFixed(2)} s, the slowest of ${bulk.seconds.length} | ${verdict(bulk.addresses >= 10_000 && slowest < 1)} |`,
  ];
}
