import { randomBytes } from "node:crypto";

import { expect } from "chai";

import { parseIssuerDocument } from "../../../src/passport/issuing/issuer-document.js";
import { openIssuer } from "../../../src/passport/issuing/open-issuer.js";
import { Secret } from "../../../src/shared/secret.js";

const cost = { label: "low", cents: 100, needs: ["money"] };
const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const PROVIDERS = [
  { kind: "native-balance", name: "Balance#0.05", minimum: "0.05", cost },
  { kind: "token-balance", name: "Token#5", token: ADDRESS, minimum: "5.5", decimals: 6, cost },
  { kind: "gas-spent", name: "Gas#0.1", minimum: "0.1", cost },
  { kind: "transactions", name: "Transactions#1", minimum: 1, cost },
  { kind: "account-age", name: "Age#90", minimum: 90, cost },
  { kind: "votes", name: "Governance#vote", governor: ADDRESS, minimum: 1, cost },
  { kind: "nft", name: "Badge", collection: ADDRESS, title: "Badge", fungible: false, cost },
  { kind: "ens", name: "Ens", cost },
  { kind: "self-stake", staking: ADDRESS, tier: "SelfStakingBronze", cost },
  { kind: "allow-list", list: "guild", file: "guild.json", owner: ADDRESS, fungible: false, cost },
  { kind: "github", name: "githubContributionActivityGte#30", clientId: "Iv1.abc", days: 30, cost },
  { kind: "sybil-analysis", round: "spring", verdicts: "verdicts.csv", cost },
];
const DOCUMENT = {
  format: "touchstone-issuer-v1",
  key: { variable: "ISSUER_KEY" },
  nullifierKeys: [{ version: 1, from: "2026-01-01T00:00:00.000Z", variable: "NULLIFIER_KEY" }],
  providers: PROVIDERS,
};
const refusal = (document: unknown) => {
  try {
    parseIssuerDocument(document);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing thrown";
};
const withProvider = (provider: object) => ({ ...DOCUMENT, providers: [provider] });

describe("an issuer's document", () => {
  it("names every kind of provider, in units that people write", () => {
    const { providers, key } = parseIssuerDocument(DOCUMENT);
    expect(key).to.deep.equal({ variable: "ISSUER_KEY", version: 0 });
    expect(providers.map(({ kind }) => kind)).to.deep.equal(PROVIDERS.map(({ kind }) => kind));
    const minima = providers.flatMap((one) => ("minimum" in one ? [one.minimum] : []));
    expect(minima).to.deep.equal([5n * 10n ** 16n, 5_500_000n, 10n ** 17n, 1, 90, 1]);
    // Names that the ecosystem gives are not the document's to choose.
    expect(providers.map(({ name }) => name)).to.include.members([
      "SelfStakingBronze",
      "AllowList#guild",
      "SybilAnalysis#spring",
    ]);
  });

  it("sends a holder's GitHub token to one host and app, and never in the clear", () => {
    const github = (more: object) => ({ kind: "github", name: "Github#1", clientId: "app", days: 1, cost, ...more });
    const both = (more: object) => ({ ...DOCUMENT, providers: [github({}), github({ name: "Github#9", ...more })] });
    expect(parseIssuerDocument(both({ days: 9, baseUrl: "https://github.com" })).providers.length).to.equal(2);
    const others = { baseUrl: "https://other.example", apiUrl: "https://other.example/api", clientId: "other" };
    for (const [member, value] of Object.entries(others)) {
      expect(refusal(both({ [member]: value }))).to.include(`providers[1].${member}: differs from that of Github#1`);
    }
    const hosts = ["localhost", "127.0.0.1:8080", "127.1.2.3", "[::1]:80"];
    for (const member of ["baseUrl", "apiUrl"]) {
      for (const host of hosts) parseIssuerDocument(withProvider(github({ [member]: `http://${host}/api` })));
      for (const host of ["github.com", "localhost.example", "127.0.0.1.example", "10.0.0.1", "[::2]"]) {
        const refused = refusal(withProvider(github({ [member]: `http://${host}/api` })));
        expect(refused, host).to.include(`providers[0].${member}: must be https`);
      }
      for (const wrong of ["http://localhost@evil.example", "http://evil.example\\@localhost", "https://["]) {
        expect(refusal(withProvider(github({ [member]: wrong }))), wrong).to.include(`providers[0].${member}`);
      }
    }
  });

  it("says which member is wrong, and has no room for a key", () => {
    expect(refusal({ ...DOCUMENT, key: { secret: "0x12" } })).to.include("issuer.key.variable: is missing");
    expect(refusal({ ...DOCUMENT, key: { variable: `0x${"ab".repeat(32)}` } })).to.include("issuer.key.variable");
    expect(refusal({ ...DOCUMENT, key: { variable: "KEY", version: 2 } })).to.include("issuer.did");
    expect(refusal(withProvider({ kind: "oracle", cost }))).to.include("providers[0].kind");
    expect(refusal(withProvider({ ...PROVIDERS[0], minimum: 0.05 }))).to.include("providers[0].minimum");
    expect(refusal(withProvider({ ...PROVIDERS[1], decimals: 0 }))).to.include("providers[0].minimum");
    expect(refusal(withProvider({ ...PROVIDERS[5], governor: "0x12" }))).to.include("is no address");
    expect(refusal(withProvider({ ...PROVIDERS[8], tier: "TrustedCitizen" }))).to.include("providers[0].tier");
    expect(refusal(withProvider({ ...PROVIDERS[3], price: 1 }))).to.include("is not a known member");
    expect(refusal({ ...DOCUMENT, providers: [PROVIDERS[0], PROVIDERS[0]] })).to.include("is there twice");
  });

  it("opens with keys from variables; one key never serves for both", async () => {
    const [signing, other] = [randomBytes(32), randomBytes(32)].map((bytes) => `0x${bytes.toString("hex")}`);
    const open = (variables: Record<string, string | undefined>, more: object = {}) =>
      openIssuer(parseIssuerDocument({ ...DOCUMENT, ...more }), (name) =>
        Promise.resolve(new Secret(variables[name] ?? "")),
      ).then(
        ({ did }) => did,
        (error: unknown) => (error as Error).message,
      );
    const did = await open({ ISSUER_KEY: signing, NULLIFIER_KEY: other });
    expect(did).to.match(/^did:ethr:0x[0-9a-f]{40}$/);
    expect(await open({ ISSUER_KEY: signing, NULLIFIER_KEY: signing })).to.include("nullifiers need one of their own");
    const malformed = await open({ ISSUER_KEY: "hunter2", NULLIFIER_KEY: other });
    expect(malformed).to.include("ISSUER_KEY must hold").and.not.include("hunter2");
    expect(await open({ ISSUER_KEY: other, NULLIFIER_KEY: signing }, { did })).to.include("not of did:ethr");
  });
});
