import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { accountOfKey } from "../../src/claims/signature.js";
import type { AllocationBook } from "../../src/merkle/allocation.js";
import { bookOfUsers } from "../support/allocations.js";
import { deployCampaign, type Campaign } from "../support/campaign.js";
import { eventually, serviceEnvironment, startTestService, type TestService } from "../support/claim-service.js";
import { engines, type TestDatabase } from "../support/databases.js";
import { developmentWallet } from "../support/development-wallet.js";
import { startRpcChain, type RpcChain } from "../support/rpc-chain.js";
import { fail } from "../support/problems.js";
import { SIGNER_KEY } from "../support/secrets.js";

const signer = accountOfKey(Buffer.from(SIGNER_KEY.slice(2), "hex")) as string;

for (const engine of engines) {
  describe(`a claim, from request to tokens, on ${engine.name}`, () => {
    let chain: RpcChain;
    let book: AllocationBook;
    let campaign: Campaign;
    let database: TestDatabase;
    let service: TestService;

    before(async () => {
      chain = await startRpcChain();
      const bound = { userId: 100, amount: 5n * 10n ** 18n, account: developmentWallet(9).address };
      book = bookOfUsers(20, bound);
      campaign = await deployCampaign(chain.deployer, book, { signer });
      database = await engine.create();
      service = await startTestService(serviceEnvironment(chain.url, campaign, database.environment), book);
    });

    after(async () => {
      await service?.close();
      await database?.drop();
      await chain?.close();
    });

    it("e2e/claim-with-in-process-service: a signed claim pays and delegates, and the service follows it", async () => {
      const claimant = developmentWallet(1, chain.provider);
      const delegatee = developmentWallet(2).address;
      const given = await service.frontend.claim({ userId: 7, account: claimant.address, delegatee });
      expect(given.kind).to.equal("signed");
      expect(given.claim.amount).to.equal("7000000000000000000");

      const { userId, amount, deadline } = given.claim;
      const sent = await campaign.distributor
        .connect(claimant)
        .claimSigned(userId, amount, delegatee, deadline, given.signature as string, given.proof);
      await service.frontend.report(7, sent.hash);
      await sent.wait();
      expect(await campaign.token.balanceOf(claimant.address)).to.equal(7n * 10n ** 18n);
      expect(await campaign.token.delegates(claimant.address)).to.equal(delegatee);

      const state = await eventually(async () => {
        const found = await service.frontend.state(7);
        return found.status === "confirmed" && found;
      });
      expect(state.transaction).to.equal(sent.hash);
      await fail(service.frontend.claim({ userId: 7, account: claimant.address, delegatee }), "claims/already-claimed");
    });

    it("answers a bound user with the proof, which is all that the contract wants", async () => {
      const holder = developmentWallet(9, chain.provider);
      const given = await service.frontend.claim({ userId: 100, account: holder.address });
      expect(given).to.include({ kind: "bound" });
      expect(given).not.to.have.property("signature");
      await (
        await campaign.distributor.connect(holder).claim(100, given.claim.amount, ZeroAddress, given.proof)
      ).wait();
      expect(await campaign.token.balanceOf(holder.address)).to.equal(5n * 10n ** 18n);
      await fail(service.frontend.claim({ userId: 100, account: holder.address }), "claims/already-claimed");
    });
  });
}
