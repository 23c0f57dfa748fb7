import { inspect } from "node:util";

import { expect } from "chai";
import { encryptKeystoreJson, Wallet, ZeroAddress } from "ethers";
import { pino } from "pino";

import { guardedSigner } from "../../../src/claims/signer.js";
import { decryptKeystore } from "../../../src/claims/signers/keystore.js";
import { keySigner } from "../../../src/claims/signers/key-signer.js";
import { ClaimError } from "../../../src/claims/errors.js";
import { parseClaimServiceConfig } from "../../../src/config/claim-service.js";
import { toJson } from "../../../src/shared/json.js";
import { Secret } from "../../../src/shared/secret.js";
import { bookOf } from "../../support/allocations.js";
import { aClaim, ALICE, DOMAIN } from "../../support/claims.js";

const KEY = `0x${"17".repeat(32)}`;
const book = bookOf([
  { userId: 1, amount: 10n, account: null },
  { userId: 2, amount: 10n, account: ALICE },
]);
const signer = guardedSigner(keySigner(new Secret(KEY), DOMAIN), book);

async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "done";
  } catch (error) {
    expect(inspect(error, { depth: 9 })).not.to.include("1717");
    return error instanceof ClaimError ? error.code : String(error);
  }
}

describe("guardedSigner", () => {
  it("signs what the list says", async () => {
    expect(await signer.sign(aClaim())).to.match(/^0x[0-9a-f]{128}$/);
    expect(signer.account).to.equal(new Wallet(KEY).address);
  });

  it("refuses another amount, an unlisted or bound user, an id that is no uint32, and the zero account", async () => {
    const wrong = [
      { amount: 11n },
      { userId: 3 },
      { userId: 2, account: ALICE },
      { userId: 2 ** 32 + 1 },
      { userId: 1.5 },
      { account: ZeroAddress },
    ];
    for (const change of wrong) {
      expect(await codeOf(() => signer.sign(aClaim(change))), inspect(change)).to.equal("claims/signer-refused");
    }
  });
});

describe("signing keys", () => {
  it("open from an encrypted keystore, with the right password only", async () => {
    const { address } = new Wallet(KEY);
    const json = await encryptKeystoreJson({ address, privateKey: KEY }, "correct horse", { scrypt: { N: 1024 } });
    expect((await decryptKeystore(json, new Secret("correct horse"))).expose()).to.equal(KEY);
    expect(await codeOf(() => decryptKeystore(json, new Secret("1717171717")))).to.equal("claims/invalid-key");
    expect(await codeOf(() => decryptKeystore("{}", new Secret("1717171717")))).to.equal("claims/invalid-key");
  });

  it("are refused when they are none, without being quoted", async () => {
    for (const wrong of [KEY.slice(2), `${KEY}17`, "0x", `0x${"00".repeat(32)}`]) {
      expect(await codeOf(async () => keySigner(new Secret(wrong), DOMAIN))).to.equal("claims/invalid-key");
    }
  });

  it("esms/secrets-never-logged: no way of writing the configuration, the signer or an error shows a secret", () => {
    const secrets = ["ab".repeat(32), "cd".repeat(32), KEY, "hook-password", "database-password"];
    const config = parseClaimServiceConfig({
      CLAIMS_RPC_URL: "http://127.0.0.1:8545",
      CLAIMS_CHAIN_ID: "1",
      CLAIMS_DISTRIBUTOR: DOMAIN.verifyingContract,
      CLAIMS_LIST: "list",
      CLAIMS_SECRET: secrets[0],
      CLAIMS_OPERATOR_SECRET: secrets[1],
      CLAIMS_SIGNER_KEY: KEY,
      CLAIMS_ALERT_WEBHOOK: "https://hooks.example/hook-password",
      DATABASE_URL: "postgres://user:database-password@db.example/claims",
    });
    const lines: string[] = [];
    pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }).info(
      { config, signer },
      "configuration",
    );
    const failure = new ClaimError("claims/invalid-key", "no key", { config });
    const written = [
      ...lines,
      inspect(config, { depth: 9, showHidden: true }),
      toJson(config),
      toJson(failure),
      inspect(failure, { depth: 9, showHidden: true }),
      inspect(signer, { depth: 9, showHidden: true }),
      `${config.frontendSecret} ${config.alertWebhook}`,
      String(Object.values(config)),
    ];
    for (const text of written) {
      for (const secret of secrets) {
        expect(text).not.to.include(secret);
        expect(text).not.to.include(Buffer.from(secret, "hex").toString("base64").slice(0, 20) || "\0");
      }
    }
    expect(lines.join()).to.include("[secret]");
  });
});
