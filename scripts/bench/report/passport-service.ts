import { read, whole } from "./figures.js";

interface PassportFigures {
  readonly engine: string;
  readonly passports: number;
  readonly stamps: number;
  readonly rssMegabytes: number;
  readonly lines: readonly { readonly what: string; readonly seconds: number; readonly perSecond: number }[];
}

/** The passport service's use cases, without HTTP. */
export function passportServiceSection(): string[] {
  const { engine, passports, stamps, rssMegabytes, lines } = read<PassportFigures>("passport");
  return [
    "## The passport service's use cases",
    "",
    `\`npm run bench:passport\`: in one process on ${engine}, without HTTP; ${whole(passports)} passports of ${stamps} stamps. Every signature is checked,`,
    `every change leaves history. ${whole(rssMegabytes)} MB in the end.`,
    "",
    "| what | seconds | per second |",
    "|---|---|---|",
    ...lines.map(({ what, seconds, perSecond }) => `| ${what} | ${seconds.toFixed(2)} | ${whole(perSecond)} |`),
  ];
}
