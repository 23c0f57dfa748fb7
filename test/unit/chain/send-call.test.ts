import { expect } from "chai";
import { makeError, type Signer, type TransactionRequest } from "ethers";

import { sendCall } from "../../../src/chain/send-call.js";

const CALL = { to: `0x${"11".repeat(20)}`, data: "0x", value: 0n, summary: "do it" };
const OTHER = { ...CALL, data: "0x01" };
const PATIENCE = { patienceMilliseconds: 1_000 };
const RECEIPT = { hash: "0xmined", status: 1, blockNumber: 7, gasUsed: 21_000n };
const REPLACEMENT = { hash: "0xother" };

/** What becomes of a transaction; `pending` is never mined, so whoever waits without an end waits for ever; `late` when asked again. */
type Fate = "mined" | "pending" | "late" | "reverted" | "repriced" | "replaced";

/** An account whose n-th transaction has the n-th fate. `pool` is what its node knows of one that was sent before. */
function account(fates: Fate[], pool: object | null = null, fees: object = {}) {
  const requests: TransactionRequest[] = [];
  let estimates = 0;
  const waiting = (fate: Fate) => {
    let asked = 0;
    return (_confirmations?: number, timeout?: number) => {
      asked += 1;
      if (fate === "mined" || (fate === "late" && asked > 1)) return Promise.resolve(RECEIPT);
      if (fate === "reverted") return Promise.reject(makeError("reverted", "CALL_EXCEPTION"));
      if (fate !== "pending" && fate !== "late") {
        const details = {
          reason: fate,
          cancelled: fate === "replaced",
          replacement: REPLACEMENT,
          receipt: RECEIPT,
          hash: "",
        };
        return Promise.reject(makeError("replaced", "TRANSACTION_REPLACED", details as never));
      }
      return timeout ? Promise.reject(makeError("late", "TIMEOUT")) : new Promise(() => {});
    };
  };
  const signer = {
    estimateGas: () => {
      estimates += 1;
      return Promise.resolve(100_000n);
    },
    sendTransaction: (request: TransactionRequest) => {
      requests.push(request);
      const wait = waiting(fates[requests.length - 1]!);
      return Promise.resolve({ ...request, hash: `0x0${requests.length}`, nonce: 41, wait });
    },
    provider: { getTransaction: () => Promise.resolve(pool), getFeeData: () => Promise.resolve(fees) },
  };
  return { signer: signer as unknown as Signer, requests, estimates: () => estimates };
}

const codeOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => "sent",
    (error: { code: unknown }) => error.code,
  );

describe("a call that is sent", () => {
  it("chain/transaction-never-mined: is given up after a time, with its hash", async () => {
    const { signer } = account(["pending"]);
    const failure = await sendCall(signer, CALL, PATIENCE).catch((error: unknown) => error);
    expect(failure).to.deep.include({ code: "chain/not-mined", details: { transactionHash: "0x01" } });
  });

  it("chain/sends-in-the-place-of-the-unmined: replaces what still waits, for an eighth more or what the day takes", async () => {
    const waits = { blockNumber: null, nonce: 41, maxFeePerGas: 800n, maxPriorityFeePerGas: 80n };
    for (const [fees, expected] of [
      [
        { maxFeePerGas: 300n, maxPriorityFeePerGas: 1n },
        { maxFeePerGas: 901n, maxPriorityFeePerGas: 91n },
      ],
      [
        { maxFeePerGas: 5_000n, maxPriorityFeePerGas: 90n },
        { maxFeePerGas: 5_000n, maxPriorityFeePerGas: 91n },
      ],
    ]) {
      const { signer, requests } = account(["pending", "mined", "mined"], waits, fees);
      expect(await codeOf(sendCall(signer, CALL, PATIENCE))).to.equal("chain/not-mined");
      expect(await codeOf(sendCall(signer, CALL, PATIENCE))).to.equal("sent");
      expect(requests[1]).to.deep.include({ nonce: 41, gasLimit: 120_000n, ...expected });
      await sendCall(signer, CALL, PATIENCE);
      expect(requests[2], "the next one has its own place").not.to.have.property("nonce");
    }
    const legacy = { blockNumber: null, nonce: 41, maxFeePerGas: null, gasPrice: 800n };
    const { signer, requests } = account(["pending", "mined"], legacy, { gasPrice: 700n });
    await codeOf(sendCall(signer, CALL, PATIENCE));
    await sendCall(signer, CALL, PATIENCE);
    expect(requests[1]).to.deep.include({ nonce: 41, gasPrice: 901n });
  });

  it("chain/unmined-may-be-gone: one that was mined since, or that the node dropped, needs no replacement", async () => {
    for (const pool of [null, { blockNumber: 9, nonce: 41, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n }]) {
      const { signer, requests } = account(["pending", "mined"], pool);
      expect(await codeOf(sendCall(signer, CALL, PATIENCE))).to.equal("chain/not-mined");
      expect(await codeOf(sendCall(signer, OTHER, PATIENCE))).to.equal("sent");
      expect(requests[1]).not.to.have.property("nonce");
    }
  });

  it("chain/same-call-is-not-tried-again: one that waits is sent without a trial, and one that was mined since is the answer", async () => {
    const waits = { blockNumber: null, nonce: 41, maxFeePerGas: 80n, maxPriorityFeePerGas: 8n };
    const repeated = account(["pending", "mined"], waits, { maxFeePerGas: 100n, maxPriorityFeePerGas: 10n });
    await codeOf(sendCall(repeated.signer, CALL, PATIENCE));
    await sendCall(repeated.signer, CALL, PATIENCE);
    expect([repeated.requests.length, repeated.estimates()]).to.deep.equal([2, 1]);
    expect(repeated.requests[1]).to.deep.include({ nonce: 41, gasLimit: 120_000n, maxFeePerGas: 100n });

    const late = account(["late"], { ...waits, blockNumber: 9 });
    expect(await codeOf(sendCall(late.signer, CALL, PATIENCE))).to.equal("chain/not-mined");
    expect((await sendCall(late.signer, CALL, PATIENCE)).transactionHash).to.equal("0xmined");
    expect([late.requests.length, late.estimates()]).to.deep.equal([1, 1]);
  });

  it("chain/fees-do-not-run-away: what waits for no lack of fees is not replaced for ever more", async () => {
    const waits = { blockNumber: null, nonce: 41, maxFeePerGas: 400n, maxPriorityFeePerGas: 80n };
    for (const fees of [{ maxFeePerGas: 112n, maxPriorityFeePerGas: 80n }, { maxFeePerGas: null }]) {
      const { signer, requests } = account(["pending", "mined"], waits, fees);
      expect(await codeOf(sendCall(signer, CALL, PATIENCE))).to.equal("chain/not-mined");
      expect(await codeOf(sendCall(signer, CALL, PATIENCE))).to.equal("chain/not-mined");
      expect(requests).to.have.length(1);
    }
    // The tip is never above the whole fee.
    const tips = { ...waits, maxFeePerGas: 100n, maxPriorityFeePerGas: 100n };
    const { signer, requests } = account(["pending", "mined"], tips, {
      maxFeePerGas: 100n,
      maxPriorityFeePerGas: 500n,
    });
    await codeOf(sendCall(signer, CALL, PATIENCE));
    await sendCall(signer, CALL, PATIENCE);
    expect(requests[1]).to.deep.include({ maxFeePerGas: 113n, maxPriorityFeePerGas: 113n });
  });

  it("tells a revert, another transaction in its place, and the same one with other fees", async () => {
    expect(await codeOf(sendCall(account(["reverted"]).signer, CALL))).to.equal("chain/reverted");
    expect(await codeOf(sendCall(account(["replaced"]).signer, CALL))).to.equal("chain/not-mined");
    expect(await sendCall(account(["repriced"]).signer, CALL)).to.deep.equal({
      transactionHash: "0xmined",
      blockNumber: 7,
      gasUsed: 21_000n,
    });
  });
});
