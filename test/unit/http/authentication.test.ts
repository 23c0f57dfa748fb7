import { expect } from "chai";

import { Authenticator, type IncomingRequest } from "../../../src/http/authentication.js";
import { ClaimClient } from "../../../src/http/claim-client.js";
import { parseRange, rateLimitGroup, type AddressRange } from "../../../src/http/peers.js";
import { SIGNATURE_HEADER, TIMESTAMP_HEADER } from "../../../src/http/request-signature.js";
import { frontendSecret, operatorSecret } from "../../support/secrets.js";

const NOW = 1_700_000_000_000;
const ranges = (...texts: string[]) => texts.map((text) => parseRange(text) as AddressRange);

function authenticator({ compatibility = false, now = NOW } = {}): Authenticator {
  const secrets = { frontend: frontendSecret, operator: operatorSecret };
  const settings = { secrets, allowedPeers: ranges("10.1.0.0/16", "::1"), timestampWindow: 60, compatibility };
  return new Authenticator(settings, { now: () => now });
}

const BODY = '{"userId":1}';

function signed(changes: Partial<IncomingRequest> = {}, { secret = frontendSecret, role = "frontend" as const } = {}) {
  const client = new ClaimClient({ url: "", secret, role, now: () => NOW });
  const headers = client.headers("POST", "/v1/claims", "192.0.2.7", BODY);
  const request = { method: "POST", url: "/v1/claims", peer: "10.1.2.3", body: Buffer.from(BODY), headers };
  return { ...request, ...changes };
}

describe("Authenticator", () => {
  it("accepts a signed request from an allowed peer and believes its client address", () => {
    const caller = authenticator().authenticate(signed());
    expect(caller).to.include({ role: "frontend", clientAddress: "192.0.2.7", compatibility: false });
  });

  it("esms/hmac-raw-body: refuses every change of what was signed, a space in the body included", () => {
    const headers = signed().headers;
    const changes: Partial<IncomingRequest>[] = [
      { body: Buffer.from('{"userId": 1}') },
      { body: Buffer.from('{"userId":2}') },
      { body: Buffer.alloc(0) },
      { method: "PUT" },
      { url: "/v1/claims?x=1" },
      { headers: { ...headers, "x-touchstone-nonce": "f".repeat(32) } },
      { headers: { ...headers, "x-touchstone-client-address": "192.0.2.8" } },
      { headers: { ...headers, [TIMESTAMP_HEADER]: String(NOW / 1000 + 1) } },
      { headers: { ...headers, [SIGNATURE_HEADER]: `${"0".repeat(64)}` } },
      { headers: { ...headers, [SIGNATURE_HEADER]: "" } },
      { headers: { ...headers, [SIGNATURE_HEADER]: `${String(headers[SIGNATURE_HEADER])}00` } },
    ];
    for (const change of changes) {
      expect(authenticator().authenticate(signed(change)), JSON.stringify(change).slice(0, 80)).to.equal("signature");
    }
  });

  it("refuses other peers, whatever they know", () => {
    for (const peer of ["10.2.0.1", "::2", "", undefined]) {
      expect(authenticator().authenticate({ ...signed(), peer })).to.equal("peer");
    }
    expect(authenticator().authenticate(signed({ peer: "::ffff:10.1.2.3" })), "IPv4 on IPv6").to.have.property("role");
  });

  it("refuses timestamps outside the window, on either side", () => {
    for (const [skew, outcome] of [
      [59, "accepted"],
      [61, "timestamp"],
      [-61, "timestamp"],
    ] as const) {
      const result = authenticator({ now: NOW + skew * 1000 }).authenticate(signed());
      expect(typeof result === "string" ? result : "accepted", String(skew)).to.equal(outcome);
    }
  });

  it("does not let one role's key speak for the other", () => {
    expect(authenticator().authenticate(signed({}, { secret: operatorSecret }))).to.equal("signature");
  });

  it("knows the original's header only when told so", () => {
    const hmac = "x-gitcoin-sig";
    const request = { ...signed(), headers: { [hmac]: "AB".repeat(32) } };
    expect(authenticator().authenticate(request)).to.equal("headers");
    expect(authenticator({ compatibility: true }).authenticate(request)).to.equal("compatibility-signature");
  });
});

describe("rateLimitGroup", () => {
  it("counts IPv4 addresses singly and IPv6 by its /64", () => {
    expect(rateLimitGroup("192.0.2.1")).to.equal("192.0.2.1");
    expect(rateLimitGroup("::ffff:192.0.2.1")).to.equal("192.0.2.1");
    expect(rateLimitGroup("2001:db8:1:2:3::4")).to.equal(rateLimitGroup("2001:db8:1:2:ffff::"));
    expect(rateLimitGroup("2001:db8:1:3::")).not.to.equal(rateLimitGroup("2001:db8:1:2::"));
    expect(rateLimitGroup("somewhere")).to.equal(undefined);
  });
});
