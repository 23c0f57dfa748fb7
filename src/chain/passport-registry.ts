import type { Provider } from "ethers";

import { PassportRegistry__factory, type PassportRegistry } from "../../typechain-types/index.js";
import type { ScoresEntry } from "../certificates/scores-root.js";
import type { SignedAnchor } from "../passport/onchain/anchor-file.js";
import { anchorDomain, type AnchorDomain } from "../passport/onchain/anchor-typed-data.js";
import type { ListedScore, ScoreSubmission, ScoreSubmissions } from "../passport/onchain/proof-file.js";
import { buildScoreTree, proveScore } from "../passport/onchain/score-tree.js";
import { DomainError } from "../shared/errors.js";
import type { Call, Step } from "./call.js";
import { RulesAuthorityGateway } from "./rules-authority.js";

/** `AuthorityKind` in IPassportRegistry, by number. */
export const AUTHORITY_KINDS = ["key", "contract", "certificates"] as const;
export type AuthorityKind = (typeof AUTHORITY_KINDS)[number];

/** A scorer as the registry holds it. Times are seconds since the epoch, the threshold is in units of 1e-4. */
export interface ScorerState {
  readonly scorerId: bigint;
  readonly manager: string;
  readonly authority: string;
  readonly kind: AuthorityKind;
  /** The current root's number; 0 before the first. */
  readonly number: number;
  readonly floor: number;
  readonly maxRootAge: number;
  readonly maxLifetime: number;
  /** Between the issues of two certified roots, in seconds. */
  readonly minRootInterval: number;
  readonly issuedAt: number;
  readonly threshold: number;
}

/** What contracts read about an account, and why. */
export interface AnchoredScore {
  readonly account: string;
  /** What `getScore` answers, in units of 1e-4. */
  readonly score: bigint;
  readonly human: boolean;
  /** The leaf that was brought in, whether or not it still counts; undefined when there is none. */
  readonly leaf:
    | { readonly score: number; readonly expiresAt: bigint; readonly rootNumber: number; readonly threshold: number }
    | undefined;
  /** Why it counts or not; a leaf of an earlier root counts until a later one follows. */
  readonly standing: "unknown" | "dropped" | "expired" | "too-old" | "counts";
}

/**
 * `passport/unknown-scorer`: nobody made this scorer.
 * `passport/other-root`: the listed scores are not those of the root.
 */
export type RegistryErrorCode = "passport/unknown-scorer" | "passport/other-root";

/** A scorer's root as a certificate covers it, with what its rules hash is made of. */
export interface CertifiedRoot {
  readonly entry: ScoresEntry;
  /** In units of 1e-4. */
  readonly threshold: number;
  /** 32 bytes, hex. */
  readonly definition: string;
}

/** How many accounts are asked for at once. */
const PAGE = 500;

/** Reads a `PassportRegistry` and prepares calls to it. */
export class PassportRegistryGateway {
  readonly address: string;
  readonly #provider: Provider;
  readonly #contract: PassportRegistry;

  constructor(address: string, provider: Provider) {
    this.address = address;
    this.#provider = provider;
    this.#contract = PassportRegistry__factory.connect(address, provider);
  }

  /** What an anchor is signed for. */
  async domain(): Promise<AnchorDomain> {
    return anchorDomain((await this.#provider.getNetwork()).chainId, this.address);
  }

  async scorer(scorerId: bigint): Promise<ScorerState> {
    const found = await this.#contract.scorer(scorerId);
    if (BigInt(found.authority) === 0n) {
      const message = `The registry ${this.address} has no scorer ${scorerId}.`;
      throw new DomainError<RegistryErrorCode>("passport/unknown-scorer", message, { scorerId });
    }
    const { manager, authority, kind, number, floor, maxRootAge, maxLifetime, minRootInterval } = found;
    return {
      ...{ scorerId, manager, authority, kind: AUTHORITY_KINDS[Number(kind)]! },
      ...{ number: Number(number), floor: Number(floor), maxRootAge: Number(maxRootAge) },
      ...{ maxLifetime: Number(maxLifetime), minRootInterval: Number(minRootInterval) },
      ...{ issuedAt: Number(found.issuedAt), threshold: Number(found.threshold) },
    };
  }

  rootOf(scorerId: bigint, number: number): Promise<string> {
    return this.#contract.rootOf(scorerId, number);
  }

  /** The contract that only lets in roots of rules that governance approved, where a scorer has one. */
  async rulesAuthority(scorerId: bigint): Promise<RulesAuthorityGateway | undefined> {
    const { kind, authority } = await this.scorer(scorerId);
    if (kind !== "contract") return undefined;
    const rules = new RulesAuthorityGateway(authority, this.#provider);
    return (await rules.governs(this.address)) ? rules : undefined;
  }

  /** Appoints who vouches for a scorer's roots; its administrator's call. */
  async appoint(scorerId: bigint, authority: string, kind: Exclude<AuthorityKind, "certificates">): Promise<Step> {
    const now = await this.scorer(scorerId);
    if (now.authority === authority && now.kind === kind) return { done: `${authority} is the authority already` };
    const args = [scorerId, authority, AUTHORITY_KINDS.indexOf(kind)] as const;
    const data = this.#contract.interface.encodeFunctionData("setAuthority", [...args]);
    return { call: this.#call(data, `appoint ${authority} as the authority of scorer ${scorerId}`) };
  }

  /** Brings a signed root; anyone may. Throws `passport/rules-not-approved` where governance wants other rules. */
  async anchor(signed: SignedAnchor): Promise<Step> {
    const { scorerId, number, root, count } = signed.anchor;
    if ((await this.rootOf(scorerId, number)) === root) return { done: `root ${number} is anchored already` };
    const signature = (await (await this.rulesAuthority(scorerId))?.sign(signed)) ?? signed.signature;
    const data = this.#contract.interface.encodeFunctionData("anchor", [signed.anchor, signature]);
    return { call: this.#call(data, `anchor root ${number} of scorer ${scorerId} with ${count} scores`) };
  }

  /** Brings a root that the certificate of `epoch` covers; anyone may. `proof` leads from the scorer's entry to its scores root. */
  async anchorCertified(certified: CertifiedRoot, epoch: bigint, proof: readonly string[]): Promise<Step> {
    const { entry, threshold, definition } = certified;
    const { scorerId, root, issuedAt, count } = entry;
    const { number } = await this.scorer(scorerId);
    if (number > 0 && (await this.rootOf(scorerId, number)) === root) {
      return { done: `root ${number} of scorer ${scorerId} is anchored already` };
    }
    const anchor = { scorerId, epoch, root, issuedAt, threshold, definition, count };
    const data = this.#contract.interface.encodeFunctionData("anchorCertified", [anchor, [...proof]]);
    return { call: this.#call(data, `anchor the certified root of scorer ${scorerId} with ${count} scores`) };
  }

  /** Brings leaves, at most `size` in one transaction; anyone may. Leaves that are no fresher are left out. */
  async submit({ scorerId, submissions }: ScoreSubmissions, size: number): Promise<readonly Call[]> {
    const fresh = await this.#fresher(scorerId, submissions);
    return Array.from({ length: Math.ceil(fresh.length / size) }, (_, batch) => {
      const items = fresh.slice(batch * size, (batch + 1) * size).map((item) => ({ ...item, proof: [...item.proof] }));
      const data = this.#contract.interface.encodeFunctionData("submitScores", [scorerId, items]);
      return this.#call(data, `bring in ${items.length} score(s) of scorer ${scorerId}`);
    });
  }

  /**
   * The drops of a root that somebody should bring: of those whose score is 0 in it, the ones for whom the registry still
   * holds another. `scores` are all leaves of the root, in any order; the proofs are made of them.
   */
  async drops(scorerId: bigint, rootNumber: number, scores: readonly ListedScore[]): Promise<ScoreSubmissions> {
    const tree = buildScoreTree(scorerId, scores);
    const root = await this.rootOf(scorerId, rootNumber);
    if (root !== tree.root) {
      const message = `Root ${rootNumber} of scorer ${scorerId} is ${root}, that of these scores ${tree.root}.`;
      throw new DomainError<RegistryErrorCode>("passport/other-root", message, { scorerId, rootNumber });
    }
    const dropped = scores.filter(({ score }) => score === 0);
    const cached = await this.#cached(scorerId, dropped);
    const held = dropped.filter((_, index) => cached[index]!.score > 0n);
    const submissions = held.map(({ account }) => ({ ...proveScore(tree, account)!, account, rootNumber }));
    return { scorerId, submissions };
  }

  async scoreOf(scorerId: bigint, account: string): Promise<AnchoredScore> {
    const { floor } = await this.scorer(scorerId);
    const [score, human, cached, block] = await Promise.all([
      this.#contract.getScore(scorerId, account),
      this.#contract["isHuman(uint256,address)"](scorerId, account),
      this.#contract.cachedScore(scorerId, account),
      this.#provider.getBlock("latest"),
    ]);
    if (cached.rootNumber === 0n) return { account, score, human, leaf: undefined, standing: "unknown" };
    const leaf = {
      score: Number(cached.score),
      expiresAt: cached.expiresAt,
      rootNumber: Number(cached.rootNumber),
      threshold: Number(cached.threshold),
    };
    return { account, score, human, leaf, standing: standingOf(leaf, floor, BigInt(block!.timestamp)) };
  }

  async #fresher(scorerId: bigint, submissions: readonly ScoreSubmission[]): Promise<readonly ScoreSubmission[]> {
    const cached = await this.#cached(scorerId, submissions);
    return submissions.filter(({ rootNumber }, index) => BigInt(rootNumber) > cached[index]!.rootNumber);
  }

  async #cached(scorerId: bigint, of: readonly { readonly account: string }[]) {
    const found: { readonly score: bigint; readonly rootNumber: bigint }[] = [];
    for (let start = 0; start < of.length; start += PAGE) {
      const page = of.slice(start, start + PAGE);
      found.push(...(await Promise.all(page.map(({ account }) => this.#contract.cachedScore(scorerId, account)))));
    }
    return found;
  }

  #call(data: string, summary: string): Call {
    return { to: this.address, data, value: 0n, summary };
  }
}

function standingOf(
  leaf: NonNullable<AnchoredScore["leaf"]>,
  floor: number,
  now: bigint,
): Exclude<AnchoredScore["standing"], "unknown"> {
  if (leaf.score === 0) return "dropped";
  if (leaf.rootNumber < floor) return "too-old";
  return now >= leaf.expiresAt ? "expired" : "counts";
}
