import { network } from "hardhat";

/**
 * The chain to play on: the one named by `--network`, else a chain of our own in this process, behind an HTTP address on
 * the loopback interface, because the claim service speaks to chains over HTTP as it would anywhere else.
 */
export async function openChain() {
  const named = await network.create();
  if (named.networkConfig.type === "http") {
    return { connection: named, rpcUrl: await named.networkConfig.url.getUrl(), close: () => named.close() };
  }
  await named.close();
  const server = await network.createServer("default", "127.0.0.1", 0);
  const { address, port } = await server.listen();
  const rpcUrl = `http://${address}:${port}`;
  const connection = await network.create({ network: "localhost", override: { url: rpcUrl } });
  return {
    connection,
    rpcUrl,
    async close() {
      await connection.close();
      await server.close();
    },
  };
}
