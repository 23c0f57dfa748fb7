// Groups of addresses that were funded or swept together (sybil.md, 2.8): the last step of such an analysis, after the groups.

export interface TransferGroup {
  readonly id: string;
  /** The addresses that the group flags. */
  readonly addresses: readonly string[];
}

export interface TransferReview {
  readonly candidates: readonly string[];
  /** Found by an algorithm: counted when a review names it. */
  readonly found: readonly TransferGroup[];
  readonly reviewed: ReadonlySet<string>;
  /** Reported by outsiders. */
  readonly reported: readonly TransferGroup[];
}

/** A group of fewer candidates does not count. */
const LEAST_CANDIDATES = 8;

/** Splits the candidates: those of groups that count, and the others. Addresses are compared without regard to case. */
export function judgeTransferGroups({ candidates, found, reviewed, reported }: TransferReview) {
  const known = new Set(candidates.map((address) => address.toLowerCase()));
  const flagged = new Set<string>();
  const counted: string[] = [];
  for (const { id, addresses } of [...found.filter((group) => reviewed.has(group.id)), ...reported]) {
    const members = new Set(addresses.map((address) => address.toLowerCase()).filter((address) => known.has(address)));
    if (members.size < LEAST_CANDIDATES) continue;
    counted.push(id);
    for (const member of members) flagged.add(member);
  }
  const isFlagged = (address: string) => flagged.has(address.toLowerCase());
  return {
    counted,
    flagged: candidates.filter(isFlagged),
    eligible: candidates.filter((address) => !isFlagged(address)),
  };
}
