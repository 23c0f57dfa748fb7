import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { listen, startUp } from "../../../src/bin/start-up.js";

describe("starting a service", () => {
  it("closes what was opened, the last first, when it is told to, and once", async () => {
    const closed: string[] = [];
    const service = await startUp(async (onClose) => {
      onClose(() => closed.push("database"));
      onClose(async () => {
        await Promise.resolve();
        closed.push("server");
      });
      return { name: "ours" };
    });
    expect([service.name, closed]).to.deep.equal(["ours", []]);
    await service.close();
    await service.close();
    expect(closed).to.deep.equal(["server", "database"]);
  });

  it("closes what was opened before it failed, and says why", async () => {
    const closed: string[] = [];
    const started = startUp((onClose) => {
      onClose(() => closed.push("database"));
      return Promise.reject(new Error("the port is taken"));
    });
    const problem = await started.catch((error: Error) => error.message);
    expect([problem, closed]).to.deep.equal(["the port is taken", ["database"]]);
  });

  it("tells the URL at which it listens, whatever kind of address", async () => {
    const server = createServer();
    const app = {
      server,
      listen: ({ host, port }: { host: string; port: number }) =>
        new Promise<void>((resolve) => void server.listen(port, host, resolve)),
    };
    const url = await listen(app, { host: "127.0.0.1", port: 0 });
    expect(url).to.equal(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.close();
    const other = {
      server: { address: () => ({ address: "::1", family: "IPv6", port: 8787 }) },
      listen: async () => {},
    };
    expect(await listen(other, { host: "::1", port: 0 })).to.equal("http://[::1]:8787");
  });
});
