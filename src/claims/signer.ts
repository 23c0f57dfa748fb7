import { MAX_USER_ID, type AllocationBook } from "../merkle/allocation.js";
import { ClaimError } from "./errors.js";
import type { Claim } from "./typed-data.js";

/**
 * Signs claims. An interface of its own, so that a KMS or another process can hold the key; what is behind it must not
 * trust the service that calls it (see {@link guardedSigner}).
 */
export interface ClaimSigner {
  /** The account that the distributor knows as its signer, EIP-55. */
  readonly account: string;
  /** The signature, 64 bytes (EIP-2098), 65, or what an ERC-1271 contract wants; 0x-prefixed hex. */
  sign(claim: Claim): Promise<string>;
}

/**
 * Re-checks each claim against the ratified list before the key is used, from its own copy of the list: whoever owns
 * the service still cannot have a wrong amount, an unknown user, or a bound user's tokens signed away.
 */
export function guardedSigner(signer: ClaimSigner, book: AllocationBook): ClaimSigner {
  return {
    account: signer.account,
    async sign(claim) {
      const refuse = (reason: string) =>
        new ClaimError("claims/signer-refused", `The signer refused user ${claim.userId}: ${reason}`, {
          userId: claim.userId,
        });
      if (!Number.isInteger(claim.userId) || claim.userId < 0 || claim.userId > MAX_USER_ID) {
        throw refuse("the id is no uint32");
      }
      const allocation = book.find(claim.userId);
      if (allocation === undefined) throw refuse("not on the list");
      if (allocation.amount !== claim.amount || claim.amount <= 0n) throw refuse("the amount is not the list's");
      if (allocation.account !== null) throw refuse("a bound user needs no signature");
      if (BigInt(claim.account) === 0n) throw refuse("the account is zero");
      return await signer.sign(claim);
    },
  };
}
