// The walk-through's people. Their keys come from the mnemonic that every development chain publishes, so that the example
// list can name real addresses and anybody can claim for them; nothing of value belongs there.
import { HDNodeWallet, Mnemonic } from "ethers";

const MNEMONIC = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
/** Far above the indices that development chains fund, so that a person starts with nothing. */
const FIRST_INDEX = 10_000;

export const PEOPLE = 1_000;

/** Every second user's address was known when the list was made. */
export const isBound = (userId: number): boolean => userId % 2 === 0;

const account = HDNodeWallet.fromMnemonic(MNEMONIC, "m/44'/60'/0'/0");

/** One of the accounts that every development chain funds, by its address. */
export function developmentAccount(address: string): HDNodeWallet {
  const indices = Array.from({ length: 20 }, (_, index) => index);
  const found = indices.map((index) => account.deriveChild(index)).find((wallet) => wallet.address === address);
  if (found === undefined) throw new Error("the walk-through needs a development chain with the well-known accounts");
  return found;
}

export function personOf(userId: number): HDNodeWallet {
  return account.deriveChild(FIRST_INDEX + userId);
}

/** Between 50 and 5,000 tokens with an uneven fraction, in wei: the same for the same user on every machine. */
export function amountOf(userId: number): bigint {
  const tokens = 50n + ((BigInt(userId) * 7_919n) % 4_951n);
  return tokens * 10n ** 18n + ((BigInt(userId) * 1_000_003n) % 1_000_000n) * 10n ** 6n;
}
