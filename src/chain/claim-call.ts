import type { ClaimDocument } from "../claims/claim-document.js";
import { TokenDistributor__factory } from "../../typechain-types/index.js";
import type { Call } from "./call.js";

/** The call that sends a claim, and who may send it. */
export function claimCall(document: ClaimDocument): { readonly call: Call; readonly sender: string } {
  const { kind, claim, proof, signature = "0x", accountSignature = "0x", domain } = document;
  const { userId, account, amount, delegatee, submitter, deadline } = claim;
  const distributor = TokenDistributor__factory.createInterface();
  const path = [...proof];
  const summary = `claim ${amount} wei of user ${userId} for ${account}`;
  const call = (data: string): Call => ({ to: domain.verifyingContract, data, value: 0n, summary });
  switch (kind) {
    case "bound":
      return {
        call: call(distributor.encodeFunctionData("claim", [userId, amount, delegatee, path])),
        sender: account,
      };
    case "signed": {
      const values = [userId, amount, delegatee, deadline, signature, path] as const;
      return { call: call(distributor.encodeFunctionData("claimSigned", [...values])), sender: account };
    }
    case "sponsored": {
      const item = {
        userId,
        account,
        amount,
        delegatee,
        deadline,
        accountSignature,
        signerSignature: signature,
        proof: path,
      };
      return { call: call(distributor.encodeFunctionData("claimBatch", [submitter, [item]])), sender: submitter };
    }
  }
}
