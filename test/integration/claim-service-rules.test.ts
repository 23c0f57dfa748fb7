import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { findBrokenLink } from "../../src/database/audit-chain.js";
import type { ClaimEventsTable } from "../../src/database/schema.js";
import { compatibilitySignature } from "../../src/http/compatibility.js";
import { verifyClaimFile } from "../../src/claims/verify-claim.js";
import { claimDigest, claimDomain } from "../../src/claims/typed-data.js";
import { ClaimError } from "../../src/claims/errors.js";
import { deployCampaign } from "../support/campaign.js";
import { startTestService, type TestService } from "../support/claim-service.js";
import { accountOf, createClaimWorld, signerAccount, type ClaimWorld } from "../support/claim-world.js";
import { BOUND_USER, worldBook } from "../support/claim-world-book.js";
import { engines } from "../support/databases.js";
import { developmentWallet } from "../support/development-wallet.js";
import { fail } from "../support/problems.js";
import { frontendSecret } from "../support/secrets.js";
import { rawRequest } from "../support/raw-request.js";

for (const engine of engines) {
  describe(`what the claim service gives and refuses, on ${engine.name}`, () => {
    let world: ClaimWorld;
    let service: TestService;
    const claim = (userId: number, changes: object = {}) =>
      service.frontend.claim({ userId, account: accountOf(userId), delegatee: accountOf(2), ...changes });

    before(async () => {
      world = await createClaimWorld(engine);
      service = await world.start();
    });

    after(async () => {
      await world?.close();
    });

    /** Sends a body exactly as it is written, properly signed. */
    async function sendText(body: string, path = "/v1/claims") {
      const headers = service.frontend.headers("POST", path, "192.0.2.1", body);
      const answer = await rawRequest(service.url, { path, headers, body });
      return { ...answer, json: JSON.parse(answer.text) as Record<string, unknown> };
    }

    it("esms/amount-units: amounts are decimal strings in wei, in requests and answers", async () => {
      const given = await claim(3, { amount: "3000000000000000000" });
      expect(given.claim.amount).to.equal("3000000000000000000");
      expect((await service.frontend.state(3)).amount).to.equal("3000000000000000000");
      for (const amount of ['"3"', '"3.0"', '"3e18"', "3000000000000000000", "3"]) {
        const { status } = await sendText(`{"userId":4,"account":"${accountOf(4)}","amount":${amount}}`);
        expect(status, amount).to.be.oneOf([400, 409]);
      }
    });

    it("esms/uses-only-parsed-values: refuses every number that is not plain digits, and signs nothing for it", async () => {
      const account = accountOf(5);
      const odd = ["5.0", "5.5", "5e0", "-5", '"5"', "true", "null", "[5]", '" 5"', "05", "+5", "0x5", "4294967296"];
      for (const userId of odd) {
        const { status, json } = await sendText(`{"userId":${userId},"account":"${account}"}`);
        expect(status, userId).to.equal(400);
        expect(json["code"], userId).to.equal("http/invalid-request");
      }
      for (const amount of ["5.0", "5e18", "-5", "+5", " 5", "5 ", "0x5", "", "05"]) {
        const { status } = await sendText(`{"userId":5,"account":"${account}","amount":"${amount}"}`);
        expect(status, amount).to.equal(400);
      }
      expect((await service.frontend.state(5)).status).to.equal("available");
    });

    it("esms/amount-not-on-list: refuses another amount than the list's, alerts, and never signs what was asked", async () => {
      await fail(claim(6, { amount: "6000000000000000001" }), "claims/amount-mismatch");
      expect(service.alerts.map(({ pattern }) => pattern)).to.include("amount-mismatch");
      const given = await claim(6);
      expect(given.claim.amount).to.equal("6000000000000000000");
      await fail(claim(9999), "claims/user-not-listed");
    });

    it("esms/idempotent-and-conflict: the same request gets the same claim, another one is refused and logged", async () => {
      const first = await claim(7);
      const [again, concurrent] = await Promise.all([claim(7), claim(7)]);
      expect(again).to.deep.equal(first);
      expect(concurrent).to.deep.equal(first);
      await fail(claim(7, { delegatee: accountOf(8) }), "claims/conflict");
      await fail(claim(7, { account: accountOf(8) }), "claims/conflict");
      expect(service.alerts.filter(({ pattern }) => pattern === "conflict")).to.have.length(2);
      const events = (await auditRows(service)).filter(({ user_id }) => user_id === 7).map(({ type }) => type);
      expect(events).to.deep.equal(["bound", "issued", "conflict-refused", "conflict-refused"]);

      const hash = `0x${"77".repeat(32)}`;
      await service.frontend.report(7, hash);
      const problem = await fail(claim(7), "claims/pending");
      expect(problem.detail).to.equal(`Your claim is pending in transaction ${hash}`);
      expect(problem["transaction"]).to.equal(hash);
    });

    it("esms/rebinding-needs-approval: a user keeps the first account until an operator approves another", async () => {
      const moved = developmentWallet(18).address;
      await claim(8);
      await world.chain.increaseTime(2 * 3600);
      await service.follower.step();
      const now = (await world.chain.provider.getBlock("latest"))?.timestamp;
      expect((await service.frontend.state(8)).status, `chain time ${now}`).to.equal("expired");
      await fail(claim(8, { account: moved }), "claims/rebinding-needs-approval");
      await fail(
        service.frontend.approveRebinding({ userId: 8, account: moved, operator: "a thief", reason: "please" }),
        "http/forbidden",
      );
      await fail(claim(8, { account: moved }), "claims/rebinding-needs-approval");
      await service.operator.approveRebinding({ userId: 8, account: moved, operator: "Olga", reason: "lost wallet" });
      expect((await claim(8, { account: moved })).claim.account).to.equal(moved);
      const approval = (await auditRows(service)).find(({ type }) => type === "rebinding-approved");
      expect(JSON.parse(approval?.data ?? "{}")).to.include({ by: "Olga", reason: "lost wallet", account: moved });
    });

    it("esms/suspend-is-immediate: the next request is refused, in every process, without a restart", async () => {
      await service.operator.suspend("Olga", "drill");
      await fail(claim(9), "claims/suspended");
      expect((await rawRequest(service.url, { method: "GET", path: "/ready" })).status).to.equal(503);
      await service.operator.resume("Olga", "drill is over");
      expect((await claim(9)).kind).to.equal("signed");
      await fail(service.frontend.suspend("a front end", "mischief"), "http/forbidden");
      expect(service.alerts.map(({ pattern }) => pattern)).to.include("suspended");
    });

    it("esms/replay-rejected: a request is answered once, whatever it asks", async () => {
      const body = JSON.stringify({ userId: 10, account: accountOf(10) });
      const headers = service.frontend.headers("POST", "/v1/claims", "192.0.2.1", body);
      expect((await rawRequest(service.url, { headers, body })).status).to.equal(201);
      const replay = await rawRequest(service.url, { headers, body });
      const stranger = await rawRequest(service.url, { body });
      expect(replay).to.deep.equal(stranger);
      expect(replay.status).to.equal(401);
      const state = service.frontend.headers("GET", "/v1/claims/10", "", "");
      const read = () => rawRequest(service.url, { method: "GET", path: "/v1/claims/10", headers: state });
      expect([(await read()).status, (await read()).status]).to.deep.equal([200, 401]);
    });

    it("esms/no-listing-oracle: before authentication every answer is the same, listed or not", async () => {
      const texts = new Set<string>();
      for (const userId of [11, 9999, -1]) {
        const body = JSON.stringify({ userId, account: accountOf(11) });
        const signed = service.frontend.headers("POST", "/v1/claims", "", body);
        const tampered = [
          {},
          { ...signed, "x-touchstone-signature": "00".repeat(32) },
          { ...signed, "x-touchstone-nonce": "short" },
          { ...signed, "x-touchstone-timestamp": "1000000000" },
          { ...signed, "content-type": "not a type" },
        ];
        for (const headers of tampered) {
          for (const text of [body, "{", "x".repeat(20_000)]) {
            const answer = await rawRequest(service.url, { headers, body: text });
            texts.add(`${answer.status} ${answer.type} ${answer.text}`);
          }
          const path = `/v1/claims/${userId}`;
          const answer = await rawRequest(service.url, { method: "GET", path, headers });
          texts.add(`${answer.status} ${answer.type} ${answer.text}`);
        }
      }
      expect([...texts]).to.have.length(1);
      expect([...texts][0]).to.match(/^401 application\/problem\+json/);
      expect(service.alerts.map(({ pattern }) => pattern)).to.include("authentication-failures");
    });

    it("signs a sponsored claim only with the account's own signature over the same struct", async () => {
      const sponsor = accountOf(19);
      const owner = developmentWallet(12, world.chain.provider);
      const now = (await world.chain.provider.getBlock("latest"))?.timestamp ?? 0;
      const deadline = BigInt(Math.max(now, Math.floor(Date.now() / 1000)) + 1800);
      const domain = claimDomain(world.campaign.chainId, world.campaign.address);
      const struct = {
        userId: 12,
        account: owner.address,
        amount: 12n * 10n ** 18n,
        delegatee: accountOf(2),
        submitter: sponsor,
        deadline,
      };
      const accountSignature = owner.signingKey.sign(claimDigest(domain, struct)).serialized;
      const sponsorship = { submitter: sponsor, deadline: deadline.toString(), accountSignature };
      const { accountSignature: _, ...unsigned } = sponsorship;
      await fail(claim(12, unsigned), "claims/account-signature-missing");
      await fail(claim(12, { ...sponsorship, submitter: accountOf(18) }), "claims/account-signature-invalid");
      await fail(claim(12, { ...sponsorship, deadline: (deadline + 86_400n).toString() }), "claims/deadline-invalid");
      await fail(claim(12, { ...sponsorship, deadline: (deadline - 1800n).toString() }), "claims/deadline-invalid");
      const given = await claim(12, sponsorship);
      expect(verifyClaimFile(JSON.stringify(given))).to.include({ kind: "sponsored", accountSignature: "valid" });
      const { signature, proof } = given;
      const item = { ...struct, accountSignature, signerSignature: signature as string, proof };
      const sender = developmentWallet(19, world.chain.provider);
      await (await world.campaign.distributor.connect(sender).claimBatch(sponsor, [item])).wait();
      expect(await world.campaign.token.balanceOf(owner.address)).to.equal(struct.amount);
    });

    it("asks a contract account whether it signed (ERC-1271), and believes it", async () => {
      const account = developmentWallet(50).address;
      const deadline = String(((await world.chain.provider.getBlock("latest"))?.timestamp ?? 0) + 1800);
      const sponsorship = { account, submitter: accountOf(19), deadline, accountSignature: "0x1234" };
      // PUSH4 answer, shifted to the front of a word, which is returned: a wallet that gives one answer to everything.
      const wallet = (answer: string) => `0x63${answer}60e01b60005260206000f3`;
      const become = (code: string) => world.chain.provider.send("hardhat_setCode", [account, code]);
      await fail(claim(16, sponsorship), "claims/account-signature-invalid");
      for (const code of [wallet("ffffffff"), "0x60006000fd"]) {
        await become(code);
        await fail(claim(16, sponsorship), "claims/account-signature-invalid");
      }
      await become(wallet("1626ba7e"));
      expect((await claim(16, sponsorship)).kind).to.equal("sponsored");
    });

    it("refuses a bound user's claim for another account", async () => {
      await fail(claim(BOUND_USER, { account: accountOf(3) }), "claims/bound-to-another-account");
    });

    it("refuses the zero account and wrong checksums", async () => {
      await fail(claim(13, { account: ZeroAddress }), "claims/invalid-request");
      await fail(
        claim(13, { account: accountOf(13).replace(/[a-f]/, (c) => c.toUpperCase()) }),
        "claims/invalid-request",
      );
    });

    it("keeps an unbroken audit log that nobody can change, and exports it to operators only", async () => {
      const rows = await auditRows(service);
      expect(rows.length).to.be.greaterThan(5);
      expect(findBrokenLink(rows)).to.equal(undefined);
      const later = await service.operator.audit(rows.length - 2);
      expect(later.trim().split("\n")).to.have.length(2);
      await fail(service.frontend.audit(), "http/forbidden");
    });

    it("accepts the original's authentication and field names where that is switched on", async () => {
      await service.close();
      const old = await world.start({ CLAIMS_COMPATIBILITY: "true" });
      const fields = `"user_id":14,"user_address":"${accountOf(14)}","delegate_address":"${accountOf(2)}"`;
      const body = `{${fields},"user_amount":"14000000000000000000"}`;
      const signature = compatibilitySignature(frontendSecret, Buffer.from(body)).toString("hex");
      const send = (value: string) => rawRequest(old.url, { headers: { "x-gitcoin-sig": value }, body });
      expect((await send(signature.toUpperCase())).status).to.equal(201);
      expect((await send(signature)).status, "lower case").to.equal(401);
      await old.close();
      service = await world.start();
      const refused = await rawRequest(service.url, { headers: { "x-gitcoin-sig": signature.toUpperCase() }, body });
      expect(refused.status, "switched off").to.equal(401);
    });
  });

  describe(`how the claim service starts, on ${engine.name}`, () => {
    it("esms/domain-matches-contract: it refuses another chain, contract, root, list or signer", async function () {
      this.timeout(120_000);
      const world = await createClaimWorld(engine);
      try {
        const other = await deployCampaign(world.chain.deployer, worldBook(), { signer: accountOf(1) });
        const book = worldBook();
        const codeOf = async (environment: Record<string, string>, changedBook = book) => {
          const outcome = await startTestService({ ...world.environment, ...environment }, changedBook).then(
            (started) => started.close().then(() => "started"),
            (error: unknown) => (error instanceof ClaimError ? error.code : String(error)),
          );
          return outcome;
        };
        expect(await codeOf({ CLAIMS_CHAIN_ID: "1" })).to.equal("claims/domain-mismatch");
        expect(await codeOf({ CLAIMS_DISTRIBUTOR: accountOf(1) })).to.equal("claims/campaign-mismatch");
        expect(await codeOf({ CLAIMS_DISTRIBUTOR: other.address }), "signer").to.equal("claims/campaign-mismatch");
        expect(await codeOf({}, { ...book, root: `0x${"00".repeat(32)}` })).to.equal("claims/campaign-mismatch");
        expect(await codeOf({}, { ...book, listHash: `0x${"00".repeat(32)}` })).to.equal("claims/campaign-mismatch");
        expect(await codeOf({})).to.equal("started");
        expect(signerAccount).not.to.equal(accountOf(1));
      } finally {
        await world.close();
      }
    });
  });
}

async function auditRows(service: TestService): Promise<ClaimEventsTable[]> {
  const text = await service.operator.audit();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as ClaimEventsTable);
}
