import { expect } from "chai";

import { parsePassportServiceConfig } from "../../../src/config/passport-service.js";
import { DomainError } from "../../../src/shared/errors.js";

const GOOD: Record<string, string> = {
  PASSPORT_CHAIN_ID: "31337",
  PASSPORT_ISSUERS: "issuers.json",
  PASSPORT_SESSION_SECRET: "ef".repeat(32),
};
const REGISTRY = {
  PASSPORT_REGISTRY: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  PASSPORT_OPERATOR_KEY: `0x${"17".repeat(32)}`,
};

function failure(environment: Record<string, string>): { code: string; message: string } {
  try {
    parsePassportServiceConfig(environment);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  return { code: "accepted", message: "" };
}

describe("parsePassportServiceConfig", () => {
  it("needs chain, issuers and the secret of sessions", () => {
    const config = parsePassportServiceConfig(GOOD);
    expect(config).to.deep.include({ chainId: 31337n, registry: null, nonceLifetime: 300, siteDomains: ["localhost"] });
    expect(config.limits.key).to.deep.equal({ requests: 2000, windowSeconds: 900 });
    expect(config.database).to.deep.equal({ kind: "folder", folder: "data/passport" });
    for (const name of Object.keys(GOOD)) {
      const { [name]: _, ...others } = GOOD;
      expect(failure(others), name).to.include({ code: "config/missing" });
    }
  });

  it("takes registry and operator key together, and never shows the key", () => {
    const config = parsePassportServiceConfig({ ...GOOD, ...REGISTRY });
    expect(config.registry).to.deep.include({ address: REGISTRY.PASSPORT_REGISTRY, maxLifetime: 7_776_000 });
    expect(JSON.stringify(config.registry)).to.not.include("1717");
    expect(failure({ ...GOOD, PASSPORT_REGISTRY: REGISTRY.PASSPORT_REGISTRY }).code).to.equal("config/invalid");
    const wrong = failure({ ...GOOD, ...REGISTRY, PASSPORT_OPERATOR_KEY: "0x1717" });
    expect(wrong.code).to.equal("config/invalid");
    expect(wrong.message).to.not.include("1717");
  });

  it("H1: takes snapshots with a key that signs them, for a registry, and never shows the key", () => {
    const snapshots = {
      ...{ PASSPORT_SNAPSHOTS: "data/snapshots", PASSPORT_RPC_URL: "http://127.0.0.1:8545" },
      ...{ PASSPORT_REGISTRY: REGISTRY.PASSPORT_REGISTRY, PASSPORT_LOG_KEY: `0x${"18".repeat(32)}` },
    };
    const config = parsePassportServiceConfig({ ...GOOD, ...snapshots });
    // Certificates bring its roots: it has no operator.
    expect(config.registry).to.equal(null);
    expect(config.snapshots?.registry).to.equal(REGISTRY.PASSPORT_REGISTRY);
    expect(JSON.stringify(config.snapshots, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)))
      .to.include("data/snapshots")
      .and.not.include("1818");
    expect(parsePassportServiceConfig({ ...GOOD, ...REGISTRY, ...snapshots }).registry).not.to.equal(null);
    for (const name of ["PASSPORT_LOG_KEY", "PASSPORT_REGISTRY", "PASSPORT_RPC_URL"]) {
      const { [name as keyof typeof snapshots]: _, ...others } = snapshots;
      expect(failure({ ...GOOD, ...others }), name).to.include({ code: "config/missing" });
    }
    const wrong = failure({ ...GOOD, ...snapshots, PASSPORT_LOG_KEY: "0x1818" });
    expect(wrong.code).to.equal("config/invalid");
    expect(wrong.message).not.to.include("1818");
  });

  it("refuses a variable that nobody reads, and a limit that is none", () => {
    expect(failure({ ...GOOD, PASSPORT_SITE: "x" }).code).to.equal("config/unknown");
    expect(failure({ ...GOOD, PASSPORT_LIMIT_KEY: "many" }).code).to.equal("config/invalid");
    expect(parsePassportServiceConfig(GOOD).revocationsReload).to.equal(300);
    expect(failure({ ...GOOD, PASSPORT_REVOCATIONS_RELOAD: "0" }).code).to.equal("config/invalid");
  });
});
