import { read, verdict, whole } from "./figures.js";

interface Scheme {
  readonly parties: number;
  readonly proof: { readonly signatures: number };
  readonly lines: readonly { readonly step: string; readonly milliseconds: number; readonly native: number | null }[];
  readonly realCertificate: { readonly milliseconds: number; readonly goal: number; readonly indices: number } | null;
}

/** The steps of the multisignature, beside the native implementation. */
export function multisignatureSection(): string[] {
  const { parties, proof, lines, realCertificate } = read<Scheme>("stm");
  const rows = lines.map(({ step, milliseconds, native }) => {
    const judged = native === null ? "| |" : `${native} | 3 ×: ${verdict(milliseconds <= 3 * native)} |`;
    return `| ${step} | ${milliseconds.toFixed(1)} | ${judged}`;
  });
  const real =
    realCertificate === null
      ? []
      : [
          `| a real certificate of ${whole(realCertificate.indices)} indices, from its text | ${realCertificate.milliseconds.toFixed(1)} | | ${realCertificate.goal} ms: ${verdict(realCertificate.milliseconds < realCertificate.goal)} |`,
        ];
  return [
    "## The multisignature",
    "",
    `\`npm run bench:stm\`: one thread, k 250, m 1,523, φ 0.2, ${whole(parties)} parties, a proof of ${proof.signatures} signatures. _Native_ are the`,
    "figures that the Rust implementation publishes (Apple M1 Pro), not run here.",
    "",
    "| step | ms | native, ms | goal |",
    "|---|---|---|---|",
    ...rows,
    ...real,
  ];
}
