import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { buildAllocations } from "../../../src/merkle/build-allocations.js";
import { parseBuildRequest, type BuildTexts } from "../../../src/merkle/build-request.js";
import { TOKEN_DECIMALS } from "../../../src/merkle/list/options.js";
import { formatUnits } from "../../../src/shared/decimal.js";
import { terminalProgress } from "../../../src/shared/progress.js";
import { printResult } from "../../output.js";
import { run } from "../../run.js";

interface BuildArguments extends BuildTexts {
  readonly json: boolean;
}

const build: NewTaskActionFunction<BuildArguments> = async ({ json, ...texts }) =>
  run(async () => {
    const request = parseBuildRequest(texts);
    const { outcome, manifest } = await buildAllocations(request, terminalProgress());
    const { bound, unbound } = manifest.leaves;
    printResult(json, { outcome, out: request.out, ...manifest }, [
      outcome === "written" ? `Wrote ${request.out}` : `${request.out} holds this very list already`,
      `rows      ${manifest.count} (${bound} with an address, ${unbound} without)`,
      `total     ${formatUnits(BigInt(manifest.total), TOKEN_DECIMALS)} tokens (${manifest.total} wei)`,
      `root      ${manifest.root} (${manifest.tree}, proofs of at most ${manifest.depth} words)`,
      `list hash ${manifest.listHash} (SHA-256 of ${manifest.listFile})`,
      ...manifest.excluded.map(({ file, ids, rows }) => `excluded  ${rows} rows, of ${ids} ids in ${file}`),
    ]);
  });

export default build;
