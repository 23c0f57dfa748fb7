// The features of a round in their order. Names are part of the configuration of heuristics: they do not change.
import { STAMP_PREFIX, type FeatureSpec } from "./feature-table.js";

const spec = (
  name: string,
  suspicious: FeatureSpec["suspicious"],
  sentence: string,
  sources: readonly string[],
  scale: FeatureSpec["scale"] = "linear",
): FeatureSpec => ({ name, suspicious, sentence, scale, sources });

/** What one sign of the clusters is computed from. */
export const SIGN_SOURCES = ["donations", "name", "funder", "origins", "vouches"] as const;

/** All features but the stamps. */
export const FEATURES: readonly FeatureSpec[] = [
  spec("dnaDistance", "low", "distance to the donor with the most similar donations, 0 to 1", ["donations"]),
  spec("dnaHamming", "low", "grants and amount bands that differ from the nearest donor's", ["donations"], "log"),
  spec("grants", "low", "grants donated to", ["donations"], "log"),
  spec("copies", "high", "donors with exactly these donations, itself included", ["donations"], "log"),
  spec("nameDistance", "low", "edits to the nearest other account name, 3 being 3 or more", ["name"]),
  spec("nameMatches", "high", "accounts whose name is one edit away", ["name"], "log"),
  spec("originsUsed", "high", "origins that the account was seen on", ["origins"], "log"),
  spec("originsShared", "high", "origins that at least two other accounts were seen on", ["origins"], "log"),
  spec("originsRatio", "high", "share of the account's origins that others use too", ["origins"]),
  spec("stake", "low", "tokens staked on the account", ["stake"], "log"),
  spec("accountAge", "low", "days from the account's first sign on a chain to the end of the round", ["age"], "log"),
  spec("transactions", "low", "transactions sent on a chain", ["transactions"], "log"),
  spec("sharedFunder", "high", "other donors that were funded by the same account", ["funder"], "log"),
  spec("mutualVouches", "high", "accounts that vouch for this one and are vouched for by it", ["vouches"], "log"),
  spec("vouchRing", "high", "accounts in the ring of vouches that this one is in", ["vouches"], "log"),
  spec("clusterSize", "high", "donors that at least two independent signs connect with it", SIGN_SOURCES, "log"),
  spec("clusterSigns", "high", "kinds of signs that connect it with them", SIGN_SOURCES),
  spec("owner", "low", "owns a project of the round", ["owner"]),
];

/** The features that sum stamps up are computed from each of them. */
export function stampFeatures(providers: readonly string[]): readonly FeatureSpec[] {
  const names = providers.map((provider) => `${STAMP_PREFIX}${provider}`);
  return [
    spec("stamps", "low", "valid stamps in the passport", names),
    spec("passportScore", "low", "points of the passport", names),
    ...providers.map((provider, at) => {
      const name = names[at] as string;
      return spec(name, "low", `holds the stamp ${provider}`, [name]);
    }),
  ];
}

/** Whether a configuration may name the feature; stamps may be named that nobody holds. */
export const isFeatureName = (name: string): boolean =>
  FEATURES.some((known) => known.name === name) ||
  name === "stamps" ||
  name === "passportScore" ||
  (name.startsWith(STAMP_PREFIX) && name.length > STAMP_PREFIX.length);
