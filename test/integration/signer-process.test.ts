import { writeFile } from "node:fs/promises";
import path from "node:path";

import { expect } from "chai";

import type { SignatureMessage } from "../../src/nodes/protocol/signature-message.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { developmentWallet } from "../support/development-wallet.js";
import { createSignerWorld, until, type SignerChild, type SignerWorld } from "../support/nodes/signer-world.js";

const SUICIDAL = "test/support/signer-process.ts";
const about = (prefix: string, received: readonly SignatureMessage[]) =>
  received.filter(({ entity }) => entity.startsWith(prefix));

describe("a signer's process", function () {
  this.timeout(180_000);
  let world: SignerWorld;
  let run: SignerChild;

  before(async () => {
    world = await createSignerWorld();
  });
  after(async () => {
    await world?.close();
  });

  const registered = (epoch: bigint) => () => world.network.gateway.isRegistered(epoch, world.steward.address);
  const signed = (entity: string) => () => about(entity, world.listener.received).length > 0;

  /** Nobody ever heard two messages about one entity, or two signatures of one message. */
  function expectOneMessagePerEntity() {
    const heard = new Map<string, Set<string>>();
    for (const { entity, message, signature } of world.listener.received) {
      const said = `${message} ${Buffer.from(signature.sigma).toString("hex")}`;
      heard.set(entity, (heard.get(entity) ?? new Set()).add(said));
    }
    for (const [entity, said] of heard) expect([...said], entity).to.have.length(1);
  }

  it("nodes/signer-lives: registers, seals, signs stakes and scores, and says so; killed at any time it goes on", async () => {
    run = world.run();
    await until(registered(1n), run);
    await world.kill(run);
    await world.enterEpoch(2n);
    run = world.run();
    await until(registered(2n), run);
    await world.enterEpoch(3n);
    await until(signed("stake-distribution-3"), run);
    const block = await world.settleStep();
    await world.snapshotAt(block);
    await until(signed(`scores-3-${block}-`), run);
    await until(registered(3n), run);
    expectOneMessagePerEntity();
    run.child.kill("SIGTERM");
    expect(await run.ended, run.output()).to.deep.equal({ code: 0, signal: null });
  });

  for (const [killAt, killWhen] of [
    ["save", "before"],
    ["save", "after"],
    ["published", "before"],
    ["published", "after"],
  ] as const) {
    it(`nodes/signer-killed: never signs two messages about one entity, killed ${killWhen} ${killAt}`, async () => {
      const before = world.listener.received.length;
      const block = await world.settleStep();
      await world.say(`somebody ${killAt} ${killWhen}`);
      const first = await world.snapshotAt(block);
      const suicide = world.run({ KILL_AT: killAt, KILL_WHEN: killWhen, KILL_ENTITY: "scores" }, SUICIDAL);
      expect(await suicide.ended, suicide.output()).to.deep.equal({ code: null, signal: "SIGKILL" });
      const heard = about(`scores-3-${block}-`, world.listener.received.slice(before)).length;
      expect(heard).to.equal(killAt === "save" ? 0 : 1);

      // The mirror now offers another snapshot of the same block: what is signed does not change any more.
      await world.say(`somebody else ${killAt} ${killWhen}`);
      const second = await world.snapshotAt(block).then(
        () => "kept",
        (error: { code?: string }) => error.code,
      );
      expect(second).to.equal("snapshots/invalid-request");
      await writeFile(path.join(world.mirrorFolder, "blocks", String(block)), `${(await newest()).digest}\n`);
      expect((await newest()).digest).not.to.equal(first.digest);
      run = world.run();
      await until(signed(`scores-3-${block}-`), run);
      await until(() => /"to":"SIGNING"/.test(run.output()), run);
      const settled = killAt === "published" && killWhen === "after";
      await until(() => settled || /signature published/.test(run.output()), run);
      // A few more looks: whatever it would still send.
      await new Promise((resolve) => setTimeout(resolve, 300));
      expectOneMessagePerEntity();
      await world.kill(run);
    });
  }

  it("nodes/signer-without-stake: an account without votes says once that it cannot register, and waits", async () => {
    const stranger = world.run({
      SIGNER_ACCOUNT_KEY: developmentWallet(7).privateKey,
      SIGNER_DATA: path.join(world.home, "stranger"),
      SIGNER_KEYS: path.join(world.home, "stranger-keys"),
      SIGNER_LOG: path.join(world.home, "stranger-log"),
    });
    await until(() => /cannot register in this epoch/.test(stranger.output()), stranger);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(stranger.output().match(/cannot register in this epoch/g)).to.have.length(1);
    expect(stranger.output()).to.include("RegistrationStakeTooLow");
    const { url } = /"url":"(?<url>[^"]+)"/.exec(stranger.output())!.groups as { url: string };
    const health = await fetch(`${url}/health`);
    expect([health.status, ((await health.json()) as { state: string }).state]).to.deep.equal([200, "WAITING"]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).to.match(/^touchstone_signer_refused_epoch 3$/m);
    expect(metrics).to.match(/^touchstone_signer_state\{state="WAITING"\} 1$/m);
    expect((await fetch(`${url}/v1/status`)).status).to.equal(404);
    await world.kill(stranger);
  });

  it("nodes/signer-alone: refuses a second process, another's database, chain or registry, and a wrong passphrase", async () => {
    run = world.run();
    await until(() => /signer runs/.test(run.output()), run);
    const elsewhere = {
      SIGNER_DATA: path.join(world.home, "second"),
      SIGNER_KEYS: path.join(world.home, "second-keys"),
    };
    const second = world.run({ SIGNER_DATA: elsewhere.SIGNER_DATA });
    expect((await second.ended).code).to.equal(1);
    expect(second.output()).to.include("database/folder-in-use");
    await world.kill(run);
    for (const [changes, code] of [
      [{ SIGNER_PASSPHRASE: "wrong" }, "nodes/wrong-passphrase"],
      [
        { SIGNER_KEYS: elsewhere.SIGNER_KEYS, SIGNER_ACCOUNT_KEY: developmentWallet(7).privateKey },
        "nodes/store-damaged",
      ],
      [{ ...elsewhere, SIGNER_CHAIN_ID: "1" }, "nodes/wrong-registry"],
      [{ ...elsewhere, SIGNER_REGISTRY: "0x00000000000000000000000000000000000000aa" }, "nodes/wrong-registry"],
    ] as const) {
      const refused = world.run(changes);
      expect((await refused.ended).code, refused.output()).to.equal(1);
      expect(refused.output()).to.include(`(${code})`);
    }
  });

  async function newest() {
    return (await new SnapshotFolder(world.mirrorFolder).list())[0]!;
  }
});
