import type { AllocationBook } from "../../src/merkle/allocation.js";
import { bookOfUsers } from "./allocations.js";
import { developmentWallet } from "./development-wallet.js";

/** The user whose leaf is bound, to the development mnemonic's account 9. */
export const BOUND_USER = 100;
/** How many unbound users the list has: 1 to this number, user n with n tokens. */
export const USERS = 40;

export function worldBook(): AllocationBook {
  return bookOfUsers(USERS, { userId: BOUND_USER, amount: 5n * 10n ** 18n, account: developmentWallet(9).address });
}
