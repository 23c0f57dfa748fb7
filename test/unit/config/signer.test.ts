import { expect } from "chai";

import { parseSignerConfig } from "../../../src/config/signer.js";
import { DomainError } from "../../../src/shared/errors.js";

const GOOD = {
  SIGNER_RPC_URL: "http://127.0.0.1:8545",
  SIGNER_CHAIN_ID: "31337",
  SIGNER_REGISTRY: "0x5afe000000000000000000000000000000001234",
  SIGNER_PASSPHRASE: "correct horse",
  SIGNER_ACCOUNT_KEY_FILE: "keys/account",
  SIGNER_AGGREGATORS: "http://127.0.0.1:8791, https://a.example.org/touchstone",
  SIGNER_ISSUERS: "issuers.json",
  SIGNER_MIRRORS: "http://127.0.0.1:8788,https://:s%20ecret@m.example.org/logs/",
  SIGNER_LOG_KEEPERS: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  SIGNER_PASSPORT_REGISTRY: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512",
  SIGNER_SCORERS: "1:5, 2:6",
};

const refusal = (changes: Record<string, string | undefined>): string => {
  try {
    parseSignerConfig({ ...GOOD, ...changes });
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "nothing was refused";
};

describe("parseSignerConfig", () => {
  it("reads what a signer needs, and the rest has a standard", () => {
    const config = parseSignerConfig(GOOD);
    expect([...(config.log?.scorers ?? [])]).to.deep.equal([
      [1, 5n],
      [2, 6n],
    ]);
    expect(config.aggregators).to.deep.equal(["http://127.0.0.1:8791", "https://a.example.org/touchstone"]);
    expect(config.accountKey).to.deep.equal({ kind: "file", file: "keys/account" });
    expect([config.confirmations, config.step, config.pollMilliseconds]).to.deep.equal([12n, 100n, 4000]);
    expect(config.sealing).to.deep.equal({ after: 120_000, between: 60_000 });
    expect(config.database).to.deep.equal({ kind: "folder", folder: "data/signer" });
    expect(config.eras).to.equal(null);
    const eras = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
    expect(parseSignerConfig({ ...GOOD, SIGNER_ERAS: eras }).eras).to.equal(eras);
    expect(refusal({ SIGNER_ERAS: "0x1" })).to.match(/^config\/invalid .*SIGNER_ERAS/);
  });

  it("takes a mirror's token out of its URL, and shows no secret", () => {
    const config = parseSignerConfig(GOOD);
    const [plain, guarded] = config.log?.mirrors ?? [];
    expect(plain).to.deep.equal({ url: "http://127.0.0.1:8788", token: null });
    expect(guarded?.url).to.equal("https://m.example.org/logs");
    expect(guarded?.token?.expose()).to.equal("s ecret");
    const shown = JSON.stringify(config, (_key, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
    expect(shown).not.to.include("ecret@").and.not.to.include("s ecret").and.not.to.include("horse");
  });

  it("signs stake distributions alone where that is said, and by no omission", () => {
    const names = ["ISSUERS", "MIRRORS", "SCORERS", "LOG_KEEPERS", "PASSPORT_REGISTRY"];
    const without = Object.fromEntries(names.map((name) => [`SIGNER_${name}`, undefined]));
    expect(refusal(without)).to.match(/^config\/missing/);
    const config = parseSignerConfig({ ...GOOD, ...without, SIGNER_WITHOUT_LOG: "true" });
    expect(config.log).to.equal(null);
    expect(refusal({ SIGNER_WITHOUT_LOG: "true" })).to.match(/^config\/invalid/);
  });

  it("H1: names the log's keepers, several while a key is exchanged; without any it does not start", () => {
    const [one, two] = ["0x5FbDB2315678afecb367f032d93F642f64180aa3", "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"];
    const config = parseSignerConfig({ ...GOOD, SIGNER_LOG_KEEPERS: `${one}, ${two}` });
    expect(config.log?.keepers).to.deep.equal([one, two]);
    expect(config.log?.passportRegistry).to.equal(two);
    expect(refusal({ SIGNER_LOG_KEEPERS: undefined })).to.equal("config/missing SIGNER_LOG_KEEPERS is not set");
    expect(refusal({ SIGNER_PASSPORT_REGISTRY: undefined })).to.match(/^config\/missing SIGNER_PASSPORT_REGISTRY/);
    expect(refusal({ SIGNER_LOG_KEEPERS: "0x12" })).to.match(/^config\/invalid SIGNER_LOG_KEEPERS/);
  });

  it("may leave sealing to others", () => {
    expect(parseSignerConfig({ ...GOOD, SIGNER_SEAL_AFTER: "never" }).sealing).to.equal(null);
    const { sealing } = parseSignerConfig({ ...GOOD, SIGNER_SEAL_AFTER: "0", SIGNER_SEAL_BETWEEN: "5" });
    expect(sealing).to.deep.equal({ after: 0, between: 5000 });
  });

  for (const [what, changes, expected] of [
    ["no passphrase", { SIGNER_PASSPHRASE: undefined }, "config/missing Exactly one of SIGNER_PASSPHRASE"],
    ["two passphrases", { SIGNER_PASSPHRASE_FILE: "file" }, "config/invalid Exactly one of SIGNER_PASSPHRASE"],
    ["a scorer twice", { SIGNER_SCORERS: "1:5,1:6" }, "config/invalid SIGNER_SCORERS"],
    ["an id twice", { SIGNER_SCORERS: "1:5,2:5" }, "config/invalid SIGNER_SCORERS"],
    ["a scorer without an id", { SIGNER_SCORERS: "1" }, "config/invalid SIGNER_SCORERS"],
    ["scorer 0", { SIGNER_SCORERS: "0:5" }, "config/invalid SIGNER_SCORERS"],
    ["an id that is too large", { SIGNER_SCORERS: `1:${2n ** 256n}` }, "config/invalid SIGNER_SCORERS"],
    ["an aggregator that is no URL", { SIGNER_AGGREGATORS: "localhost" }, "config/invalid SIGNER_AGGREGATORS"],
    ["a mirror that is no URL", { SIGNER_MIRRORS: "ftp://m" }, "config/invalid SIGNER_MIRRORS"],
    ["a time that is none", { SIGNER_SEAL_AFTER: "soon" }, "config/invalid SIGNER_SEAL_AFTER"],
    ["a typing error", { SIGNER_AGREGATORS: "x" }, "config/unknown SIGNER_AGREGATORS"],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(refusal(changes)).to.match(new RegExp(`^${expected}`));
    });
  }
});
