import { JsonRpcProvider, NonceManager } from "ethers";
import { network } from "hardhat";

import { developmentWallet } from "./development-wallet.js";

export interface RpcChain {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  readonly deployer: NonceManager;
  mine(blocks?: number): Promise<void>;
  increaseTime(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** A fresh chain behind a JSON-RPC port, as a service meets it. */
export async function startRpcChain(): Promise<RpcChain> {
  const server = await network.createServer("default", "127.0.0.1", 0);
  const { address, port } = await server.listen();
  const url = `http://${address}:${port}`;
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1, batchMaxCount: 1 });
  provider.pollingInterval = 50;
  return {
    url,
    provider,
    deployer: new NonceManager(developmentWallet(0, provider)),
    mine: async (blocks = 1) => void (await provider.send("hardhat_mine", [`0x${blocks.toString(16)}`])),
    async increaseTime(seconds) {
      await provider.send("evm_increaseTime", [seconds]);
      await provider.send("evm_mine", []);
    },
    async close() {
      provider.destroy();
      await server.close();
    },
  };
}
