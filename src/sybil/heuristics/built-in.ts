import type { RuleKind } from "./rule.js";
import { donationCopy } from "./rules/donation-copy.js";
import { farm } from "./rules/farm.js";
import { linkedAccounts } from "./rules/linked-accounts.js";
import { nameFamily } from "./rules/name-family.js";
import { nearCopy } from "./rules/near-copy.js";
import { oldAccount } from "./rules/old-account.js";
import { ownChoice } from "./rules/own-choice.js";
import { sharedFunder } from "./rules/shared-funder.js";
import { sharedOrigins } from "./rules/shared-origins.js";
import { staked } from "./rules/staked.js";
import { strongStamps } from "./rules/strong-stamps.js";
import { vouchRing } from "./rules/vouch-ring.js";

/** In the order in which they settle accounts where a configuration names no other: what is dearest to forge comes first. */
export const BUILT_IN_RULES: readonly RuleKind[] = [
  strongStamps,
  farm,
  oldAccount,
  staked,
  linkedAccounts,
  nameFamily,
  donationCopy,
  nearCopy,
  sharedFunder,
  sharedOrigins,
  vouchRing,
  ownChoice,
];
