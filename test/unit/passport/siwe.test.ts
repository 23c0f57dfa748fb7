import { expect } from "chai";

import { checkSiwe, parseSiwe } from "../../../src/passport/siwe.js";
import { siweMessage, SITE, walletOf } from "../../support/passport/service.js";
import { NOW } from "../../support/passport/stamps.js";
import { codeOf } from "../../support/scoring.js";

const { address } = walletOf("alice");
const good = siweMessage(address, "0123456789abcdef");
const rules = { domains: [SITE], chainIds: [1], maxAge: 300_000 };

describe("parseSiwe", () => {
  it("reads every field in its place", () => {
    const text = `${good}\nExpiration Time: 2030-01-01T00:00:00Z\nNot Before: 2020-01-01T00:00:00.5+02:00\nRequest ID: r1\nResources:\n- https://a.example/b\n- ipfs://c`;
    expect(parseSiwe(text)).to.deep.equal({
      ...{ domain: SITE, address, statement: "Show me my passport.", uri: `https://${SITE}/passport`, chainId: 1 },
      ...{ nonce: "0123456789abcdef", issuedAt: NOW * 1000, requestId: "r1" },
      expirationTime: Date.UTC(2030, 0, 1),
      notBefore: Date.UTC(2019, 11, 31, 22) + 500,
      resources: ["https://a.example/b", "ipfs://c"],
    });
    const silent = good.replace("Show me my passport.\n", "");
    expect(parseSiwe(silent).statement).to.equal(null);
    expect(parseSiwe(`https://${good}`).domain).to.equal(SITE);
  });

  it("refuses what could be read in two ways", () => {
    const bad = [
      "",
      `${good}\n`,
      `${good}\nIssued At: 2027-01-15T08:00:00.000Z`,
      good.replaceAll("\n", "\r\n"),
      good.replace(address, address.toLowerCase()),
      good.replace("wants you", "wants  you"),
      good.replace("Version: 1", "Version: 2"),
      good.replace("Chain ID: 1", "Chain ID: 01"),
      good.replace("Nonce: 0123456789abcdef", "Nonce: 0123456"),
      good.replace("Nonce: ", "Nonce:"),
      good.replace("Show me my passport.", "Show me\nmy passport."),
      good.replace("Show me", "Show\u202eme"),
      good.replace(/Issued At: .*/, "Issued At: today"),
      good.replace(/Issued At: .*/, "Issued At: 2027-13-45T00:00:00Z"),
      good.replace(/(URI: .*)\n(Version: 1)/, "$2\n$1"),
      `${good}\nResources:\n- not a uri`,
      `${good}\nRequest ID: r\nNot Before: 2020-01-01T00:00:00Z`,
      `${good}${"x".repeat(5000)}`,
    ];
    for (const text of bad)
      expect(
        codeOf(() => parseSiwe(text)),
        JSON.stringify(text),
      ).to.equal("siwe/malformed");
  });
});

describe("checkSiwe", () => {
  const check = (text: string, now = NOW * 1000, changes: object = {}) =>
    codeOf(() => checkSiwe(parseSiwe(text), { ...rules, ...changes }, now));

  it("binds a message to site, chain and time", () => {
    expect(check(good)).to.equal("nothing thrown");
    expect(check(good, (NOW + 299) * 1000)).to.equal("nothing thrown");
    expect(check(good, (NOW + 300) * 1000)).to.equal("siwe/expired");
    expect(check(good, (NOW - 61) * 1000)).to.equal("siwe/expired");
    expect(check(`${good}\nExpiration Time: ${new Date(NOW * 1000).toISOString()}`)).to.equal("siwe/expired");
    expect(check(`${good}\nNot Before: ${new Date((NOW + 1) * 1000).toISOString()}`)).to.equal("siwe/expired");
    expect(check(good, NOW * 1000, { chainIds: [10] })).to.equal("siwe/wrong-chain");
    expect(check(good, NOW * 1000, { domains: ["other.example"] })).to.equal("siwe/wrong-domain");
    expect(check(good.replace(`URI: https://${SITE}`, "URI: https://evil.example"))).to.equal("siwe/wrong-domain");
    expect(check(good.replace(`URI: https://${SITE}`, `URI: https://${SITE}@evil.example`))).to.equal(
      "siwe/wrong-domain",
    );
  });
});
