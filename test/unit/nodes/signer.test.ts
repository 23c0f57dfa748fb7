import { expect } from "chai";

import { NodeError } from "../../../src/nodes/protocol/errors.js";
import type { StewardTransactions } from "../../../src/nodes/protocol/chain.js";
import { SigningKey } from "../../../src/stm/keys.js";
import { network, stepAll } from "../../support/nodes/network.js";

type Account = (account: string) => StewardTransactions;

/** Replaces what the chain does with an account's transactions; gives back how often each was tried. */
function transactions(chain: { account: Account }, change: (own: StewardTransactions) => Partial<StewardTransactions>) {
  const original = chain.account.bind(chain);
  const tried = { register: 0, seal: 0 };
  chain.account = (account) => {
    const own = original(account);
    const changed = { ...own, ...change(own) };
    return {
      account,
      register: (...given) => ((tried.register += 1), changed.register(...given)),
      seal: (...given) => ((tried.seal += 1), changed.seal(...given)),
    };
  };
  return { tried, restore: () => (chain.account = original) };
}

const refused = () =>
  Promise.reject(new NodeError("nodes/registration-refused", "The contract refuses: RegistrationStakeTooLow(1, 2)."));

describe("a signer", () => {
  /** Signers at the beginning of epoch 3, with keys that sign in it. */
  async function atEpochThree(options: Parameters<typeof network>[0] = {}) {
    const all = network(options);
    const { chain, signers, aggregators } = all;
    await stepAll(signers, 2);
    chain.nextEpoch();
    await stepAll([...aggregators, ...signers], 2);
    chain.nextEpoch();
    return all;
  }

  it("signer/stake-too-low: waits for the next epoch when it cannot register, and asks once in each", async () => {
    const { chain, signers } = network({ signers: 2 });
    const [signer] = signers as [(typeof signers)[0]];
    const { tried, restore } = transactions(chain, () => ({ register: refused }));
    signer.restart();
    await stepAll([signer], 5);
    expect(tried.register).to.equal(1);
    expect(signer.state.name).to.equal("WAITING");
    chain.nextEpoch();
    await stepAll([signer], 5);
    expect(tried.register).to.equal(2);
    restore();
    signer.restart();
    await stepAll([signer], 2);
    expect((await chain.registrationsOf(2n)).map(({ steward }) => steward)).to.include(signer.account);
  });

  it("signer/no-gas: signs with the keys that it has while it cannot register new ones, and tries again", async () => {
    const { chain, signers, aggregators } = await atEpochThree();
    await stepAll(aggregators, 2);
    const [signer] = signers as [(typeof signers)[0]];
    const away = () => Promise.reject(new NodeError("nodes/chain-unavailable", "insufficient funds"));
    const { tried } = transactions(chain, () => ({ register: away }));
    signer.restart();
    await stepAll([signer], 4);
    expect(signer.state.name).to.equal("SIGNING");
    expect(signer.sent.map(({ entity }) => entity)).to.include("stake-distribution-3");
    expect(tried.register).to.be.at.least(3);
  });

  it("signer/other-key: a key that somebody else registered for its account is not signed with, and not asked about again", async () => {
    const { chain, signers } = network({ signers: 1 });
    const [signer] = signers as [(typeof signers)[0]];
    await stepAll([signer], 2);
    // As after a restore of an older folder: the account's key of the epoch is another one.
    signer.keys.kept.set(1n, SigningKey.fromKeyMaterial(new Uint8Array(32).fill(99)));
    const { tried } = transactions(chain, () => ({}));
    signer.restart();
    await stepAll([signer], 4);
    chain.nextEpoch();
    await stepAll([signer], 3);
    expect(tried.register, "only that of epoch 2").to.equal(1);
    chain.nextEpoch();
    chain.seal(1n);
    chain.seal(2n);
    await stepAll([signer], 5);
    expect(signer.state.name).to.equal("WAITING");
    expect(signer.sent).to.deep.equal([]);
  });

  it("signer/seals-in-turn: seals when nobody does, each later than the one that registered before it", async () => {
    const { chain, signers } = await atEpochThree({ signers: 3 });
    const { tried } = transactions(chain, (own) => ({ seal: (epoch) => own.seal(epoch) }));
    for (const signer of signers) {
      signer.sealing = { after: 1_000, between: 500 };
      signer.restart();
    }
    await stepAll(signers, 3);
    expect(tried.seal).to.equal(0);
    const advance = (milliseconds: number) => signers.forEach((signer) => (signer.now += milliseconds));
    advance(999);
    await stepAll(signers, 2);
    expect(tried.seal, "too early for everybody").to.equal(0);
    advance(1);
    await stepAll(signers.slice(1), 2);
    expect(tried.seal, "not the turn of the others").to.equal(0);
    await stepAll(signers, 1);
    expect(tried.seal, "the first one, both epochs").to.equal(2);
    await stepAll(signers, 4);
    expect(tried.seal, "done is done").to.equal(2);
    expect(signers.map(({ state }) => state.name)).to.deep.equal(["SIGNING", "SIGNING", "SIGNING"]);
  });

  it("signer/seals-for-the-absent: another one seals when the first does not, and waits after a failure", async () => {
    const { chain, signers } = await atEpochThree({ signers: 2 });
    const [, second] = signers as [(typeof signers)[0], (typeof signers)[0]];
    const away = () => Promise.reject(new NodeError("nodes/chain-unavailable", "the chain does not answer"));
    const failing = transactions(chain, () => ({ seal: away }));
    second.sealing = { after: 1_000, between: 500 };
    second.restart();
    await stepAll([second], 3);
    second.now += 1_500;
    await stepAll([second], 5);
    expect(failing.tried.seal).to.equal(1);
    expect(second.state.name).to.equal("WAITING");
    second.now += 1_499;
    await stepAll([second], 3);
    expect(failing.tried.seal).to.equal(1);
    second.now += 1;
    await stepAll([second], 3);
    expect(failing.tried.seal).to.equal(2);
  });

  it("signer/leaves-sealing: a signer that is told so seals nothing", async () => {
    const { chain, signers } = await atEpochThree({ signers: 1 });
    const { tried } = transactions(chain, () => ({}));
    const [signer] = signers as [(typeof signers)[0]];
    signer.restart();
    signer.now += 86_400_000;
    await stepAll([signer], 5);
    expect([tried.seal, signer.state.name]).to.deep.equal([0, "WAITING"]);
  });

  it("signer/one-view: reads an epoch's stewards once, however often it looks", async () => {
    const { chain, signers, aggregators } = await atEpochThree();
    await stepAll(aggregators, 2);
    const [signer] = signers as [(typeof signers)[0]];
    // A key that does not sign in the epoch: the signer waits, and looks at each step.
    signer.keys.kept.delete(1n);
    let asked = 0;
    const stakesOf = chain.stakesOf.bind(chain);
    chain.stakesOf = (...given) => ((asked += 1), stakesOf(...given));
    signer.restart();
    await stepAll([signer], 8);
    expect(signer.state.name).to.equal("WAITING");
    expect(asked, "for this epoch and the next one").to.equal(2);
  });

  it("signer/never-both: the first message about an entity is the only one, whatever the chain says later", async () => {
    const { chain, signers, aggregators } = await atEpochThree();
    await stepAll(aggregators, 2);
    const [signer] = signers as [(typeof signers)[0]];
    await stepAll([signer], 3);
    const [first] = signer.sent;
    // The same entity with another message: parameters that a re-organisation changed.
    const parametersOf = chain.parametersOf.bind(chain);
    chain.parametersOf = async (epoch) => ({ ...(await parametersOf(epoch)), hash: "ab".repeat(32) });
    signer.restart();
    await stepAll([signer], 5);
    const stakes = signer.sent.filter(({ entity }) => entity === "stake-distribution-3");
    expect(new Set(stakes.map(({ message }) => message))).to.deep.equal(new Set([first?.message]));
  });
});
