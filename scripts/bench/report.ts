// Writes docs/benchmarks.md from the figures that the benchmarks left in docs/benchmarks/: `npm run bench:report`.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";

import { format, resolveConfig } from "prettier";

import { claimServiceSection } from "./report/claim-service.js";
import { claimGasSection } from "./report/gas/claims.js";
import { multisignatureGasSection } from "./report/gas/multisignature.js";
import { registryGasSection } from "./report/gas/registry.js";
import { scoreGasSection } from "./report/gas/scores.js";
import { stakeGasSection } from "./report/gas/stakes.js";
import { loadSection } from "./report/load.js";
import { multisignatureSection } from "./report/multisignature.js";
import { networkSection } from "./report/network.js";
import { passportServiceSection } from "./report/passport-service.js";
import { rescoreSection } from "./report/rescore.js";
import { restoreSection } from "./report/restore.js";
import { stampsSection } from "./report/stamps.js";
import { sybilSection } from "./report/sybil.js";
import { sybilReportSection } from "./report/sybil-report.js";
import { sybilTruthSection } from "./report/sybil-truth.js";
import { treeSection } from "./report/tree.js";

const text = [
  "# Benchmarks",
  "",
  `Written by \`npm run bench\` from real runs, here on ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.versions.node}. Machines`,
  "are noisy: compare ratios, and run it on yours. The figures as JSON lie in [benchmarks/](benchmarks).",
  "",
  ...claimGasSection(),
  "",
  ...scoreGasSection(),
  "",
  ...rescoreSection(),
  "",
  ...stakeGasSection(),
  "",
  ...treeSection(),
  "",
  ...claimServiceSection(),
  "",
  ...multisignatureSection(),
  "",
  ...restoreSection(),
  "",
  ...multisignatureGasSection(),
  "",
  ...registryGasSection(),
  "",
  ...networkSection(),
  "",
  ...stampsSection(),
  "",
  ...passportServiceSection(),
  "",
  ...loadSection(),
  "",
  ...sybilSection(),
  "",
  ...sybilReportSection(),
  "",
  ...sybilTruthSection(),
].join("\n");
const file = path.resolve(import.meta.dirname, "../../docs/benchmarks.md");
writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
