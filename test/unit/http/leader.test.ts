import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { HttpLeader } from "../../../src/http/aggregator/leader.js";

describe("a leader over HTTP", () => {
  let server: Server;
  let answer: (url: URL, response: ServerResponse) => void;
  let leader: HttpLeader;
  let asked: string[];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      answer(new URL(request.url ?? "", "http://leader"), response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    leader = new HttpLeader({ url: `http://127.0.0.1:${port}/`, timeoutMilliseconds: 300 });
  });
  beforeEach(() => (asked = []));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const json = (response: ServerResponse, body: unknown, headers = {}) =>
    response.writeHead(200, headers).end(JSON.stringify(body));
  const item = (sequence: number) => ({
    sequence,
    hash: sequence.toString(16).padStart(64, "0"),
    key: `scores-3-${sequence}-1`,
  });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => "none",
      (error: { code?: string }) => error.code,
    );

  it("gives an epoch's certificates oldest first, over pages", async () => {
    answer = (url, response) => {
      const before = Number(url.searchParams.get("before") ?? "4");
      const items = [item(before - 1)];
      json(response, { items, next: before > 2 ? String(before - 1) : null });
    };
    expect((await leader.list(3n)).map(({ entity }) => entity)).to.deep.equal([
      "scores-3-1-1",
      "scores-3-2-1",
      "scores-3-3-1",
    ]);
  });

  it("aggregator/endless-list-is-refused: a list that does not end, or turns around, is a lie", async () => {
    let next = 1_000_000;
    answer = (_, response) => {
      const items = Array.from({ length: 100 }, () => item(next--));
      json(response, { items, next: String(next) });
    };
    expect(await codeOf(leader.list(3n))).to.equal("nodes/wrong-certificate");
    expect(asked.length).to.be.at.most(21);
    answer = (_, response) => json(response, { items: [item(7), item(7)], next: null });
    expect(await codeOf(leader.list(3n))).to.equal("nodes/wrong-certificate");
    answer = (_, response) =>
      json(response, { items: Array.from({ length: 101 }, (_each, n) => item(900 - n)), next: null });
    expect(await codeOf(leader.list(3n))).to.equal("nodes/wrong-certificate");
  });

  it("tells a leader that is away from one that lies", async () => {
    const cases: [string, typeof answer, string][] = [
      ["an error", (_, response) => response.writeHead(500).end(), "nodes/peer-unavailable"],
      ["no JSON", (_, response) => response.writeHead(200).end("<html>"), "nodes/peer-unavailable"],
      ["silence", () => {}, "nodes/peer-unavailable"],
      ["another place", (_, response) => response.writeHead(302, { location: "/" }).end(), "nodes/peer-unavailable"],
      [
        "too much",
        (_, response) => response.writeHead(200).end(Buffer.alloc(17 * 1024 * 1024, " ")),
        "nodes/peer-unavailable",
      ],
      ["no certificate", (_, response) => json(response, { certificate: { format: "x" } }), "nodes/wrong-certificate"],
      [
        "another version",
        (_, response) => json(response, {}, { "touchstone-api-version": "3.0.0" }),
        "nodes/version-mismatch",
      ],
    ];
    for (const [name, behaviour, code] of cases) {
      answer = behaviour;
      expect(await codeOf(leader.certificate("00".repeat(32))), name).to.equal(code);
    }
  });
});
