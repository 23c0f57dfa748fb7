import { expect } from "chai";

import { parseAggregatorConfig } from "../../../src/config/aggregator.js";
import { DomainError } from "../../../src/shared/errors.js";

const GOOD: Record<string, string> = {
  AGGREGATOR_RPC_URL: "http://127.0.0.1:8545",
  AGGREGATOR_CHAIN_ID: "31337",
  AGGREGATOR_REGISTRY: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  AGGREGATOR_WITHOUT_LOG: "true",
};

function failure(environment: Record<string, string>): { code: string; message: string } {
  try {
    parseAggregatorConfig(environment);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  return { code: "accepted", message: "" };
}

describe("parseAggregatorConfig", () => {
  it("needs chain and registry, and a log unless it is told otherwise", () => {
    const config = parseAggregatorConfig(GOOD);
    expect(config).to.deep.include({
      ...{ chainId: 31337n, log: null, leaderUrl: null, accountKey: null, retainedEpochs: null },
      ...{ confirmations: 12n, step: 100n, snapshots: null },
    });
    for (const name of Object.keys(GOOD)) {
      const { [name]: _, ...others } = GOOD;
      expect(failure(others), name).to.include({ code: "config/missing" });
    }
    const log = {
      ...{ AGGREGATOR_MIRRORS: "http://mirror", AGGREGATOR_ISSUERS: "issuers.json", AGGREGATOR_SCORERS: "1:7" },
      ...{
        AGGREGATOR_LOG_KEEPERS: GOOD["AGGREGATOR_REGISTRY"]!,
        AGGREGATOR_PASSPORT_REGISTRY: GOOD["AGGREGATOR_REGISTRY"]!,
      },
    };
    expect(failure({ ...GOOD, ...log }).code, "both").to.equal("config/invalid");
    const { log: own } = parseAggregatorConfig({ ...GOOD, ...log, AGGREGATOR_WITHOUT_LOG: "false" });
    expect([...(own?.scorers ?? [])]).to.deep.equal([[1, 7n]]);
  });

  it("takes leader, account, retention and limits, and never shows the key", () => {
    const key = `0x${"17".repeat(32)}`;
    const config = parseAggregatorConfig({
      ...GOOD,
      AGGREGATOR_LEADER_URL: "https://leader.example.org/",
      AGGREGATOR_ACCOUNT_KEY: key,
      AGGREGATOR_RETAINED_EPOCHS: "3",
      AGGREGATOR_LIMIT_SIGNATURES: "5/10",
    });
    expect(config).to.deep.include({ leaderUrl: "https://leader.example.org", retainedEpochs: 3n });
    expect(config.limits.signatures).to.deep.equal({ requests: 5, windowSeconds: 10 });
    expect(config.accountKey?.expose()).to.equal(key);
    expect(JSON.stringify({ ...config, chainId: 0, confirmations: 0, step: 0, retainedEpochs: 0 })).not.to.include(
      "1717",
    );
  });

  it("refuses what cannot be used, without showing it", () => {
    const cases: [string, string][] = [
      ["ACCOUNT_KEY", "secret"],
      ["LEADER_URL", "leader"],
      ["STEP", "0"],
      ["RETAINED_EPOCHS", "0"],
      ["MAX_MESSAGES", "-1"],
      ["REGISTRY", "0x12"],
      ["PORT", "70000"],
    ];
    for (const [name, value] of cases) {
      const { code, message } = failure({ ...GOOD, [`AGGREGATOR_${name}`]: value });
      expect(code, name).to.equal("config/invalid");
      expect(message).to.include(`AGGREGATOR_${name}`);
    }
    expect(failure({ ...GOOD, AGGREGATOR_ACCOUNT_KEY: "secret" }).message).not.to.include("secret");
    expect(failure({ ...GOOD, AGGREGATOR_TYPO: "1" }).code).to.equal("config/unknown");
  });
});
