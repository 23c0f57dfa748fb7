import { expect } from "chai";

import type { TestService } from "../support/claim-service.js";
import { accountOf, createClaimWorld, type ClaimWorld } from "../support/claim-world.js";
import { engines } from "../support/databases.js";
import { fail } from "../support/problems.js";

for (const engine of engines) {
  describe(`the claim service's limits, on ${engine.name}`, () => {
    let world: ClaimWorld;
    let service: TestService;
    // A clock of our own, so that no window ends in the middle of a test.
    let now = Date.now();
    const clock = { now: () => now };
    const limits = {
      CLAIMS_LIMIT_USER: "3/60",
      CLAIMS_LIMIT_ADDRESS: "5/60",
      CLAIMS_LIMIT_GLOBAL: "12/60",
      CLAIMS_BREAKER_CLAIMS: "4",
      CLAIMS_BREAKER_WINDOW: "3600",
    };
    const restart = async (changes: Record<string, string> = {}) => {
      await service?.close();
      service = await world.start({ ...limits, ...changes }, { clock });
    };
    const nextWindow = () => (now += 60_000);
    const claim = (userId: number, address: string) =>
      service.frontend.claim({ userId, account: accountOf(userId) }, address);

    before(async () => {
      world = await createClaimWorld(engine);
      await restart();
    });
    after(async () => {
      await world?.close();
    });

    it("hold per user, across restarts, until the window ends", async () => {
      for (let time = 0; time < 3; time += 1) await claim(1, `192.0.2.${time}`);
      const problem = await fail(claim(1, "192.0.2.9"), "http/rate-limited");
      expect(problem).to.include({ scope: "user" });
      expect(problem["retryAfter"]).to.be.within(1, 60);
      await restart();
      await fail(claim(1, "192.0.2.9"), "http/rate-limited");
      nextWindow();
      await claim(1, "192.0.2.9");
    });

    it("hold per client address, an IPv6 subscriber counting as one", async () => {
      nextWindow();
      for (let index = 1; index <= 5; index += 1) await service.frontend.state(index, `2001:db8::${index}`);
      const problem = await fail(service.frontend.state(6, "2001:db8::6"), "http/rate-limited");
      expect(problem).to.include({ scope: "address" });
      await service.frontend.state(6, "2001:db8:1::6");
    });

    it("hold for everybody together, raise one alert, and leave operators free", async () => {
      nextWindow();
      service.alerts.length = 0;
      for (let index = 0; index < 12; index += 1) await service.frontend.state(index + 1, `198.51.100.${index}`);
      await fail(service.frontend.state(1, "198.51.100.99"), "http/rate-limited");
      await fail(service.frontend.state(1, "198.51.100.98"), "http/rate-limited");
      const crossed = service.alerts.filter(({ pattern }) => pattern === "limit-crossed");
      expect(crossed.map(({ details }) => details["scope"])).to.deep.equal(["global"]);
      expect(await service.operator.suspend("Olga", "flood")).to.deep.equal({ suspended: true });
      await service.operator.resume("Olga", "over");
    });

    it("suspend the service by themselves when too much is issued, until an operator resumes it", async () => {
      nextWindow();
      for (let userId = 11; userId <= 14; userId += 1) await claim(userId, `203.0.113.${userId}`);
      service.alerts.length = 0;
      await fail(claim(15, "203.0.113.15"), "claims/suspended");
      expect(service.alerts).to.deep.include.members([
        {
          pattern: "suspended",
          severity: "critical",
          message: "Claims are suspended: a limit was crossed",
          details: { reason: "more than 4 claims in 3600 seconds" },
        },
      ]);
      nextWindow();
      await restart();
      await fail(claim(15, "203.0.113.15"), "claims/suspended");
      await service.operator.resume("Olga", "checked");
      await claim(15, "203.0.113.16");
    });

    it("suspend the service when too many tokens are issued", async () => {
      nextWindow();
      await restart({ CLAIMS_BREAKER_CLAIMS: "1000", CLAIMS_BREAKER_AMOUNT: "40000000000000000000" });
      await service.operator.resume("Olga", "new limits");
      await claim(20, "203.0.113.20");
      await fail(claim(21, "203.0.113.21"), "claims/suspended");
    });
  });
}
