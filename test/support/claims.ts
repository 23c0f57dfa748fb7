import type { ClaimRecord } from "../../src/claims/claim-record.js";
import type { LedgerChange, LedgerView, Suspension } from "../../src/claims/ports.js";
import { claimDomain, type Claim } from "../../src/claims/typed-data.js";

export const ALICE = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
export const BOB = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
export const CAROL = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
export const DOMAIN = claimDomain(31337n, "0x5FbDB2315678afecb367f032d93F642f64180aa3");

/** User 1, 10 wei, for Alice herself, until time 2000. */
export function aClaim(changes: Partial<Claim> = {}): Claim {
  const claim = { userId: 1, account: ALICE, amount: 10n, delegatee: BOB, submitter: ALICE, deadline: 2000n };
  return { ...claim, ...changes };
}

export function aRecord(changes: Partial<ClaimRecord> = {}): ClaimRecord {
  const life = { kind: "signed", status: "issued", transaction: null, inclusion: null, issuedAt: 1000 } as const;
  return { ...aClaim(), ...life, ...changes };
}

/** A ledger's state in memory; `apply` does to it what the database would. */
export class MemoryView implements LedgerView {
  suspension: Suspension | null = null;
  issued = { startedAt: 0, claims: 0, amount: 0n };
  readonly records = new Map<number, ClaimRecord>();
  readonly bindings = new Map<number, string>();
  readonly approvals = new Map<number, string>();

  record = (userId: number) => this.records.get(userId);
  boundAccount = (userId: number) => this.bindings.get(userId);
  approvedAccount = (userId: number) => this.approvals.get(userId);

  apply(change: LedgerChange | undefined): void {
    if (change === undefined) return;
    for (const record of change.records ?? []) this.records.set(record.userId, record);
    for (const { userId, account } of change.bindings ?? []) this.bindings.set(userId, account);
    for (const { userId, account } of change.approvals ?? []) {
      if (account === null) this.approvals.delete(userId);
      else this.approvals.set(userId, account);
    }
    if (change.suspension !== undefined) this.suspension = change.suspension;
    if (change.issued !== undefined) this.issued = change.issued;
  }
}
