import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";

import { JsonRpcProvider } from "ethers";

/** A development node in a process of its own, on 127.0.0.1 and a free port. */
export interface ChildNode {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  stop(): Promise<void>;
}

export type NodeKind = "hardhat" | "anvil";

/** The first account of both nodes: what tasks send from. */
export const FIRST_ACCOUNT = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

const HARDHAT = path.resolve("node_modules/hardhat/dist/src/cli.js");

export async function startNode(kind: NodeKind): Promise<ChildNode> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child =
    kind === "anvil"
      ? spawn(anvilBinary(), ["--host", "127.0.0.1", "--port", `${port}`, "--hardfork", "osaka"], { stdio: "ignore" })
      : spawn(process.execPath, [HARDHAT, "node", "--hostname", "127.0.0.1", "--port", `${port}`], { stdio: "ignore" });
  const provider = new JsonRpcProvider(url, undefined, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 50 });
  await answering(url, child);
  return {
    url,
    provider,
    async stop() {
      provider.destroy();
      await ended(child);
    },
  };
}

/** How a task that ran as a child process ended. */
export interface TaskResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a task as a user does, on the node; `--build-profile default` spares every test the production build. */
export function startTask(node: Pick<ChildNode, "url">, ...args: string[]) {
  const command = [HARDHAT, "--build-profile", "default", "--network", "localhost", ...args];
  // On CI Hardhat shows stacks; tests look at what a deployer sees.
  const { CI: _ci, ...environment } = process.env;
  const env = { ...environment, LOCALHOST_RPC_URL: node.url };
  let child!: ChildProcess;
  const result = new Promise<TaskResult>((resolve) => {
    child = execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, stdout, stderr });
    });
  });
  return { child, result };
}

export const runTask = (node: Pick<ChildNode, "url">, ...args: string[]): Promise<TaskResult> =>
  startTask(node, ...args).result;

/** Runs a task that must succeed and parses its JSON. */
export async function taskJson<T = Record<string, unknown>>(
  node: Pick<ChildNode, "url">,
  ...args: string[]
): Promise<T> {
  const { code, stdout, stderr } = await runTask(node, ...args, "--json");
  if (code !== 0) throw new Error(`hardhat ${args.join(" ")} failed:\n${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}

export function anvilBinary(): string {
  const { platform, arch } = process;
  const name = `@foundry-rs/anvil-${platform === "win32" ? "win32" : platform}-${arch === "x64" ? "amd64" : arch}`;
  const folder = path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  return path.join(folder, "bin", platform === "win32" ? "anvil.exe" : "anvil");
}

/** A port that nobody listens at now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`the node ended with ${child.exitCode}`);
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body }).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no node answers at ${url}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await exit;
}
