// A process of one steward or one aggregator, told over IPC what happens on the chain; it speaks to the others by gossip alone. The
// fake chain is made anew in each process: it is the same in all of them, as a chain is.
import { GossipWorld } from "./gossip-world.js";
import { stepAll } from "./network.js";

const [role, number, stewards, ...peers] = process.argv.slice(2) as [string, string, string, ...string[]];
const send = (message: object) => process.send?.(message);

const world = await GossipWorld.atEpochThree(Number(stewards));
const peer = await world.open(await world.settings(peers));
let node: { step(): Promise<string> };
if (role === "steward") {
  const steward = world.stewards[Number(number)]!;
  world.connect(steward, peer);
  node = steward;
} else {
  const aggregator = world.aggregator(`aggregator ${number}`, peer);
  node = aggregator;
  const timer = setInterval(() => {
    const kinds = aggregator.store.certificates.map(({ certificate: { content } }) =>
      content.kind === "multisignature" ? content.entity.kind : content.kind,
    );
    send({ certified: kinds });
  }, 50);
  process.once("disconnect", () => clearInterval(timer));
}

let running = true;
let signing = false;
process.on("message", (message: { sign?: true; mine?: number }) => {
  if (message.mine !== undefined) world.chain.mine(BigInt(message.mine));
  if (message.sign) signing = true;
});
process.once("disconnect", () => (running = false));
send({ address: GossipWorld.addresses([peer])[0] });
while (running) {
  if (signing) await stepAll([node], 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
await world.close();
