// Between the wire and the domain: every field of a request is parsed exactly once here, and only the parsed value goes on.
import { ZeroAddress } from "ethers";

import { parseAddress } from "../claims/address.js";
import type { ClaimDocument } from "../claims/claim-document.js";
import type { ClaimRequest, ClaimState } from "../claims/claim-service.js";
import { ClaimError } from "../claims/errors.js";
import { parseDecimal } from "../shared/decimal.js";
import type { ClaimRequestBody } from "./claim-schemas.js";

export function claimRequestFromWire(body: ClaimRequestBody): ClaimRequest {
  const { submitter, deadline, accountSignature } = body;
  const account = addressFromWire(body.account, "account");
  if (account === ZeroAddress) throw invalid("account", "is the zero address");
  return {
    userId: body.userId,
    account,
    delegatee: body.delegatee === undefined ? ZeroAddress : addressFromWire(body.delegatee, "delegatee"),
    expectedAmount: body.amount === undefined ? null : decimalFromWire(body.amount, "amount"),
    sponsorship: sponsorshipFromWire(submitter, deadline, accountSignature),
  };
}

function sponsorshipFromWire(
  submitter: string | undefined,
  deadline: string | undefined,
  signature: string | undefined,
): ClaimRequest["sponsorship"] {
  if (submitter === undefined && deadline === undefined && signature === undefined) return null;
  if (submitter === undefined || deadline === undefined) {
    throw invalid(submitter === undefined ? "submitter" : "deadline", "is missing; a sponsored claim names both");
  }
  if (signature === undefined) {
    throw new ClaimError(
      "claims/account-signature-missing",
      "A sponsored claim carries the account's own signature over the same struct",
    );
  }
  return {
    submitter: addressFromWire(submitter, "submitter"),
    deadline: decimalFromWire(deadline, "deadline"),
    accountSignature: Buffer.from(signature.slice(2), "hex"),
  };
}

export function userIdFromWire(text: string): number {
  const userId = parseDecimal(text);
  if (userId === undefined || userId > 0xffff_ffffn) throw invalid("userId", "is no uint32");
  return Number(userId);
}

export function addressFromWire(text: string, field: string): string {
  const address = parseAddress(text);
  if (address === undefined) throw invalid(field, "has a wrong EIP-55 checksum");
  return address;
}

function decimalFromWire(text: string, field: string): bigint {
  const value = parseDecimal(text);
  if (value === undefined || value >= 2n ** 256n) throw invalid(field, "is no uint256 in plain digits");
  return value;
}

function invalid(field: string, reason: string): ClaimError {
  return new ClaimError("claims/invalid-request", `${field} ${reason}`, { field });
}

export function claimDocumentToWire(document: ClaimDocument) {
  const { claim, domain } = document;
  return {
    ...document,
    proof: [...document.proof],
    domain: { ...domain, chainId: domain.chainId.toString() },
    claim: { ...claim, amount: claim.amount.toString(), deadline: claim.deadline.toString() },
  };
}

export function claimStateToWire({ userId, kind, status, amount, record }: ClaimState) {
  const transaction = record?.inclusion?.transactionHash ?? record?.transaction?.hash ?? null;
  return {
    userId,
    kind,
    status,
    amount: amount.toString(),
    account: record?.account ?? null,
    delegatee: record?.delegatee ?? null,
    submitter: record?.submitter ?? null,
    deadline: record?.deadline.toString() ?? null,
    transaction,
    blockNumber: record?.inclusion?.blockNumber ?? null,
    detail: describe(status, transaction),
  };
}

function describe(status: ClaimState["status"], transaction: string | null): string {
  switch (status) {
    case "available":
      return "No claim was given yet";
    case "issued":
      return "Your claim was given and waits to be sent";
    case "broadcast":
      return `Your claim is pending in transaction ${transaction}`;
    case "confirmed":
      return transaction === null ? "You have claimed" : `You have claimed in transaction ${transaction}`;
    case "expired":
      return "Your claim has expired; ask for a new one";
  }
}
