import { AbiCoder, isCallException, ZeroHash, type Provider } from "ethers";

import { RulesAuthority__factory, type RulesAuthority } from "../../typechain-types/index.js";
import type { SignedAnchor } from "../passport/onchain/anchor-file.js";
import { hashRules } from "../passport/onchain/anchor-typed-data.js";
import { DomainError } from "../shared/errors.js";
import type { Step } from "./call.js";

/** A version of rules as the chain knows it. */
export interface OnchainRules {
  /** In units of 1e-4. */
  readonly threshold: number;
  /** The hash of the rules' document, 32 bytes of hex. */
  readonly definition: string;
}

/** `passport/rules-not-approved`: governance approved other rules for the scorer, or none. */
export type RulesErrorCode = "passport/rules-not-approved";

/** Reads a `RulesAuthority` and prepares calls to it. */
export class RulesAuthorityGateway {
  readonly address: string;
  readonly #contract: RulesAuthority;

  constructor(address: string, provider: Provider) {
    this.address = address;
    this.#contract = RulesAuthority__factory.connect(address, provider);
  }

  /** Whether there is such a contract, and for this registry. */
  async governs(registry: string): Promise<boolean> {
    try {
      return (await this.#contract.registry()) === registry;
    } catch (error) {
      // An ERC-1271 wallet, or nothing that answers: no authority of ours.
      if (isCallException(error) || (error as { code?: unknown }).code === "BAD_DATA") return false;
      throw error;
    }
  }

  governance(): Promise<string> {
    return this.#contract.governance();
  }

  operator(): Promise<string> {
    return this.#contract.operator();
  }

  async isApproved(scorerId: bigint, { threshold, definition }: OnchainRules): Promise<boolean> {
    return (await this.#contract.approvedRules(scorerId)) === hashRules(threshold, definition);
  }

  /** Governance's call: these rules, in place of those before. */
  async approve(scorerId: bigint, rules: OnchainRules): Promise<Step> {
    if (await this.isApproved(scorerId, rules))
      return { done: `these rules of scorer ${scorerId} are approved already` };
    const { threshold, definition } = rules;
    const data = this.#contract.interface.encodeFunctionData("approveRules", [scorerId, threshold, definition]);
    const summary = `approve the rules ${hashRules(threshold, definition)} of scorer ${scorerId}`;
    return { call: { to: this.address, data, value: 0n, summary } };
  }

  /** The signature that the registry wants: the operator's, with the anchor beside it. Throws `passport/rules-not-approved`. */
  async sign({ anchor, signature }: SignedAnchor): Promise<string> {
    const { scorerId, threshold, definition } = anchor;
    if (!(await this.isApproved(scorerId, anchor))) {
      const approved = await this.#contract.approvedRules(scorerId);
      const others = approved === ZeroHash ? "none" : approved;
      const message = `Governance approved ${others} as the rules of scorer ${scorerId}, and the root is of ${hashRules(threshold, definition)}.`;
      throw new DomainError<RulesErrorCode>("passport/rules-not-approved", message, { scorerId, approved });
    }
    return AbiCoder.defaultAbiCoder().encode([ANCHOR, "bytes"], [anchor, signature]);
  }
}

/** `IPassportRegistry.Anchor`. */
const ANCHOR =
  "tuple(uint256 scorerId,uint32 number,bytes32 root,uint64 issuedAt,uint32 threshold,bytes32 definition,uint64 count,string uri,uint256 deadline)";
