import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { verifyClaimFile } from "../../src/claims/verify-claim.js";
import { readText } from "../files.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

const verify: NewTaskActionFunction<{ file: string; json: boolean }> = async ({ file, json }) =>
  run(async () => {
    const verified = verifyClaimFile(await readText(file, "The claim file"));
    const { format, kind, userId, account, amount, delegatee, leaf, digest, signer, merkleRoot } = verified;
    printResult(json, verified, [
      `format    ${format}, ${kind}`,
      `user      ${userId}`,
      `account   ${account}`,
      `amount    ${amount} wei`,
      `delegatee ${delegatee}`,
      `leaf      ${leaf}`,
      `digest    ${digest ?? "none: the proof is enough"}`,
      `signer    ${signer ?? "none: the proof is enough"}`,
      `root      ${merkleRoot ?? "not in the file"}`,
      ...(verified.accountSignature === "none" ? [] : [`account's signature: ${verified.accountSignature}`]),
      "The file is consistent.",
    ]);
  });

export default verify;
