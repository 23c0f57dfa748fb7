import type { Allocation, AllocationBook } from "../merkle/allocation.js";
import type { Clock } from "../shared/clock.js";
import { unixSeconds } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import { CLAIM_FORMAT, type ClaimDocument } from "./claim-document.js";
import { createClaimHasher } from "./claim-hasher.js";
import type { ClaimRecord } from "./claim-record.js";
import { ClaimError } from "./errors.js";
import { issueClaim, type BreakerLimits, type IssueOutcome } from "./issue-claim.js";
import type { Alerts, ChainStatus, ClaimChain, ClaimLedger } from "./ports.js";
import { reportTransaction } from "./report-transaction.js";
import { recoverSigner } from "./signature.js";
import type { ClaimSigner } from "./signer.js";
import type { Claim, ClaimDomain } from "./typed-data.js";

/** What an authenticated front end asks for on behalf of its user; every field was parsed once, at the edge. */
export interface ClaimRequest {
  readonly userId: number;
  /** EIP-55. */
  readonly account: string;
  /** EIP-55; the zero address keeps the current delegate. */
  readonly delegatee: string;
  /** What the front end believes the amount to be, in wei: compared, never used. */
  readonly expectedAmount: bigint | null;
  /** A sponsor who will send the claim, until when, and the account's own signature over that claim. */
  readonly sponsorship: {
    readonly submitter: string;
    readonly deadline: bigint;
    readonly accountSignature: Uint8Array;
  } | null;
}

export interface ClaimServiceSettings {
  readonly domain: ClaimDomain;
  /** How long a signature lives, in seconds; the longest life of a sponsored one, too. */
  readonly lifetime: number;
  /** The shortest life that a sponsored claim may have left, in seconds. */
  readonly shortestLifetime: number;
  readonly breaker: BreakerLimits;
}

export interface ClaimServicePorts {
  readonly book: AllocationBook;
  readonly ledger: ClaimLedger;
  readonly chain: ClaimChain;
  /** The follower's newest knowledge; throws `claims/chain-unavailable` when it is too old to decide on. */
  readonly chainStatus: () => ChainStatus;
  readonly signer: ClaimSigner;
  readonly alerts: Alerts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `fresh` is false when the very same claim had been given before. */
export interface GivenClaim {
  readonly document: ClaimDocument;
  readonly fresh: boolean;
}

/** What is known about a user's claim. "available" means that nothing was given yet. */
export interface ClaimState {
  readonly userId: number;
  readonly kind: "bound" | "signed";
  readonly status: "available" | ClaimRecord["status"];
  readonly amount: bigint;
  readonly record: ClaimRecord | null;
}

/** The use cases of the claim service. Authentication, limits and wire formats are the caller's. */
export class ClaimService {
  readonly #settings: ClaimServiceSettings;
  readonly #ports: ClaimServicePorts;
  readonly #digest: (claim: Claim) => Uint8Array;

  constructor(settings: ClaimServiceSettings, ports: ClaimServicePorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#digest = createClaimHasher(settings.domain);
  }

  /**
   * Gives the claim that the request asks for. The amount is the list's; the chain is asked before anything is signed;
   * the record is stored before the signature exists, so the log knows of every signature.
   */
  async claim(request: ClaimRequest): Promise<GivenClaim> {
    const allocation = this.#allocation(request.userId);
    this.#checkAmount(request, allocation);
    const status = this.#ports.chainStatus();
    const now = this.#now(status);
    checkWindow(status, now);
    if (allocation.account !== null) return this.#boundClaim(request, allocation, allocation.account);

    if (status.campaign.pausedUntil > now) {
      const message = "Signed claims are paused on-chain";
      throw new ClaimError("claims/paused-on-chain", message, { until: status.campaign.pausedUntil });
    }
    this.#checkSigner(status);
    const claim = this.#wantedClaim(request, allocation, now);
    if (request.sponsorship !== null) await this.#checkConsent(claim, request.sponsorship.accountSignature);
    await Promise.all([this.#checkUnclaimed(claim.userId), this.#checkGate(claim)]);

    const times = { now, settledTime: status.settledTime, at: unixSeconds(this.#ports.clock) };
    const { breaker } = this.#settings;
    const outcome = await this.#ports.ledger.transact([claim.userId], (view) =>
      issueClaim(view, claim, request.sponsorship !== null, times, breaker),
    );
    const record = this.#acceptOutcome(outcome, claim);
    return { document: await this.#signedDocument(record, request), fresh: outcome.kind === "issued" };
  }

  /** What is known about a listed user's claim; a claim that the store does not know yet is looked up on-chain. */
  async state(userId: number): Promise<ClaimState> {
    const allocation = this.#allocation(userId);
    const record = (await this.#ports.ledger.find(userId)) ?? null;
    const kind = allocation.account === null ? "signed" : "bound";
    const known = { userId, kind, amount: allocation.amount, record } as const;
    if (record !== null && record.status !== "expired") return { ...known, status: record.status };
    const claimed = await this.#ports.chain.isClaimed(userId);
    return { ...known, status: claimed ? "confirmed" : (record?.status ?? "available") };
  }

  /** Records that a transaction carries the user's claim, so that nobody is asked to send a second one. */
  async report(userId: number, transactionHash: string): Promise<ClaimState> {
    const allocation = this.#allocation(userId);
    const { ledger, chain, clock } = this.#ports;
    // The node may be down or may not have heard of the transaction: what users report counts until the chain says else.
    const seen = await chain.transaction(transactionHash).catch(() => undefined);
    if (seen?.userIds?.includes(userId) === false) {
      throw new ClaimError("claims/transaction-unrelated", "The transaction carries no claim of this user", { userId });
    }
    const at = unixSeconds(clock);
    const outcome = await ledger.transact([userId], (view) =>
      reportTransaction(view, allocation, { hash: transactionHash, seen, at }),
    );
    if (outcome.kind === "refused") throw outcome.error;
    const kind = allocation.account === null ? "signed" : "bound";
    return { userId, kind, amount: allocation.amount, record: outcome.record, status: outcome.record.status };
  }

  /** Stops issuing from the next request on, in all processes. */
  async suspend(by: string, reason: string): Promise<void> {
    const at = unixSeconds(this.#ports.clock);
    await this.#ports.ledger.transact([], () => ({
      change: {
        suspension: { by, reason, since: at },
        events: [{ type: "suspended", userId: null, at, data: { by, reason } }],
      },
      result: undefined,
    }));
    this.#ports.alerts.raise({
      pattern: "suspended",
      severity: "critical",
      message: "Claims are suspended",
      details: { by, reason },
    });
  }

  /** Issues again; the breaker starts a new window, or it would open at once. */
  async resume(by: string, reason: string): Promise<void> {
    const at = unixSeconds(this.#ports.clock);
    await this.#ports.ledger.transact([], () => ({
      change: {
        suspension: null,
        issued: { startedAt: at, claims: 0, amount: 0n },
        events: [{ type: "resumed", userId: null, at, data: { by, reason } }],
      },
      result: undefined,
    }));
  }

  /** An operator's word that the user may move to another account. It is used once. */
  async approveRebinding(userId: number, account: string, by: string, reason: string): Promise<void> {
    this.#allocation(userId);
    const at = unixSeconds(this.#ports.clock);
    await this.#ports.ledger.transact([userId], () => ({
      change: {
        approvals: [{ userId, account }],
        events: [{ type: "rebinding-approved", userId, at, data: { account, by, reason } }],
      },
      result: undefined,
    }));
  }

  #allocation(userId: number): Allocation {
    const allocation = this.#ports.book.find(userId);
    if (allocation !== undefined) return allocation;
    throw new ClaimError("claims/user-not-listed", `User ${userId} is not on the list`, { userId });
  }

  #checkAmount({ userId, expectedAmount }: ClaimRequest, allocation: Allocation): void {
    if (expectedAmount === null || expectedAmount === allocation.amount) return;
    const details = { userId, expected: expectedAmount.toString(), listed: allocation.amount.toString() };
    this.#ports.alerts.raise({
      pattern: "amount-mismatch",
      severity: "warning",
      message: "A request named an amount that is not the list's",
      details,
    });
    throw new ClaimError("claims/amount-mismatch", "The amount is not the list's", { userId });
  }

  /** The later of both clocks: a claim is never signed for a time that the chain has passed. */
  #now(status: ChainStatus): number {
    return Math.max(unixSeconds(this.#ports.clock), status.head.timestamp);
  }

  #checkSigner(status: ChainStatus): void {
    const { signer } = status.campaign;
    if (signer === this.#ports.signer.account) return;
    this.#ports.alerts.raise({
      pattern: "signer-mismatch",
      severity: "critical",
      message: "The distributor trusts another signer than this service's",
      details: { onChain: signer, ours: this.#ports.signer.account },
    });
    throw new ClaimError("claims/campaign-mismatch", "The distributor trusts another signer than this service's");
  }

  #wantedClaim(request: ClaimRequest, allocation: Allocation, now: number): Claim {
    const { userId, account, delegatee, sponsorship } = request;
    const common = { userId, account, amount: allocation.amount, delegatee };
    const latest = BigInt(now + this.#settings.lifetime);
    if (sponsorship === null) return { ...common, submitter: account, deadline: latest };
    const earliest = BigInt(now + this.#settings.shortestLifetime);
    if (sponsorship.deadline < earliest || sponsorship.deadline > latest) {
      throw new ClaimError("claims/deadline-invalid", `The deadline must lie between ${earliest} and ${latest}`, {
        earliest: Number(earliest),
        latest: Number(latest),
      });
    }
    return { ...common, submitter: sponsorship.submitter, deadline: sponsorship.deadline };
  }

  /** The account's own signature: its key's, or what its code accepts (ERC-1271), as the contract decides. */
  async #checkConsent(claim: Claim, signature: Uint8Array): Promise<void> {
    const digest = this.#digest(claim);
    if (recoverSigner(digest, signature) === claim.account) return;
    const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;
    if (await this.#ports.chain.acceptsSignature(claim.account, hex(digest), hex(signature))) return;
    throw new ClaimError("claims/account-signature-invalid", "The account did not sign this claim", {
      account: claim.account,
    });
  }

  /** A claim that the contract would revert is not signed: it would bind the user to an account that gets nothing. */
  async #checkGate({ userId, account }: Claim): Promise<void> {
    const refusal = await this.#ports.chain.gateRefusal(account);
    if (refusal === undefined) return;
    if (refusal.kind === "passed-before") {
      const message = `${account} has claimed through the distributor's gate; each account does so once`;
      throw new ClaimError("claims/gate-passed-before", message, { userId, account });
    }
    const [score, minimum] = [Number(refusal.score), Number(refusal.minimum)];
    const message = `The distributor's gate asks for a score of ${points(minimum)}; ${account} has ${points(score)}`;
    throw new ClaimError("claims/below-gate", message, { userId, account, score, minimum });
  }

  async #checkUnclaimed(userId: number): Promise<void> {
    if (!(await this.#ports.chain.isClaimed(userId))) return;
    const record = (await this.#ports.ledger.find(userId)) ?? null;
    // In a block, but not yet deep enough to count on.
    throw record?.status === "broadcast" ? pending(record) : alreadyClaimed(userId, record);
  }

  #acceptOutcome(outcome: IssueOutcome, claim: Claim): ClaimRecord {
    const { userId } = claim;
    switch (outcome.kind) {
      case "issued":
      case "repeated":
        return outcome.record;
      case "claimed":
        throw alreadyClaimed(userId, outcome.record);
      case "pending":
        throw pending(outcome.record);
      case "conflict": {
        this.#alertConflict(
          "conflict",
          "A user asked for a second claim while another is alive",
          claim,
          outcome.record,
        );
        const message = "Another claim of this user is alive; it names another account, delegate or submitter";
        throw new ClaimError("claims/conflict", message, {
          userId,
          status: outcome.record.status,
          deadline: Number(outcome.record.deadline),
        });
      }
      case "rebinding": {
        this.#alertConflict("rebinding-attempt", "A user asked to be paid to another account than before", claim, null);
        const message = "The user is bound to another account; an operator must approve the change";
        throw new ClaimError("claims/rebinding-needs-approval", message, { userId });
      }
      case "suspended":
        if (outcome.byBreaker) {
          this.#ports.alerts.raise({
            pattern: "suspended",
            severity: "critical",
            message: "Claims are suspended: a limit was crossed",
            details: { reason: outcome.suspension.reason },
          });
        }
        throw new ClaimError("claims/suspended", "Claims are suspended by the operator", {});
    }
  }

  #alertConflict(pattern: "conflict" | "rebinding-attempt", message: string, claim: Claim, other: ClaimRecord | null) {
    const { userId, account, delegatee } = claim;
    this.#ports.logger.warn({ userId, account, delegatee, liveAccount: other?.account }, message);
    this.#ports.alerts.raise({ pattern, severity: "warning", message, details: { userId, account } });
  }

  async #boundClaim(request: ClaimRequest, allocation: Allocation, account: string): Promise<GivenClaim> {
    const { userId, amount } = allocation;
    if (request.account !== account) {
      const message = "The list binds this user to another account";
      throw new ClaimError("claims/bound-to-another-account", message, { userId });
    }
    await this.#checkUnclaimed(userId);
    const record = await this.#ports.ledger.find(userId);
    if (record?.status === "broadcast") throw pending(record);
    const deadline = BigInt(this.#ports.chainStatus().campaign.end);
    const claim = { userId, account, amount, delegatee: request.delegatee, submitter: account, deadline };
    return { document: { ...this.#document(claim), kind: "bound" }, fresh: false };
  }

  async #signedDocument(record: ClaimRecord, request: ClaimRequest): Promise<ClaimDocument> {
    const { userId, account, amount, delegatee, submitter, deadline } = record;
    const claim = { userId, account, amount, delegatee, submitter, deadline };
    const document = {
      ...this.#document(claim),
      digest: `0x${Buffer.from(this.#digest(claim)).toString("hex")}`,
      signer: this.#ports.signer.account,
      signature: await this.#ports.signer.sign(claim),
    };
    if (request.sponsorship === null) return { ...document, kind: "signed" };
    const accountSignature = `0x${Buffer.from(request.sponsorship.accountSignature).toString("hex")}`;
    return { ...document, kind: "sponsored", accountSignature };
  }

  #document(claim: Claim) {
    const { book } = this.#ports;
    const { domain } = this.#settings;
    return { format: CLAIM_FORMAT, domain, claim, merkleRoot: book.root, proof: book.proof(claim.userId) } as const;
  }
}

const points = (score: number): string => (score / 10_000).toFixed(4);

function checkWindow({ campaign: { start, end } }: ChainStatus, now: number): void {
  if (now >= end) throw new ClaimError("claims/window-closed", "The claim window is closed", { end });
  if (now < start) throw new ClaimError("claims/window-not-open", "The claim window is not open yet", { start });
}

function alreadyClaimed(userId: number, record: ClaimRecord | null): ClaimError {
  return new ClaimError("claims/already-claimed", `User ${userId} has claimed`, {
    userId,
    ...(record?.inclusion ? { transaction: record.inclusion.transactionHash } : {}),
  });
}

function pending(record: ClaimRecord): ClaimError {
  const transaction = record.inclusion?.transactionHash ?? record.transaction?.hash ?? "";
  const message = `Your claim is pending in transaction ${transaction}`;
  return new ClaimError("claims/pending", message, { userId: record.userId, transaction });
}
