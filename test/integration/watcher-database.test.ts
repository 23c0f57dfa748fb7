import { expect } from "chai";

import { DatabaseWatcherStore } from "../../src/database/nodes/watcher-store.js";
import { openDatabase } from "../../src/database/open-database.js";
import type { Alarm } from "../../src/nodes/watcher/alarm.js";
import { factsOf } from "../../src/nodes/watcher/follow-source.js";
import type { KeptAlarm } from "../../src/nodes/watcher/ports.js";
import { engines } from "../support/databases.js";
import { network } from "../support/nodes/network.js";
import { runToEpoch, sourceOf } from "../support/nodes/sources.js";

for (const engine of engines) {
  describe(`the watcher's database, on ${engine.name}`, () => {
    it("watcher/store-keeps-what-was-seen: certificates for each source, alarms under their key, what was told and what not", async () => {
      const database = await engine.create();
      const db = await openDatabase(database.location);
      try {
        const store = new DatabaseWatcherStore(db);
        const all = network();
        await runToEpoch(all, 3n);
        const [genesis, first, second] = sourceOf(all).certificates();
        for (const _ of [1, 2]) await store.saveVerified("a", genesis!, undefined);
        await store.saveVerified("a", first!, factsOf("a", first!));
        await store.saveVerified("b", second!, factsOf("b", second!));
        expect(await store.isVerified("a", first!.hash)).to.equal(true);
        expect(await store.isVerified("b", first!.hash)).to.equal(false);
        expect(await store.verified("a", first!.hash)).to.deep.equal(first);
        expect(await store.verified("b", first!.hash)).to.equal(undefined);
        const seen = await store.watched(3n);
        expect(seen.sort((x, y) => (x.source < y.source ? -1 : 1))).to.deep.equal([
          factsOf("a", first!),
          factsOf("b", second!),
        ]);
        expect(await store.watched(4n)).to.deep.equal([]);

        const alarm: Alarm = { kind: "gap", subject: "", epoch: 4n, message: "a gap", details: { epoch: "4" } };
        const raised: KeptAlarm = { alarm, raisedAt: 1_700_000_000_000, clearedAt: null, delivered: false };
        await store.saveAlarms([]);
        await store.saveAlarms([raised, { ...raised, alarm: { ...alarm, kind: "wrong-seal" } }]);
        await store.markDelivered({ ...raised, raisedAt: 1 });
        expect((await store.alarms()).map(({ delivered }) => delivered)).to.deep.equal([false, false]);
        await store.markDelivered(raised);
        expect((await store.alarms()).map(({ delivered }) => delivered)).to.deep.equal([true, false]);
        const cleared = { ...raised, clearedAt: 1_700_000_000_001 };
        await store.saveAlarms([cleared]);
        // What was told of it when it held does not tell that it is over.
        await store.markDelivered(raised);
        expect((await store.alarms())[0]).to.deep.equal(cleared);
        await store.markDelivered(cleared);
        expect(await store.alarms()).to.have.length(1);
      } finally {
        await db.destroy();
        await database.drop();
      }
    });
  });
}
