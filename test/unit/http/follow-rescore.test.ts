import { expect } from "chai";

import { followRescore } from "../../../src/http/passport/follow-rescore.js";
import type { WireRescore } from "../../../src/http/passport/passport-client.js";

describe("following a rescore", () => {
  it("passport/rescore-can-be-followed: asks until it is done, shows how far it is, and gives its end", async () => {
    const state = (phase: WireRescore["phase"], scored: number): WireRescore => ({
      ...{ id: 7, scorerId: 3, phase, scored, changed: scored, flipped: 0, startedAt: 1 },
      finishedAt: phase === "done" ? 2 : null,
    });
    const answers = [state("score", 0), state("score", 40), state("done", 50)];
    const asked: unknown[] = [];
    const shown: unknown[] = [];
    let pauses = 0;
    const done = await followRescore(
      {
        rescoreState: (...question) => {
          asked.push(question);
          return Promise.resolve(answers.shift() as WireRescore);
        },
      },
      state("settle", 0),
      {
        pause: () => Promise.resolve((pauses += 1)),
        progress: { update: (...line) => shown.push(line), finish: () => shown.push("finished") },
      },
    );
    expect(done).to.deep.equal(state("done", 50));
    expect(asked).to.deep.equal([
      [3, 7],
      [3, 7],
      [3, 7],
    ]);
    expect(pauses).to.equal(3);
    expect(shown).to.deep.equal([
      ["settling links", 0],
      ["scoring accounts", 0],
      ["scoring accounts", 40],
      ["scoring accounts", 50, 50],
      "finished",
    ]);
  });
});
