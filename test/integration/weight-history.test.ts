import path from "node:path";

import { expect } from "chai";

import { readHistory } from "../../tasks/scorer/rules-file.js";
import { dataFolder, readData } from "../support/data.js";
import { engines, type TestEngine } from "../support/databases.js";
import { createPassportWorld } from "../support/passport/service.js";

const FILE = "passport/weights_history.json";

describe("a history of weights", () => {
  it("passport/weight-history-as-versions: the complete history of default weights becomes one scorer's versions", async () => {
    if (readData(FILE) === undefined) return;
    const [first, ...later] = await readHistory(path.join(dataFolder, FILE));
    // One engine is enough: nothing here is about databases.
    const world = await createPassportWorld(engines.at(-1) as TestEngine);
    try {
      const { service } = world;
      const { id } = await service.createScorer({ name: "history", author: "tests", ...first });
      for (const { rules, reason } of later) await service.addVersion(id, rules, { author: "tests", reason });
      const versions = await service.versions(id);
      console.log(`      ${versions.length} versions of the weight table loaded`);
      expect(versions).to.have.length(41);
      expect(versions.map(({ reason }) => reason.slice(0, 10))).to.deep.equal(
        [first, ...later].map(({ reason }) => reason.slice(0, 10)),
      );
      const { rules } = await service.version(id);
      expect([rules.weights.size, rules.threshold]).to.deep.equal([51, 200_000]);
    } finally {
      await world.close();
    }
  });
});
