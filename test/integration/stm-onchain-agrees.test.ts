import { expect } from "chai";
import fc from "fast-check";
import { network } from "hardhat";

import { decodeProof, encodeProof } from "../../src/chain/stm-calldata.js";
import { aggregate } from "../../src/stm/aggregate.js";
import { proofToJson } from "../../src/stm/encoding/json.js";
import { StmError } from "../../src/stm/errors.js";
import type { StmParameters } from "../../src/stm/parameters.js";
import type { ConcatenationProof } from "../../src/stm/proof.js";
import { libraryVerdict, type Statement, VerifierOnChain } from "../support/stm/onchain.js";
import { type Parties, registered, signedByAll } from "../support/stm/parties.js";

const PHI = [0.05, 0.2, 0.5, 0.65, 0.8, 0.93, 0.95];

/** Stakes from equal to lopsided, up to the largest that 64 bits hold. */
const stakes = fc
  .array(fc.oneof(fc.bigInt(1n, 40n), fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 2n ** 60n)), {
    minLength: 1,
    maxLength: 9,
  })
  .map((list) => list.map((stake, i) => stake + BigInt(i)));
const scenario = fc.record({
  stakes,
  phiF: fc.constantFrom(...PHI),
  m: fc.integer({ min: 1, max: 300 }),
  message: fc.uint8Array({ minLength: 0, maxLength: 300 }),
  mode: fc.constantFrom("native" as const, "gas" as const),
});

/** All indices that the parties win together, as a proof with exactly that quorum. */
function prove(
  { registration, signers }: Parties,
  message: Uint8Array,
  parameters: Omit<StmParameters, "k">,
  mode: "native" | "gas",
): { proof: ConcatenationProof; statement: Statement } | undefined {
  const all = signedByAll({ registration, signers }, message, { ...parameters, k: 1n });
  const k = BigInt(new Set(all.flatMap(({ indexes }) => indexes)).size);
  if (k === 0n) return undefined;
  const own = { ...parameters, k };
  const proof = aggregate(all, message, registration, own, mode);
  return { proof, statement: { message, key: registration.aggregateKey, parameters: own } };
}

/** The contract and the library, given the same bytes, say the same: yes or no. */
describe("the verifier on-chain and the library", function () {
  this.timeout(120_000);
  let verifier: VerifierOnChain;
  let changes = 0;

  before(async function () {
    verifier = await VerifierOnChain.deploy((await network.create()).ethers);
  });

  async function agree(calldata: Uint8Array, statement: Statement): Promise<boolean> {
    const onChain = await verifier.verdict(calldata, statement);
    const off = libraryVerdict(calldata, statement);
    expect(onChain === undefined, `on-chain ${onChain ?? "accepted"}, library ${off ?? "accepted"}`).to.equal(
      off === undefined,
    );
    return off === undefined;
  }

  it("stm-chain/accepts-what-the-library-aggregates", async function () {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ stakes: list, phiF, m, message, mode }) => {
        const proven = prove(registered(list, "agrees"), message, { m: BigInt(m), phiF }, mode);
        if (proven === undefined) return;
        const { proof, statement } = proven;
        const calldata = encodeProof(proof);
        expect(proofToJson(decodeProof(calldata))).to.equal(proofToJson(proof));
        expect(await agree(calldata, statement)).to.equal(true);
        const { k } = statement.parameters;
        const more = { ...statement, parameters: { phiF, k: k + 1n, m: BigInt(m) + 1n } };
        expect(await agree(calldata, more)).to.equal(false);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("stm-chain/judges-every-message-length", async function () {
    // From one block to three, so that the index and the signature fall on every place of a block and across its border.
    const parties = registered([5n, 7n], "lengths");
    for (let length = 0; length <= 260; length++) {
      const proven = prove(parties, new Uint8Array(length).fill(length), { m: 6n, phiF: 0.95 }, "gas");
      if (proven === undefined) throw new Error(`nobody wins at ${length}`);
      const verdict = await verifier.verdict(encodeProof(proven.proof), proven.statement);
      expect(verdict, `a message of ${length} bytes`).to.equal(undefined);
    }
  });

  it("stm-chain/refuses-what-the-library-refuses", async function () {
    const proven = prove(
      registered([30n, 50n, 20n, 90n, 11n, 64n], "mutants"),
      new Uint8Array(64).fill(0x61),
      {
        m: 60n,
        phiF: 0.5,
      },
      "native",
    );
    if (proven === undefined) throw new Error("nobody wins");
    const calldata = encodeProof(proven.proof);
    const mutation = fc.oneof(
      fc
        .record({ at: fc.nat(calldata.length - 1), mask: fc.integer({ min: 1, max: 255 }) })
        .map(({ at, mask }) => calldata.map((byte, i) => (i === at ? byte ^ mask : byte))),
      // Numbers and indices lie at the ends: hit them more often.
      fc
        .record({ back: fc.nat(200), mask: fc.constantFrom(1, 2, 4, 128) })
        .map(({ back, mask }) => calldata.map((byte, i) => (i === calldata.length - 1 - back ? byte ^ mask : byte))),
      fc.nat(calldata.length).map((length) => calldata.slice(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 70 }).map((tail) => Uint8Array.from([...calldata, ...tail])),
      fc
        .record({ a: fc.nat(calldata.length - 1), b: fc.nat(calldata.length - 1) })
        .map(({ a, b }) => calldata.map((byte, i) => (i === a ? calldata[b]! : i === b ? calldata[a]! : byte))),
    );
    await fc.assert(
      fc.asyncProperty(mutation, async (bytes) => {
        if (!(await agree(bytes, proven.statement))) changes += 1;
      }),
      { seed: 5, numRuns: 250 },
    );
    expect(changes).to.be.greaterThan(200);
  });

  it("stm-chain/calldata-reads-back", function () {
    const proven = prove(registered([1n, 2n, 3n], "round trip"), new Uint8Array(8), { m: 30n, phiF: 0.8 }, "native");
    if (proven === undefined) throw new Error("nobody wins");
    const wide = proven.proof.signatures.map((entry) => ({
      ...entry,
      signature: { ...entry.signature, indexes: [65_536] },
    }));
    expect(() => encodeProof({ ...proven.proof, signatures: wide }))
      .to.throw(StmError)
      .with.property("code", "stm/malformed");
    expect(proofToJson(decodeProof(encodeProof(proven.proof)))).to.equal(proofToJson(proven.proof));
  });
});
