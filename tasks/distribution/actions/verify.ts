import { errorResult, successfulResult } from "hardhat/utils/result";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { parseFiles } from "../../../src/merkle/build-request.js";
import { verifyAllocations } from "../../../src/merkle/verify-allocations.js";
import { terminalProgress } from "../../../src/shared/progress.js";
import { printResult } from "../../output.js";
import { run } from "../../run.js";

interface VerifyArguments {
  readonly dir: string;
  readonly list: string;
  readonly exclude: string;
  readonly json: boolean;
}

const verify: NewTaskActionFunction<VerifyArguments> = async ({ dir, list, exclude, json }) =>
  run(async () => {
    const request = { folder: dir, list: list === "" ? null : list, exclude: parseFiles(exclude) };
    const { manifest, differences } = await verifyAllocations(request, terminalProgress());
    const valid = differences.length === 0;
    const against = list === "" ? "its own entries (--list checks it against the list)" : list;
    printResult(json, { valid, differences, ...manifest }, [
      ...differences.map(({ file, problem }) => `${file}: ${problem}`),
      valid ? `${dir} is right in every row, node and proof, against ${against}` : `${dir} is not what it claims to be`,
      `root ${manifest.root}, ${manifest.count} rows, ${manifest.total} wei, list hash ${manifest.listHash}`,
    ]);
    return valid ? successfulResult() : errorResult();
  });

export default verify;
