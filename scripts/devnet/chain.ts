import { JsonRpcProvider, type HDNodeWallet } from "ethers";

import { anvilBinary, freePort } from "../../test/support/child-node.js";
import { developmentWallet } from "../../test/support/development-wallet.js";
import type { NodeProcess } from "./node-process.js";
import type { Supervisor } from "./supervisor.js";

/** A development chain in a process of its own, whose clock and height can be moved. */
export interface DevChain {
  readonly process: NodeProcess;
  readonly url: string;
  readonly chainId: bigint;
  readonly provider: JsonRpcProvider;
  /** One of the accounts that it funds. */
  account(index: number): HDNodeWallet;
  readonly time: { latest(): Promise<number>; increaseTo(time: number | bigint): Promise<void> };
  mine(blocks: number): Promise<void>;
}

const CHAIN_ID = 31_337n;

/** Starts anvil with the hardfork that the contracts are compiled for. */
export async function startChain(supervisor: Supervisor): Promise<DevChain> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    "--quiet",
    "--host",
    "127.0.0.1",
    "--port",
    `${port}`,
    "--hardfork",
    "osaka",
    "--chain-id",
    `${CHAIN_ID}`,
  ];
  const process = supervisor.add({
    name: "chain",
    command: [anvilBinary(), ...args],
    environment: {},
    isUp: () => answers(url),
  });
  await process.start();
  const provider = new JsonRpcProvider(url, Number(CHAIN_ID), {
    ...{ staticNetwork: true, cacheTimeout: -1, batchMaxCount: 1, pollingInterval: 50 },
  });
  return {
    ...{ process, url, chainId: CHAIN_ID, provider },
    account: (index) => developmentWallet(index, provider),
    time: {
      async latest() {
        const block = await provider.getBlock("latest");
        if (block === null) throw new Error("a chain has a newest block");
        return block.timestamp;
      },
      async increaseTo(time) {
        await provider.send("evm_setNextBlockTimestamp", [Number(time)]);
        await provider.send("evm_mine", []);
      },
    },
    mine: async (blocks) => void (await provider.send("anvil_mine", [`0x${blocks.toString(16)}`])),
  };
}

async function answers(url: string): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  const headers = { "content-type": "application/json" };
  return (await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(2_000) })).ok;
}
