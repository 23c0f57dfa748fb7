import { expect } from "chai";

import { Batcher } from "../../../src/shared/batcher.js";

describe("Batcher", () => {
  it("lets calls of one moment travel together and answers each with its own result", async () => {
    const batches: number[][] = [];
    const batcher = new Batcher(async (inputs: number[]) => {
      batches.push(inputs);
      return inputs.map((input) => input * 2);
    });
    expect(await Promise.all([1, 2, 3].map((input) => batcher.run(input)))).to.deep.equal([2, 4, 6]);
    expect(batches).to.deep.equal([[1, 2, 3]]);
  });

  it("collects what arrives while a batch is under way, up to the largest size, in order", async () => {
    const batches: number[][] = [];
    const work = async (inputs: number[]) => {
      batches.push(inputs);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return inputs;
    };
    const batcher = new Batcher(work, { largest: 2 });
    const all = [batcher.run(0)];
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    for (let input = 1; input <= 5; input += 1) all.push(batcher.run(input));
    expect(await Promise.all(all)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(batches).to.deep.equal([[0], [1, 2], [3, 4], [5]]);
  });

  it("fails the calls of a failed batch, and no others", async () => {
    const batcher = new Batcher(async (inputs: number[]) => {
      if (inputs.includes(13)) throw new Error("thirteen");
      return inputs;
    });
    const outcomes = await Promise.allSettled([batcher.run(13), batcher.run(1)]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect(await batcher.run(2)).to.equal(2);
  });
});
