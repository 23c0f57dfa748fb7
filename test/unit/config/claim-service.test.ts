import { expect } from "chai";

import { parseClaimServiceConfig } from "../../../src/config/claim-service.js";
import { DomainError } from "../../../src/shared/errors.js";
import { FRONTEND_SECRET, OPERATOR_SECRET, SIGNER_KEY } from "../../support/secrets.js";

const GOOD: Record<string, string> = {
  CLAIMS_RPC_URL: "http://127.0.0.1:8545",
  CLAIMS_CHAIN_ID: "31337",
  CLAIMS_DISTRIBUTOR: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  CLAIMS_LIST: "data/list",
  CLAIMS_SECRET: FRONTEND_SECRET,
  CLAIMS_OPERATOR_SECRET: OPERATOR_SECRET,
  CLAIMS_SIGNER_KEY: SIGNER_KEY,
};

function failure(environment: Record<string, string>): { code: string; message: string } {
  try {
    parseClaimServiceConfig(environment);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  return { code: "accepted", message: "" };
}

describe("parseClaimServiceConfig", () => {
  it("needs nothing but where, what and the keys", () => {
    const config = parseClaimServiceConfig(GOOD);
    expect(config).to.deep.include({ chainId: 31337n, lifetime: 3600, compatibility: false });
    expect(config.limits.user).to.deep.equal({ requests: 10, windowSeconds: 60 });
    expect(config.database.kind).to.equal("folder");
  });

  it("names each variable that is missing", () => {
    for (const name of Object.keys(GOOD)) {
      const { [name]: _, ...others } = GOOD;
      expect(failure(others), name).to.include({ code: "config/missing" });
      expect(failure(others).message).to.include(name);
    }
  });

  it("names each variable that is invalid, without its value", () => {
    const wrong: Record<string, string> = {
      CLAIMS_RPC_URL: "ws-somewhere",
      CLAIMS_CHAIN_ID: "0x1",
      CLAIMS_DISTRIBUTOR: "0x5fbDB2315678afecb367f032d93F642f64180aa3",
      CLAIMS_SECRET: "abcd-secret",
      CLAIMS_PORT: "65536",
      CLAIMS_LIMIT_USER: "10 per minute",
      CLAIMS_ALLOWED_PEERS: "10.0.0.0/8,nowhere",
      CLAIMS_COMPATIBILITY: "yes",
      CLAIMS_BREAKER_AMOUNT: "1e21",
      CLAIMS_LIFETIME: "5",
      DATABASE_URL: "mysql://here",
    };
    for (const [name, value] of Object.entries(wrong)) {
      const { code, message } = failure({ ...GOOD, [name]: value });
      expect(code, name).to.equal("config/invalid");
      expect(message).to.include(name).and.not.include(value);
    }
  });

  it("refuses variables that it does not know, two keys, and one secret for two purposes", () => {
    expect(failure({ ...GOOD, CLAIMS_LIFETIM: "60" })).to.include({ code: "config/unknown" });
    expect(failure({ ...GOOD, CLAIMS_SIGNER_KEYSTORE: "key.json" }).code).to.equal("config/invalid");
    expect(failure({ ...GOOD, CLAIMS_OPERATOR_SECRET: FRONTEND_SECRET }).code).to.equal("config/invalid");
    const { CLAIMS_SIGNER_KEY: _, ...keyless } = GOOD;
    expect(failure({ ...keyless, CLAIMS_SIGNER_KEYSTORE: "key.json" }).code).to.equal("config/invalid");
  });
});
