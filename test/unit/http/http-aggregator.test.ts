import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { HttpAggregator } from "../../../src/http/aggregator-client/http-aggregator.js";

describe("an aggregator over HTTP, that another one follows", () => {
  let server: Server;
  let answer: (url: URL, response: ServerResponse) => void;
  let leader: HttpAggregator;
  let asked: string[];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      answer(new URL(request.url ?? "", "http://leader"), response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    leader = new HttpAggregator({ url: `http://127.0.0.1:${port}/`, timeoutMilliseconds: 300, sleep: null });
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
    epoch: "3",
    entity: { kind: "scores", epoch: "3", block: String(sequence), chunk: "1" },
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
    const blocks = (await leader.listEpoch(3n)).map(({ entity }) => entity?.kind === "scores" && entity.block);
    expect(blocks).to.deep.equal([1n, 2n, 3n]);
    expect(asked.every((url) => url.includes("epoch=3"))).to.equal(true);
  });

  it("aggregator/endless-list-is-refused: a list that does not end, or turns around, is a lie", async () => {
    let next = 1_000_000;
    answer = (_, response) => {
      const items = Array.from({ length: 100 }, () => item(next--));
      json(response, { items, next: String(next) });
    };
    expect(await codeOf(leader.listEpoch(3n))).to.equal("client/malformed-answer");
    expect(asked.length).to.be.at.most(21);
    answer = (_, response) => json(response, { items: [item(7), item(7)], next: null });
    expect(await codeOf(leader.listEpoch(3n))).to.equal("client/malformed-answer");
    answer = (_, response) =>
      json(response, { items: Array.from({ length: 101 }, (_each, n) => item(900 - n)), next: null });
    expect(await codeOf(leader.listEpoch(3n))).to.equal("client/malformed-answer");
  });

  it("tells a leader that is away from one that lies", async () => {
    const cases: [string, typeof answer, string][] = [
      ["an error", (_, response) => response.writeHead(500).end(), "client/unavailable"],
      ["no JSON", (_, response) => response.writeHead(200).end("<html>"), "client/malformed-answer"],
      ["silence", () => {}, "client/unavailable"],
      ["another place", (_, response) => response.writeHead(302, { location: "/" }).end(), "client/unavailable"],
      ["a wish for patience", (_, response) => response.writeHead(429).end(), "client/unavailable"],
      ["no certificate", (_, response) => json(response, { certificate: { format: "x" } }), "client/malformed-answer"],
      [
        "another version",
        (_, response) => json(response, {}, { "touchstone-api-version": "3.0.0" }),
        "client/unavailable",
      ],
    ];
    const slow = (_: URL, response: ServerResponse) =>
      setTimeout(() => json(response, { items: [item(900 - asked.length)], next: "1" }), 100);
    answer = (_, response) => response.writeHead(200).end(Buffer.alloc(2 ** 21 + 1, " "));
    expect(await codeOf(leader.listEpoch(3n)), "too much").to.equal("client/malformed-answer");
    answer = slow;
    expect(await codeOf(leader.listEpoch(3n)), "a slow list").to.equal("client/unavailable");
    for (const [name, behaviour, code] of cases) {
      answer = behaviour;
      expect(await codeOf(leader.certificate("00".repeat(32))), name).to.equal(code);
    }
  });
});
