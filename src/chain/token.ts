import type { Provider } from "ethers";

import { GovernanceToken__factory, type GovernanceToken } from "../../typechain-types/index.js";
import { formatUnits } from "../shared/decimal.js";
import type { Call, Step } from "./call.js";

/** The governance token as it stands. Amounts are wei, times seconds since the epoch. */
export interface TokenInfo {
  readonly address: string;
  readonly name: string;
  readonly symbol: string;
  readonly supply: bigint;
  readonly minter: string;
  readonly mintingAllowedAfter: bigint;
  readonly distributor: string;
}

/** One account's part in it. */
export interface HolderInfo {
  readonly account: string;
  readonly balance: bigint;
  readonly votes: bigint;
  readonly delegatee: string;
}

/** Reads a `GovernanceToken` and prepares calls to it. */
export class TokenGateway {
  readonly address: string;
  readonly #contract: GovernanceToken;

  constructor(address: string, provider: Provider) {
    this.address = address;
    this.#contract = GovernanceToken__factory.connect(address, provider);
  }

  async info(): Promise<TokenInfo> {
    const token = this.#contract;
    const [name, symbol, supply, minter, mintingAllowedAfter, distributor] = await Promise.all([
      token.name(),
      token.symbol(),
      token.totalSupply(),
      token.minter(),
      token.mintingAllowedAfter(),
      token.distributor(),
    ]);
    return { address: this.address, name, symbol, supply, minter, mintingAllowedAfter, distributor };
  }

  async holder(account: string): Promise<HolderInfo> {
    const token = this.#contract;
    const [balance, votes, delegatee] = await Promise.all([
      token.balanceOf(account),
      token.getVotes(account),
      token.delegates(account),
    ]);
    return { account, balance, votes, delegatee };
  }

  async delegate(account: string, delegatee: string): Promise<Step> {
    if ((await this.#contract.delegates(account)) === delegatee) {
      return { done: `${account} delegates to ${delegatee} already` };
    }
    const data = this.#contract.interface.encodeFunctionData("delegate", [delegatee]);
    return { call: { to: this.address, data, value: 0n, summary: `delegate the votes of ${account} to ${delegatee}` } };
  }

  /** The minter's call; `amount` in wei. */
  mint(to: string, amount: bigint): Call {
    const data = this.#contract.interface.encodeFunctionData("mint", [to, amount]);
    return { to: this.address, data, value: 0n, summary: `mint ${formatUnits(amount, 18)} tokens to ${to}` };
  }
}
