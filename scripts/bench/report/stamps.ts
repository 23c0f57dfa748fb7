import { read, whole } from "./figures.js";

interface StampsFigures {
  readonly credentials: number;
  readonly lines: readonly { readonly what: string; readonly perSecond: number; readonly perCpuSecond: number }[];
}

/** Checking one credential, beside the libraries. */
export function stampsSection(): string[] {
  const { credentials, lines } = read<StampsFigures>("stamps");
  return [
    "## Checking one credential",
    "",
    `\`npm run bench:stamps\`: one thread, ${whole(credentials)} distinct credentials, each checked once; and the libraries that were compared.`,
    "",
    "| what | per second | per second of processor |",
    "|---|---|---|",
    ...lines.map(({ what, perSecond, perCpuSecond }) => `| ${what} | ${whole(perSecond)} | ${whole(perCpuSecond)} |`),
  ];
}
