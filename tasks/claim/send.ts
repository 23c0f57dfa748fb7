import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { claimCall } from "../../src/chain/claim-call.js";
import { parseClaimDocument } from "../../src/claims/claim-file.js";
import { ClaimError } from "../../src/claims/errors.js";
import { verifyClaimFile } from "../../src/claims/verify-claim.js";
import { sendingAccount } from "../accounts.js";
import { readText } from "../files.js";
import { run } from "../run.js";
import { submit } from "../submit.js";

interface SendArguments {
  file: string;
  from: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const send: NewTaskActionFunction<SendArguments> = async ({ file, from, dryRun, json }, hre) =>
  run(async () => {
    const text = await readText(file, "The claim file");
    verifyClaimFile(text);
    const document = parseClaimDocument(text);
    const connection = await hre.network.create();
    const { chainId } = await connection.ethers.provider.getNetwork();
    if (chainId !== document.domain.chainId) {
      const message = `The claim is for chain ${document.domain.chainId}, the network is chain ${chainId}`;
      throw new ClaimError("claims/domain-mismatch", message);
    }
    const { call, sender } = claimCall(document);
    const signer = await sendingAccount(connection, from ?? sender);
    await submit(
      { call },
      { connection, signer, json, dryRun },
      { kind: document.kind, userId: document.claim.userId },
    );
  });

export default send;
