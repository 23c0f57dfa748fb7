import { expect } from "chai";

import type { WireClaim } from "../../src/http/claim-client.js";
import { keySigner } from "../../src/claims/signers/key-signer.js";
import { claimDomain } from "../../src/claims/typed-data.js";
import { Secret } from "../../src/shared/secret.js";
import { eventually, type TestService } from "../support/claim-service.js";
import { accountOf, createClaimWorld, type ClaimWorld } from "../support/claim-world.js";
import { BOUND_USER } from "../support/claim-world-book.js";
import { engines } from "../support/databases.js";
import { developmentWallet } from "../support/development-wallet.js";
import { fail } from "../support/problems.js";
import { SIGNER_KEY } from "../support/secrets.js";

for (const engine of engines) {
  describe(`a claim followed on-chain, on ${engine.name}`, () => {
    let world: ClaimWorld;
    let service: TestService;
    let now: number | undefined;
    const clock = { now: () => now ?? Date.now() };

    before(async () => {
      world = await createClaimWorld(engine);
      service = await world.start({ CLAIMS_CONFIRMATIONS: "3", CLAIMS_PATIENCE_SECONDS: "600" }, { clock });
    });
    after(async () => {
      await world?.close();
    });
    afterEach(async () => {
      now = undefined;
      await world.chain.provider.send("evm_setAutomine", [true]);
    });

    const ask = (userId: number) =>
      service.frontend.claim({ userId, account: accountOf(userId), delegatee: accountOf(2) });
    const statusOf = async (userId: number) => (await service.frontend.state(userId)).status;
    const becomes = (userId: number, status: string) => eventually(async () => (await statusOf(userId)) === status);
    const holdBlocks = () => world.chain.provider.send("evm_setAutomine", [false]);

    function send({ claim, signature, proof }: WireClaim, overrides: object = {}) {
      const { userId, amount, delegatee, deadline } = claim;
      return world.campaign.distributor
        .connect(developmentWallet(userId, world.chain.provider))
        .claimSigned(userId, amount, delegatee, deadline, signature as string, proof, {
          gasLimit: 400_000,
          ...overrides,
        });
    }

    it("is confirmed only when its block is deep enough", async () => {
      const sent = await send(await ask(1));
      await service.frontend.report(1, sent.hash);
      await service.follower.step();
      expect(await statusOf(1)).to.equal("broadcast");
      await fail(ask(1), "claims/pending");
      await world.chain.mine(2);
      await becomes(1, "confirmed");
    });

    it("goes back to broadcast when the chain drops its block, and is confirmed again in another", async () => {
      const { provider } = world.chain;
      const given = await ask(3);
      await service.follower.step();
      const snapshot = (await provider.send("evm_snapshot", [])) as string;
      const sent = await send(given);
      await service.frontend.report(3, sent.hash);
      await world.chain.mine(2);
      await becomes(3, "confirmed");
      await provider.send("evm_revert", [snapshot]);
      await world.chain.mine(5);
      await becomes(3, "broadcast");
      expect(service.alerts.map(({ pattern }) => pattern)).to.include("reorganisation");
      await fail(ask(3), "claims/pending");
      const again = await send(given);
      await world.chain.mine(3);
      const state = await eventually(async () => {
        const found = await service.frontend.state(3);
        return found.status === "confirmed" && found;
      });
      expect(state.transaction).to.equal(again.hash);
    });

    it("is followed into the transaction that replaces the reported one", async () => {
      const given = await ask(4);
      await holdBlocks();
      const nonce = await world.chain.provider.getTransactionCount(accountOf(4));
      const slow = await send(given, { nonce, maxFeePerGas: 5n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 9n });
      expect((await service.frontend.report(4, slow.hash)).status).to.equal("broadcast");
      const fast = await send(given, { nonce, maxFeePerGas: 50n * 10n ** 9n, maxPriorityFeePerGas: 10n ** 10n });
      expect((await service.frontend.report(4, fast.hash)).transaction).to.equal(fast.hash);
      await world.chain.mine(3);
      await becomes(4, "confirmed");
    });

    it("is given back when another transaction takes its nonce, without waiting", async () => {
      const given = await ask(5);
      await holdBlocks();
      const wallet = developmentWallet(5, world.chain.provider);
      const nonce = await world.chain.provider.getTransactionCount(wallet.address);
      const fees = (gwei: bigint) => ({
        maxFeePerGas: gwei * 10n ** 9n,
        maxPriorityFeePerGas: (gwei * 10n ** 9n) / 2n,
      });
      const sent = await send(given, { nonce, ...fees(5n) });
      await service.frontend.report(5, sent.hash);
      await wallet.sendTransaction({ to: wallet.address, nonce, ...fees(50n) });
      await world.chain.mine(1);
      await becomes(5, "issued");
      expect((await ask(5)).signature).to.equal(given.signature);
    });

    it("is given back when its transaction fails", async () => {
      const given = await ask(6);
      await holdBlocks();
      const wrong = { ...given, claim: { ...given.claim, amount: "1" } };
      const sent = await send(wrong, {});
      await service.frontend.report(6, sent.hash);
      await world.chain.mine(1);
      await becomes(6, "issued");
    });

    it("is given back when no node has known its transaction for long", async () => {
      const given = await ask(7);
      await service.frontend.report(7, `0x${"07".repeat(32)}`);
      await service.follower.step();
      expect(await statusOf(7)).to.equal("broadcast");
      now = Date.now() + 601_000;
      await becomes(7, "issued");
      expect((await ask(7)).signature).to.equal(given.signature);
    });

    it("refuses a report of somebody else's transaction", async () => {
      await ask(8);
      const other = await send(await ask(10));
      await fail(service.frontend.report(8, other.hash), "claims/transaction-unrelated");
    });

    it("is seen on-chain even if nobody reported it; a bound user needs no record of ours", async () => {
      const given = await service.frontend.claim({
        userId: BOUND_USER,
        account: accountOf(9),
        delegatee: accountOf(2),
      });
      const holder = developmentWallet(9, world.chain.provider);
      const { amount, delegatee } = given.claim;
      await (await world.campaign.distributor.connect(holder).claim(BOUND_USER, amount, delegatee, given.proof)).wait();
      await world.chain.mine(2);
      await becomes(BOUND_USER, "confirmed");
      expect(service.alerts.filter(({ pattern }) => pattern === "unexpected-claim")).to.deep.equal([]);
    });

    it("raises an alarm when the signer's key signs what this service did not", async () => {
      const domain = claimDomain(world.campaign.chainId, world.campaign.address);
      const thief = developmentWallet(11, world.chain.provider);
      const claim = {
        userId: 12,
        account: thief.address,
        amount: 12n * 10n ** 18n,
        delegatee: thief.address,
        submitter: thief.address,
        deadline: 2n ** 40n,
      };
      const signature = await keySigner(new Secret(SIGNER_KEY), domain).sign(claim);
      const { userId, amount, delegatee, deadline } = claim;
      const proof = world.book.proof(12);
      await world.campaign.distributor
        .connect(thief)
        .claimSigned(userId, amount, delegatee, deadline, signature, proof);
      await eventually(async () => service.alerts.some(({ pattern }) => pattern === "unexpected-claim"));
      await world.chain.mine(2);
      await becomes(12, "confirmed");
      await fail(ask(12), "claims/already-claimed");
    });

    it("lives by the chain's time when our clock is behind, and never outlives two hours when it is ahead", async () => {
      const timestamp = async () => (await world.chain.provider.getBlock("latest"))?.timestamp ?? 0;
      now = Date.now() - 7_200_000;
      await service.follower.step();
      const behind = await ask(13);
      expect(Number(behind.claim.deadline)).to.equal((await timestamp()) + 3600);
      expect(service.alerts.map(({ pattern }) => pattern)).to.include("clock-skew");
      await (await send(behind)).wait();
      // With a clock that runs ahead, an older claim is still alive on-chain and no other one is signed beside it.
      now = undefined;
      const given = await ask(14);
      now = Date.now() + 3_700_000;
      await service.follower.step();
      await fail(
        service.frontend.claim({ userId: 14, account: accountOf(14), delegatee: accountOf(3) }),
        "claims/conflict",
      );
      expect(Number(given.claim.deadline)).to.be.greaterThan(await timestamp());
    });

    it("refuses a front end whose clock is wrong", async () => {
      const body = JSON.stringify({ userId: 15, account: accountOf(15) });
      const headers = service.frontend.headers("POST", "/v1/claims", "", body);
      now = Date.now() + 61_000;
      const answer = await fetch(`${service.url}/v1/claims`, { method: "POST", headers, body });
      expect(answer.status).to.equal(401);
    });

    it("is not given while the owner has paused signed claims, nor after the window", async () => {
      const { distributor } = world.campaign;
      await (await distributor.pauseSignedClaims()).wait();
      await service.follower.step();
      await fail(ask(16), "claims/paused-on-chain");
      await (await distributor.resumeSignedClaims()).wait();
      await service.follower.step();
      await ask(16);
      await (await distributor.rotateSigner(accountOf(1), 0)).wait();
      await service.follower.step();
      await fail(ask(17), "claims/campaign-mismatch");
      expect(service.alerts.map(({ pattern }) => pattern)).to.include("signer-mismatch");
      await world.chain.increaseTime(31 * 86_400);
      await service.follower.step();
      await fail(ask(17), "claims/window-closed");
    });
  });
}
