import { Worker } from "node:worker_threads";

import { expect } from "chai";

import { ProofPool } from "../../../src/passport/proof-pool.js";
import type { SignatureClaim } from "../../../src/passport/prover.js";
import { issuerSigner } from "../../support/passport/stamps.js";

async function claim(number: number, changes: Partial<SignatureClaim> = {}): Promise<SignatureClaim> {
  const digest = Buffer.alloc(32, number + 1);
  const signature = await issuerSigner.sign(digest);
  return { digest: `0x${digest.toString("hex")}`, signature, signer: issuerSigner.address, ...changes };
}
const forged = (number: number) => claim(number, { signer: `0x${"11".repeat(20)}` });

/** A thread of a few words, in place of the one that checks. */
const thread = (script: string) =>
  new Worker(`const { parentPort } = require("node:worker_threads");${script}`, { eval: true });
const dies = () => thread('parentPort.on("message", () => process.exit(3));');
const throws = () => thread('parentPort.on("message", () => { throw new Error("out of memory"); });');
const hangs = () => thread('parentPort.on("message", () => {});');
const agrees = () =>
  thread('parentPort.on("message", (claims) => setTimeout(() => parentPort.postMessage(claims.map(() => true)), 50));');

describe("ProofPool", function () {
  this.timeout(20_000);
  let pool: ProofPool | undefined;
  afterEach(() => pool?.close());

  const failureOf = (call: Promise<unknown>) =>
    call.then(
      () => "answered",
      (error: { code: string }) => error.code,
    );

  it("answers each caller about each of its claims, in order, from real threads", async () => {
    pool = new ProofPool(2);
    const { prove } = pool;
    const asked = Array.from({ length: 30 }, async (_, caller) =>
      prove(await Promise.all([claim(caller), forged(caller), claim(caller + 30)])),
    );
    for (const answers of await Promise.all(asked)) expect(answers).to.deep.equal([true, false, true]);
    expect(await prove([])).to.deep.equal([]);
  });

  for (const [fate, broken] of Object.entries({ dies, throws, hangs })) {
    it(`passport/dead-thread-is-replaced: fails what a thread had that ${fate}, and has another do the next`, async () => {
      const started: Worker[] = [];
      const start = () => {
        const worker = started.length === 0 ? broken() : agrees();
        started.push(worker);
        return worker;
      };
      pool = new ProofPool(1, { start, patience: 500 });
      expect(await failureOf(pool.prove([await claim(1)]))).to.equal("passport/proofs-unavailable");
      expect(await pool.prove([await claim(1)])).to.deep.equal([true]);
      expect(started).to.have.length(2);
    });
  }

  it("does not ask a thread again that died while it had nothing to do", async () => {
    const started: Worker[] = [];
    pool = new ProofPool(1, { start: () => (started.push(agrees()), started.at(-1) as Worker) });
    await started[0]?.terminate();
    expect(await pool.prove([await claim(1)])).to.deep.equal([true]);
    expect(started).to.have.length(2);
  });

  it("passport/pool-drains: answers what it has before it closes, and takes nothing more", async () => {
    pool = new ProofPool(1, { start: agrees });
    const { prove } = pool;
    // More than travel together, so that some still wait.
    const asked = await Promise.all(Array.from({ length: 20 }, (_, number) => claim(number)));
    const answers = asked.map((one) => prove([one]));
    const closed = pool.close();
    expect(await failureOf(prove([await claim(1)]))).to.equal("passport/proofs-unavailable");
    expect(await Promise.all(answers)).to.deep.equal(asked.map(() => [true]));
    await closed;
  });
});
