import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { expect } from "chai";

/** A process of the network, and what it said last. */
interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  address?: string;
  certified: readonly string[];
}

const STEWARDS = 3;

describe("gossip between processes, without HTTP", function () {
  this.timeout(180_000);
  let all: Running[];
  beforeEach(() => (all = []));
  afterEach(async () => {
    for (const { child } of all) if (child.connected) child.disconnect();
    const late = setTimeout(() => all.forEach(({ child }) => child.kill("SIGKILL")), 5_000);
    await Promise.all(all.map(({ ended }) => ended));
    clearTimeout(late);
  });

  async function start(role: "steward" | "aggregator", number: number, peers: readonly Running[]): Promise<Running> {
    const addresses = peers.map(({ address }) => address as string);
    const script = ["--import", "tsx", "test/support/nodes/gossip-process.ts"];
    const child = spawn(process.execPath, [...script, role, `${number}`, `${STEWARDS}`, ...addresses], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const running: Running = { child, ended: once(child, "exit"), certified: [] };
    all.push(running);
    child.on("message", (message: Partial<Running>) => void Object.assign(running, message));
    await until(() => running.address !== undefined || child.exitCode !== null, `${role} ${number} listens`);
    return running;
  }

  async function until(holds: () => boolean, what: string): Promise<void> {
    const end = Date.now() + 60_000;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  it("gossip/processes: certifies with the other aggregator when one is killed in the middle of an epoch", async () => {
    const stewards = [await start("steward", 0, [])];
    const others = await Promise.all([1, 2].map((n) => start("steward", n, stewards)));
    stewards.push(...others);
    const aggregators = await Promise.all([0, 1].map((n) => start("aggregator", n, stewards)));
    const [first, second] = aggregators as [Running, Running];
    for (const { child } of all) child.send({ sign: true });
    await until(() => aggregators.every(({ certified }) => certified.includes("stake-distribution")), "both certify");
    const before = second.certified.filter((kind) => kind === "scores").length;

    first.child.kill("SIGKILL");
    await first.ended;
    for (const { child } of [...stewards, second]) child.send({ mine: 40 });
    const more = () => second.certified.filter((kind) => kind === "scores").length > before;
    await until(more, "the other one certifies a later snapshot");
    expect(first.child.signalCode).to.equal("SIGKILL");
  });
});
