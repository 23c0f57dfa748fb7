import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { Contract, type JsonRpcProvider } from "ethers";

import { connectRpc, guardChain } from "../../../src/chain/provider.js";

describe("guardChain", () => {
  let server: Server;
  let answer: (id: number) => { status?: number; type?: string; body: string };
  let provider: JsonRpcProvider;

  before(async () => {
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        const { status = 200, type = "application/json", body } = answer((JSON.parse(text) as { id: number }).id);
        response.writeHead(status, { "content-type": type }).end(body);
      });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    provider = connectRpc(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 1n);
  });
  after(async () => {
    provider.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const failureOf = (read: () => Promise<unknown>) =>
    guardChain(read).then(
      (value) => ({ code: `answered ${String(value)}`, message: "" }),
      (error: { code: string; message: string }) => error,
    );
  const block = () => provider.getBlock("latest");
  const result = (value: unknown) => (id: number) => ({ body: JSON.stringify({ jsonrpc: "2.0", id, result: value }) });

  it("lets answers through", async () => {
    answer = result("0x10");
    expect(await guardChain(() => provider.getBlockNumber())).to.equal(16);
  });

  it("says of a proxy's page, with any status, that it is no node's answer", async () => {
    const page = { type: "text/html", body: "<html>maintenance</html>" };
    answer = () => page;
    const told = await failureOf(block);
    expect(told.code).to.equal("claims/chain-unavailable");
    expect(told.message).to.match(/not as a node does/);
    answer = () => ({ ...page, status: 403 });
    expect((await failureOf(block)).code).to.equal("claims/chain-unavailable");
  });

  it("says the same of JSON that answers something else", async () => {
    for (const body of ['{"error":"too many requests"}', "[]", "null", '"later"']) {
      answer = () => ({ body });
      expect((await failureOf(block)).code, body).to.equal("claims/chain-unavailable");
    }
    answer = result({ number: "soon" });
    expect((await failureOf(block)).code, "a block without its fields").to.equal("claims/chain-unavailable");
  });

  it("leaves a revert, and a contract of another form, to whoever called it", async () => {
    answer = (id) => ({
      body: JSON.stringify({ jsonrpc: "2.0", id, error: { code: 3, message: "execution reverted", data: "0x" } }),
    });
    const call = () => provider.call({ to: `0x${"11".repeat(20)}`, data: "0x" });
    expect((await failureOf(call)).code).to.equal("CALL_EXCEPTION");
    answer = result("0x");
    const contract = new Contract(`0x${"11".repeat(20)}`, ["function total() view returns (uint256)"], provider);
    expect((await failureOf(() => contract.getFunction("total")())).code).to.equal("BAD_DATA");
  });
});
