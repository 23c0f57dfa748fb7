import { expect } from "chai";

import { findBrokenLink } from "../../src/database/audit-chain.js";
import type { ClaimEventsTable } from "../../src/database/schema.js";
import { ClaimClient, type WireClaim } from "../../src/http/claim-client.js";
import { eventually, type TestService } from "../support/claim-service.js";
import { accountOf, createClaimWorld, type ClaimWorld } from "../support/claim-world.js";
import { engines } from "../support/databases.js";
import { developmentWallet } from "../support/development-wallet.js";
import { fail } from "../support/problems.js";
import { frontendSecret } from "../support/secrets.js";
import { startSuicidalService } from "../support/service-process.js";

/** A signature's life and a margin: an in-process chain's clock may lag behind ours by the time since the test run began. */
const AFTER_EXPIRY = 2 * 3600;

for (const engine of engines) {
  describe(`a claim service that is killed at each step of a claim's life, on ${engine.name}`, function () {
    this.timeout(120_000);
    let world: ClaimWorld;
    let nextUser = 1;

    before(async () => {
      world = await createClaimWorld(engine);
    });
    after(async () => {
      await world?.close();
    });

    const ask = (client: ClaimClient, userId: number) =>
      client.claim({ userId, account: accountOf(userId % 19), delegatee: accountOf(2) });

    async function send({ claim, signature, proof }: WireClaim) {
      const sender = developmentWallet(claim.userId % 19, world.chain.provider);
      const { userId, amount, delegatee, deadline } = claim;
      return world.campaign.distributor
        .connect(sender)
        .claimSigned(userId, amount, delegatee, deadline, signature as string, proof);
    }

    /** Runs `act` against a service that dies at the step, then checks the log and gives a service that lives. */
    async function dieAt(step: string, when: "before" | "after", act: (client: ClaimClient) => Promise<unknown>) {
      const dying = await startSuicidalService(world.environment, step, when);
      try {
        const outcome = act(new ClaimClient({ url: dying.url, secret: frontendSecret })).then(
          () => "nothing failed",
          (error: unknown) => error,
        );
        const late = new Promise<string>((resolve) => setTimeout(resolve, 30_000, "alive"));
        const ending = await Promise.race([dying.ended, late]);
        expect(ending, `the step was not reached: ${String(await outcome)}`).to.equal("SIGKILL");
      } finally {
        dying.child.kill("SIGKILL");
      }
      const service = await world.start();
      await service.follower.step();
      return service;
    }

    async function expectUnbrokenLog(service: TestService, userId: number, types: string[]) {
      const rows = (await service.operator.audit())
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as ClaimEventsTable);
      expect(findBrokenLink(rows)).to.equal(undefined);
      expect(rows.filter(({ user_id }) => user_id === userId).map(({ type }) => type)).to.deep.equal(types);
    }

    for (const when of ["before", "after"] as const) {
      it(`issuing, ${when} the record is written: the user gets one claim and nobody a second`, async () => {
        const userId = nextUser++;
        const service = await dieAt("issued", when, (client) => ask(client, userId));
        const given = await ask(service.frontend, userId);
        await fail(
          service.frontend.claim({ userId, account: accountOf(userId), delegatee: accountOf(3) }),
          "claims/conflict",
        );
        expect(await ask(service.frontend, userId)).to.deep.equal(given);
        await (await send(given)).wait();
        await expectUnbrokenLog(service, userId, [
          "bound",
          "issued",
          "conflict-refused",
          ...(await eventually(
            async () => (await service.frontend.state(userId)).status === "confirmed" && ["included", "confirmed"],
          )),
        ]);
        await service.close();
      });

      it(`a transaction is reported, ${when} it is written: it can be reported again`, async () => {
        const userId = nextUser++;
        const first = await world.start();
        const given = await ask(first.frontend, userId);
        await first.close();
        const hash = `0x${userId.toString(16).padStart(64, "0")}`;
        const service = await dieAt("broadcast", when, (client) => client.report(userId, hash));
        expect((await service.frontend.state(userId)).status).to.equal(when === "before" ? "issued" : "broadcast");
        expect((await service.frontend.report(userId, hash)).status).to.equal("broadcast");
        await fail(ask(service.frontend, userId), "claims/pending");
        await expectUnbrokenLog(service, userId, ["bound", "issued", "broadcast"]);
        await service.close();
        expect(given.claim.userId).to.equal(userId);
      });

      it(`a claim is confirmed, ${when} it is written: the next process finds it on-chain`, async () => {
        const userId = nextUser++;
        const service = await dieAt("confirmed", when, async (client) =>
          (await send(await ask(client, userId))).wait(),
        );
        expect((await service.frontend.state(userId)).status).to.equal("confirmed");
        await expectUnbrokenLog(service, userId, ["bound", "issued", "included", "confirmed"]);
        await service.close();
      });

      it(`a claim expires, ${when} it is written: it can be asked for anew`, async () => {
        const userId = nextUser++;
        const service = await dieAt("expired", when, async (client) => {
          await ask(client, userId);
          await world.chain.increaseTime(AFTER_EXPIRY);
        });
        expect((await service.frontend.state(userId)).status).to.equal("expired");
        await ask(service.frontend, userId);
        await expectUnbrokenLog(service, userId, ["bound", "issued", "expired", "issued"]);
        await service.close();
      });

      it(`a confirmed claim is re-organised away, ${when} it is written: it is given again`, async () => {
        const userId = nextUser++;
        const { provider } = world.chain;
        const first = await world.start();
        const given = await ask(first.frontend, userId);
        await first.follower.step();
        const snapshot = (await provider.send("evm_snapshot", [])) as string;
        await (await send(given)).wait();
        await eventually(async () => (await first.frontend.state(userId)).status === "confirmed");
        await first.close();
        const service = await dieAt("reorganised", when, async () => {
          await provider.send("evm_revert", [snapshot]);
          await world.chain.mine(3);
        });
        expect((await service.frontend.state(userId)).status).to.equal("issued");
        expect((await ask(service.frontend, userId)).signature).to.equal(given.signature);
        await expectUnbrokenLog(service, userId, ["bound", "issued", "included", "confirmed", "reorganised"]);
        await service.close();
      });
    }
  });
}
