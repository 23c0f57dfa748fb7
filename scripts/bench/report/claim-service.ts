import { read, verdict, whole } from "./figures.js";

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failures: number;
  readonly wrongSignatures: number;
  readonly engine: string;
}

/** The claim service under its load generator. */
export function claimServiceSection(): string[] {
  const load = read<Load>("service");
  const clean = load.failures === 0 && load.wrongSignatures === 0;
  return [
    "## The claim service",
    "",
    `\`npm run bench:service\`: one service process, ${load.engine}, anvil, and the load generator share the machine's cores. 200 concurrent`,
    "clients, distinct users and forwarded addresses, limits on; every answer's signature is verified afterwards.",
    "",
    "| goal | measured | |",
    "|---|---|---|",
    `| 1,000 signed claims a second | ${whole(load.perSecond)} | ${verdict(load.perSecond >= 1_000)} |`,
    `| no failure | ${load.failures} failures, ${load.wrongSignatures} wrong signatures | ${verdict(clean)} |`,
    `| p99 below 500 ms | p50 ${whole(load.p50)} ms, p99 ${whole(load.p99)} ms | ${verdict(load.p99 < 500)} |`,
  ];
}
