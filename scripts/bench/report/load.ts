import { has, read, verdict, whole } from "./figures.js";

interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly slowest: number;
}

interface UserLoad {
  readonly users: number;
  readonly thinkSeconds: number;
  readonly minutes: number;
  readonly stamps: string;
  readonly requests: number;
  readonly perSecond: number;
  readonly success: number;
  readonly acknowledgedStamps: number;
  readonly lostStamps: number;
  readonly all: Percentiles;
  readonly steps: Readonly<Record<string, Percentiles>>;
  readonly serviceCpuMilliseconds: number;
  readonly generatorCpuMilliseconds: number;
  readonly machineBusy: number;
  readonly cores: number;
  readonly cpu: string;
}

/** The load runs for ten minutes and by itself; a checkout where nobody ran it has no figures. */
export function loadSection(): string[] {
  if (!has("load")) return [];
  const load = read<UserLoad>("load");
  const row = ([step, { count, p50, p95, p99, slowest }]: [string, Percentiles]) =>
    `| ${[step, whole(count), ...[p50, p95, p99, slowest].map(whole)].join(" | ")} |`;
  const percent = (share: number) => `${(share * 100).toFixed(share === 1 ? 0 : 2)} %`;
  return [
    "## The passport service under load",
    "",
    `\`npm run bench:load -- --json docs/benchmarks/load.json\`: ${whole(load.users)} users for ${load.minutes} minutes, ${load.thinkSeconds} s between an answer and the next request, against one`,
    "service process; PostgreSQL and the users (autocannon, with the pauses put before its requests) share the machine's cores. A visit is",
    `a nonce, a sign-in (EIP-4361), four submissions of ${load.stamps.replace("-", " to ")} stamps, and a read of the score. Everybody is somebody new, all credentials were`,
    "made beforehand and none is sent twice; limits are on. A submission succeeds when each of its stamps counts. With these pauses nobody",
    `can send more than ${whole(load.users / load.thinkSeconds)} requests a second. *Existing* is what the operators of the service in use published of their own load test`,
    "(k6, 1,000 users, 2024-05-13, more and larger machines, a similar visit); it was not run here.",
    "",
    "| goal | existing (published) | measured | |",
    "|---|---|---|---|",
    `| 400 successful requests a second | 84.5 | ${load.perSecond.toFixed(1)} | ${verdict(load.perSecond >= 400)} |`,
    `| 100 % success | 80.5 % | ${percent(load.success)} of ${whole(load.requests)} | ${verdict(load.success === 1)} |`,
    `| no acknowledged stamp lost | | ${whole(load.lostStamps)} of ${whole(load.acknowledgedStamps)} | ${verdict(load.lostStamps === 0)} |`,
    `| p99 below 1 s | | ${whole(load.all.p99)} ms | ${verdict(load.all.p99 < 1_000)} |`,
    `| for ten minutes on two cores | | ${load.minutes} minutes on ${load.cores} | ${verdict(load.minutes >= 10 && load.cores <= 2)} |`,
    "",
    "| milliseconds | requests | p50 | p95 | p99 | slowest |",
    "|---|---|---|---|---|---|",
    ...Object.entries({ ...load.steps, all: load.all }).map(row),
    "",
    `A request took ${load.serviceCpuMilliseconds.toFixed(2)} ms of processor in the service and ${load.generatorCpuMilliseconds.toFixed(2)} ms in the users; the machine was ${percent(load.machineBusy)} busy.`,
    "",
  ];
}
