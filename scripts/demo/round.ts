import type { HDNodeWallet, Provider, Signer, Wallet } from "ethers";

import type { ClaimDomain } from "../../src/claims/typed-data.js";
import type { AllocationBook } from "../../src/merkle/allocation.js";
import type {
  GovernanceToken,
  Timelock,
  TokenDistributor,
  TokenGovernor,
  TreasuryVester,
} from "../../typechain-types/index.js";
import type { Narrator } from "./narrator.js";

/** A development chain whose clock can be moved: Hardhat's, in process or as a node, and anvil. */
export interface DemoChain {
  readonly provider: Provider;
  send(method: string, parameters: unknown[]): Promise<unknown>;
  /** Mines a block `seconds` later. */
  pass(seconds: number): Promise<void>;
  /** The newest block's time, in seconds since the epoch. */
  now(): Promise<number>;
}

/** What the chapters of the walk-through share. */
export interface Round {
  readonly narrator: Narrator;
  readonly chain: DemoChain;
  readonly book: AllocationBook;
  readonly domain: ClaimDomain;
  readonly token: GovernanceToken;
  readonly distributor: TokenDistributor;
  readonly governor: TokenGovernor;
  readonly timelock: Timelock;
  readonly vester: TreasuryVester;
  readonly deployer: Signer;
  readonly relayer: Signer;
  readonly stewards: readonly { readonly name: string; readonly signer: Signer; readonly address: string }[];
  readonly claimSigner: Wallet | HDNodeWallet;
  /** A listed person's wallet, connected to the chain and holding gas money. */
  person(userId: number): Promise<HDNodeWallet>;
}
