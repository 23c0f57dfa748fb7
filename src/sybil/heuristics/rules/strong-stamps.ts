import { DEFAULT_RULES } from "../../../scoring/rules/default-rules.js";
import { STAMP_PREFIX } from "../../features/feature-table.js";
import { ruleKind } from "../rule.js";

/** `CoinbaseDualVerification2` is the same evidence as `CoinbaseDualVerification`, and `IdenaState#Human` as `IdenaState#Newbie`. */
const evidenceOf = (provider: string): string => provider.replace(/#.*$/, "").replace(/\d+$/, "");

/** Stamps that money does not buy, of several kinds; one can be borrowed or rented. */
export const strongStamps = ruleKind({
  name: "strong-stamps",
  verdict: "human",
  strength: "strong",
  thresholds: { stamps: { standard: 2, least: 1, most: 100 } },
  providers: DEFAULT_RULES.nonFungible,
  reads: (providers) => providers.map((provider) => `${STAMP_PREFIX}${provider}`),
  judge: (value, { stamps }, providers) => {
    const held = providers.filter((provider) => value(`${STAMP_PREFIX}${provider}`) === 1);
    return new Set(held.map(evidenceOf)).size >= stamps
      ? `holds ${held.join(", ")}, which money does not buy`
      : undefined;
  },
});
