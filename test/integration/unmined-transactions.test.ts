import { expect } from "chai";
import { network } from "hardhat";

import { SEAL_PAGE } from "../../src/chain/seal-epoch.js";
import { stewardTransactions } from "../../src/chain/steward-chain.js";
import { signBinding } from "../../src/stm/binding.js";
import { deployStewardNetwork, signingKeyOf, startOf, TOKEN, type StewardNetwork } from "../support/steward-network.js";

const { ethers, networkHelpers, provider } = await network.create();
const { time } = networkHelpers;
const accounts = await ethers.getSigners();
const steward = accounts[2]!;
const PATIENCE = { patienceMilliseconds: 30 };

const newNetwork = () =>
  deployStewardNetwork(accounts, [steward], ethers.provider, time, {
    ...{ stm: { k: 20n, m: 60n, phiF: 0.8 }, minimumStake: 50n * 10n ** 9n, minimumShare: 5000 },
    votes: () => 100n * TOKEN,
  });

const automine = (on: boolean) => provider.request({ method: "evm_setAutomine", params: [on] });
const pending = async () => (await ethers.provider.send("eth_getBlockByNumber", ["pending", true])) as Pending;
interface Pending {
  readonly transactions: readonly { readonly nonce: string; readonly maxFeePerGas: string }[];
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "done",
    (error: { code: unknown }) => error.code,
  );

describe("transactions that nobody mines in time", () => {
  afterEach(() => automine(true));

  async function key({ gateway }: StewardNetwork, epoch: bigint) {
    const made = signingKeyOf(steward.address, epoch);
    const binding = signBinding(made, await gateway.bindingContext(epoch, steward.address));
    return { verificationKey: made.verificationKey(), proof: made.prove(), binding };
  }

  it("chain/late-transactions-are-harmless: registering and sealing go on after a time-out, and are done once", async () => {
    const made = await newNetwork();
    const { gateway } = made;
    const transactions = await stewardTransactions(gateway, steward, PATIENCE);
    const proven = await key(made, 1n);
    await automine(false);
    expect(await codeOf(transactions.register(1n, proven))).to.equal("nodes/chain-unavailable");
    const [first] = (await pending()).transactions;
    expect(await codeOf(transactions.register(1n, proven))).to.equal("nodes/chain-unavailable");
    // The second one took the place of the first: nothing queues.
    const [second, ...more] = (await pending()).transactions;
    expect(more).to.deep.equal([]);
    expect(second!.nonce).to.equal(first!.nonce);
    expect(BigInt(second!.maxFeePerGas) > BigInt(first!.maxFeePerGas)).to.equal(true);

    await networkHelpers.mine();
    expect(await gateway.isRegistered(1n, steward.address)).to.equal(true);
    const sent = await steward.getNonce();
    await transactions.register(1n, proven);
    expect(await steward.getNonce("pending"), "nothing is sent again").to.equal(sent);

    await automine(true);
    await time.increaseTo((await startOf(made, 2n)) + 1n);
    await automine(false);
    expect(await codeOf(transactions.seal(1n))).to.equal("nodes/chain-unavailable");
    await networkHelpers.mine();
    expect((await gateway.sealOf(1n)).status).to.equal("sealed");
    await transactions.seal(1n);
    expect(await steward.getNonce("pending")).to.equal(sent + 1);
    expect(await gateway.seal(1n, SEAL_PAGE)).to.have.key("done");
  });
});
