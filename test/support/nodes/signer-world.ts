// A chain, a mirror of a passport log and an aggregator that notes what it is sent: what a signer's process meets.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { startMirror } from "../../../src/bin/start-mirror.js";
import { DatabaseLogSource } from "../../../src/database/snapshot-log.js";
import { signatureFromJson, type SignatureMessage } from "../../../src/nodes/protocol/signature-message.js";
import { silentLogger } from "../../../src/shared/logger.js";
import { createSnapshot, type CreateOptions } from "../../../src/snapshots/create.js";
import { SnapshotFolder } from "../../../src/snapshots/files/snapshot-folder.js";
import { engines } from "../databases.js";
import { developmentWallet } from "../development-wallet.js";
import { createPassportWorld, scorerOf, stampOf } from "../passport/service.js";
import { accountOf, ISSUER_DID, NOW } from "../passport/stamps.js";
import { startRpcChain } from "../rpc-chain.js";
import { KEEPER, keeper, LOG_DOMAIN } from "../snapshots/keeper.js";
import { deployStewardNetwork, startOf, TOKEN } from "../steward-network.js";

/** Small, so that one steward is a quorum in no time. */
const STM = { k: 5n, m: 30n, phiF: 0.8 };
export const STEP = 100;
export const CONFIRMATIONS = 2;

/** An aggregator that says what a test wants and keeps what it gets. */
export async function startListener() {
  const received: SignatureMessage[] = [];
  const control = { status: 201 };
  const server = http.createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      received.push(signatureFromJson(JSON.parse(Buffer.concat(pieces).toString("utf8"))));
      response.writeHead(control.status).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    control,
    close: () => {
      server.closeAllConnections();
      return new Promise<unknown>((resolve) => server.close(resolve));
    },
  };
}

/** Epoch 1 has begun; the steward has all votes. `account` chooses the steward. */
export async function createSignerWorld(account = 2) {
  const home = await mkdtemp(path.join(tmpdir(), "touchstone-signer-"));
  const chain = await startRpcChain();
  const { provider } = chain;
  const wallet = (index: number) => developmentWallet(index, provider);
  const time = {
    latest: async () => Number((await provider.getBlock("latest"))?.timestamp),
    async increaseTo(to: number | bigint) {
      await provider.send("evm_setNextBlockTimestamp", [`0x${BigInt(to).toString(16)}`]);
      await provider.send("evm_mine", []);
    },
  };
  const steward = wallet(account);
  // The log's entries are of tests' own time, and none may be later than its snapshot's block.
  await time.increaseTo(NOW + 60);
  const network = await deployStewardNetwork([wallet(0), wallet(1)], [steward], provider, time, {
    ...{ stm: STM, minimumStake: 10n ** 9n, minimumShare: 100 },
    votes: () => 1_000n * TOKEN,
  });
  const passport = await createPassportWorld(engines[0]!);
  const { id: scorer } = await scorerOf(passport);
  for (const name of ["alice", "bob"]) {
    await passport.service.submit(scorer, accountOf(name).toLowerCase(), [await stampOf(accountOf(name))]);
  }
  const mirrorFolder = path.join(home, "mirror");
  const mirror = await startMirror(
    { folder: mirrorFolder, host: "127.0.0.1", port: 0, stamps: true },
    { logger: silentLogger },
  );
  const listener = await startListener();
  const issuers = path.join(home, "issuers.json");
  const trusted = [{ did: ISSUER_DID, forms: ["touchstone", "nullifiers"] }];
  await writeFile(issuers, JSON.stringify({ format: "touchstone-issuers-v1", issuers: trusted }));
  const children: ChildProcess[] = [];

  const world = {
    ...{ home, chain, provider, network, passport, scorer, listener, mirrorFolder, steward },
    environment: {
      SIGNER_PORT: "0",
      SIGNER_RPC_URL: chain.url,
      SIGNER_CHAIN_ID: (await provider.getNetwork()).chainId.toString(),
      SIGNER_REGISTRY: network.gateway.address,
      SIGNER_DATA: path.join(home, "database"),
      SIGNER_KEYS: path.join(home, "keys"),
      SIGNER_PASSPHRASE: "correct horse",
      SIGNER_ACCOUNT_KEY: steward.privateKey,
      SIGNER_AGGREGATORS: listener.url,
      SIGNER_ISSUERS: issuers,
      SIGNER_MIRRORS: mirror.url,
      SIGNER_LOG_KEEPERS: KEEPER,
      SIGNER_PASSPORT_REGISTRY: LOG_DOMAIN.registry,
      SIGNER_SCORERS: `${scorer}:7`,
      SIGNER_LOG: path.join(home, "log"),
      SIGNER_CONFIRMATIONS: String(CONFIRMATIONS),
      SIGNER_STEP: String(STEP),
      SIGNER_POLL_MILLISECONDS: "50",
      SIGNER_SEAL_AFTER: "0",
      SIGNER_SEAL_BETWEEN: "0",
    } as Record<string, string>,
    /** Takes a snapshot of the log under a block's number; its keeper signs it unless told. */
    async snapshotAt(block: number, options: Pick<CreateOptions, "keeper"> | Record<string, never> = { keeper }) {
      const source = new DatabaseLogSource(passport.db);
      const { manifest } = await createSnapshot(source, new SnapshotFolder(mirrorFolder), { block, ...options });
      return manifest;
    },
    /** Says something more in the log, so that the next snapshot is another one. */
    async say(name: string) {
      await passport.service.submit(scorer, accountOf(name).toLowerCase(), [await stampOf(accountOf(name))]);
    },
    async enterEpoch(epoch: bigint) {
      await time.increaseTo((await startOf(network, epoch)) + 1n);
    },
    /** Mines until a step is settled, and gives its block. */
    async settleStep(): Promise<number> {
      const head = await provider.getBlockNumber();
      const block = (Math.floor((head - CONFIRMATIONS) / STEP) + 1) * STEP;
      await chain.mine(block + CONFIRMATIONS - head);
      return block;
    },
    /** A signer's process; `entry` is the program, or the one that kills itself. */
    run(environment: Record<string, string> = {}, entry = "src/bin/signer.ts") {
      const child = spawn(process.execPath, ["--import", "tsx", entry], {
        stdio: ["ignore", "pipe", "pipe", "ipc"],
        env: { PATH: process.env["PATH"], ...world.environment, ...environment },
      });
      children.push(child);
      const said: string[] = [];
      child.stdout?.on("data", (piece: Buffer) => said.push(piece.toString("utf8")));
      child.stderr?.on("data", (piece: Buffer) => said.push(piece.toString("utf8")));
      const ended = once(child, "exit").then(([code, signal]) => {
        return { code: code as number | null, signal: signal as NodeJS.Signals | null };
      });
      return { child, ended, output: () => said.join("") };
    },
    async kill({ child, ended }: { child: ChildProcess; ended: Promise<unknown> }) {
      child.kill("SIGKILL");
      await ended;
    },
    async close() {
      for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await listener.close();
      await mirror.close();
      await passport.close();
      await chain.close();
      await rm(home, { recursive: true, force: true });
    },
  };
  return world;
}

export type SignerWorld = Awaited<ReturnType<typeof createSignerWorld>>;
export type SignerChild = ReturnType<SignerWorld["run"]>;

/** Waits until something holds; throws with what the process said when it does not in time, or ended. */
export async function until(holds: () => boolean | Promise<boolean>, run?: SignerChild, milliseconds = 40_000) {
  const end = Date.now() + milliseconds;
  while (!(await holds())) {
    if (run !== undefined && (run.child.exitCode !== null || run.child.signalCode !== null)) {
      throw new Error(`the signer ended:\n${run.output()}`);
    }
    if (Date.now() > end) throw new Error(`it did not happen:\n${run?.output() ?? ""}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
