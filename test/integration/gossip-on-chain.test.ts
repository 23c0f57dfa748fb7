import { createServer, type AddressInfo } from "node:net";
import path from "node:path";

import { expect } from "chai";

import { loadIdentity } from "../../src/p2p/identity.js";
import { createSignerWorld, until, type SignerChild, type SignerWorld } from "../support/nodes/signer-world.js";

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("signer and aggregator on a chain, with gossip alone", function () {
  this.timeout(240_000);
  let world: SignerWorld;
  before(async () => (world = await createSignerWorld(3)));
  after(() => world?.close());

  async function aggregator(name: string, peer: string): Promise<{ run: SignerChild; url: string }> {
    const { home, environment } = world;
    const port = await freePort();
    const run = world.run(
      {
        AGGREGATOR_PORT: `${port}`,
        AGGREGATOR_RPC_URL: environment["SIGNER_RPC_URL"]!,
        AGGREGATOR_CHAIN_ID: environment["SIGNER_CHAIN_ID"]!,
        AGGREGATOR_REGISTRY: environment["SIGNER_REGISTRY"]!,
        AGGREGATOR_DATA: path.join(home, name),
        AGGREGATOR_WITHOUT_LOG: "true",
        AGGREGATOR_LIMIT_ADDRESS: "100000/60",
        AGGREGATOR_POLL_MILLISECONDS: "100",
        NODE_GOSSIP_PEERS: peer,
        NODE_GOSSIP_KEY: path.join(home, `${name}.key`),
      },
      "src/bin/aggregator.ts",
    );
    return { run, url: `http://127.0.0.1:${port}` };
  }

  const certifies =
    ({ url }: { url: string }, epoch: number) =>
    async () => {
      const answer = await fetch(`${url}/v1/certificates?epoch=${epoch}`).catch(() => undefined);
      return answer?.ok === true && (await answer.text()).includes(`stake-distribution-${epoch}`);
    };

  it("gossip/processes-on-chain: an aggregator that begins after the signer signed certifies, and the signer knows none", async () => {
    const { home } = world;
    const keyFile = path.join(home, "gossip", "identity.key");
    const identity = await loadIdentity(keyFile);
    const address = `/ip4/127.0.0.1/tcp/${await freePort()}`;
    const peer = `${address}/p2p/${identity.publicKey}`;
    const signer = world.run({ SIGNER_AGGREGATORS: "", NODE_GOSSIP_LISTEN: address, NODE_GOSSIP_KEY: keyFile });
    const registered = (epoch: bigint) => () => world.network.gateway.isRegistered(epoch, world.steward.address);
    await until(registered(1n), signer, 60_000);
    await world.enterEpoch(2n);
    await until(registered(2n), signer, 60_000);
    await world.enterEpoch(3n);
    await until(() => signer.output().includes('"signed"'), signer, 60_000);
    const late = await aggregator("late", peer);
    await until(certifies(late, 3), late.run, 60_000);
    expect(world.listener.received, "nothing went over HTTP").to.deep.equal([]);
    signer.child.kill("SIGTERM");
    late.run.child.kill("SIGTERM");
    expect(await signer.ended, signer.output()).to.deep.equal({ code: 0, signal: null });
    expect(await late.run.ended, late.run.output()).to.deep.equal({ code: 0, signal: null });
  });
});
