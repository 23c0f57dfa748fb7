import { readFileSync } from "node:fs";

import type { RatifiedList } from "../../src/chain/deployment/manifest.js";
import { parseParameters } from "../../src/chain/deployment/parameters.js";
import { planDeployment, type DeploymentPlan } from "../../src/chain/deployment/plan.js";

export const TOKEN = 10n ** 18n;

/** A list that nobody can claim from: its root is the only leaf that nobody knows. */
export const exampleList: RatifiedList = {
  root: `0x${"5a".repeat(32)}`,
  listHash: `0x${"a5".repeat(32)}`,
  count: 1000,
  total: 50_000_000n * TOKEN,
};

/** The text of `deploy/parameters/localhost.json`: the first accounts of a development node are signer and guardian. */
export const localParameters = (): string => readFileSync("deploy/parameters/localhost.json", "utf8");

/** The plan of a local deployment at `now` (seconds, the chain's time) by `deployer`. */
export function localPlan(now: number, deployer: string, list: RatifiedList = exampleList): DeploymentPlan {
  return planDeployment(parseParameters(localParameters()), list, { now, deployer });
}
