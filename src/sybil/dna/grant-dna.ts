import type { DonorFingerprints } from "./read-donors.js";
import type { TokenSets } from "./fingerprints.js";

/** Bits of a donor that say how much was given, not to whom. */
const AMOUNT_BIT = /^Amt_\d+$/;

/** Grants with their fingerprints; grant g has the token set g, its tokens are donors. */
export interface GrantFingerprints extends TokenSets {
  readonly grants: readonly string[];
}

/** The bits of a grant are the donors who gave to it (sybil.md, 2.2): the donors' table transposed, without amounts. */
export function grantFingerprints({ donors, tokenNames, starts, tokens }: DonorFingerprints): GrantFingerprints {
  const grantOf = new Int32Array(tokenNames.length).fill(-1);
  const grants = tokenNames.filter((name) => !AMOUNT_BIT.test(name));
  for (let token = 0, next = 0; token < tokenNames.length; token++) {
    if (!AMOUNT_BIT.test(tokenNames[token] as string)) grantOf[token] = next++;
  }
  const grantStarts = new Uint32Array(grants.length + 1);
  for (const token of tokens) {
    const grant = grantOf[token] as number;
    if (grant !== -1) grantStarts[grant + 1] = (grantStarts[grant + 1] as number) + 1;
  }
  for (let at = 1; at < grantStarts.length; at++) grantStarts[at]! += grantStarts[at - 1] as number;
  const next = grantStarts.slice();
  const givers = new Uint32Array(grantStarts[grants.length] as number);
  donors.forEach((_, donor) => {
    for (let at = starts[donor] as number; at < (starts[donor + 1] as number); at++) {
      const grant = grantOf[tokens[at] as number] as number;
      if (grant === -1) continue;
      givers[next[grant] as number] = donor;
      next[grant]! += 1;
    }
  });
  return { grants, starts: grantStarts, tokens: givers, tokenCount: donors.length };
}
