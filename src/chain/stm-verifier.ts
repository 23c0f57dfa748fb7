// Multisignatures brought to the contract StmVerifier, one transaction each. Nobody needs to send one to read a verdict: this
// is for the gas of a real transaction, base cost and calldata included.
import { hexlify, type Interface, type Signer } from "ethers";

import { DomainError } from "../shared/errors.js";
import type { Claim } from "../stm/verify.js";
import { StmVerifier__factory } from "../../typechain-types/index.js";
import { minedReceipt } from "./send-call.js";
import { sendNext } from "./unmined.js";
import { describeRefusal } from "./refusal.js";
import { contractKey, contractParameters, encodeProof } from "./stm-calldata.js";

/** The most gas that a transaction may have (EIP-7825). */
export const TRANSACTION_GAS_CAP = 16_777_216n;

export interface OnchainVerdict {
  /** Gas that the transaction used, or for an estimate would use; absent when it was refused. */
  readonly gas?: bigint;
  readonly calldataBytes?: number;
  /** Why the contract, or its calldata, takes no such proof. */
  readonly refusal?: string;
}

const verifierInterface: Interface = StmVerifier__factory.createInterface();

/**
 * Sends a claim to the verifier at `address`, or with `estimateOnly` asks what that would cost. A proof that does not
 * decode or is refused is a verdict; what goes wrong on the way to the chain throws.
 */
export async function verifyOnchain(
  signer: Signer,
  address: string,
  claim: () => Claim,
  estimateOnly = false,
): Promise<OnchainVerdict> {
  try {
    const { proof, message, key, parameters } = claim();
    // Calldata has one leaf for each signer, so a path that names another would go unnoticed there.
    const { indices } = proof.path;
    const astray = proof.signatures.findIndex(({ signature }, i) => signature.signerIndex !== indices[i]);
    if (astray !== -1 || indices.length !== proof.signatures.length) {
      return { refusal: "its batch path names other leaves than its signers" };
    }
    const data = verifierInterface.encodeFunctionData("verify", [
      contractKey(key),
      contractParameters(parameters),
      message,
      hexlify(encodeProof(proof)),
    ]);
    const transaction = { to: address, data };
    const calldataBytes = data.length / 2 - 1;
    const estimate = await signer.estimateGas(transaction);
    if (estimate > TRANSACTION_GAS_CAP) return { refusal: `it needs ${estimate} gas, above a transaction's cap` };
    if (estimateOnly) return { gas: estimate, calldataBytes };
    const slack = estimate + estimate / 5n;
    const gasLimit = slack < TRANSACTION_GAS_CAP ? slack : TRANSACTION_GAS_CAP;
    const receipt = await minedReceipt(
      signer,
      await sendNext(signer, { ...transaction, value: 0n }, () => Promise.resolve(gasLimit)),
    );
    return { gas: receipt.gasUsed, calldataBytes };
  } catch (error) {
    // Whether it verifies is not known of one that nobody mined.
    if (error instanceof DomainError && error.code === "chain/not-mined") throw error;
    if (error instanceof DomainError) return { refusal: error.message.replace(/\.$/, "") };
    const refusal = describeRefusal(error, [verifierInterface]);
    if (refusal === undefined) throw error;
    return { refusal };
  }
}
