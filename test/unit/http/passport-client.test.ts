import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { expect } from "chai";

import { PassportClient } from "../../../src/http/passport/passport-client.js";
import type { DomainError } from "../../../src/shared/errors.js";
import { Secret } from "../../../src/shared/secret.js";

const ACCOUNT = `0x${"11".repeat(20)}`;

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

describe("the passport client", () => {
  let server: Server;
  let client: PassportClient;
  let seen: Seen[];
  let answer: (request: Seen, response: ServerResponse) => void;
  const json = (response: ServerResponse, value: unknown, status = 200) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "no error",
      (error: DomainError) => error.code,
    );

  before(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        const { method, url: path, headers } = request;
        const one = { method, url: path, headers, body };
        seen.push(one);
        answer(one, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    client = new PassportClient({ url: `${url()}/`, access: { apiKey: new Secret("the key") } });
  });
  beforeEach(() => (seen = []));
  after(() => server.close());

  it("sends a key or a session, never both", async () => {
    answer = (_request, response) => json(response, {});
    await client.score(1, ACCOUNT);
    await new PassportClient({ url: url(), access: { session: new Secret("token") } }).score(1, ACCOUNT);
    expect(seen.map(({ url: path }) => path)).to.deep.equal(Array(2).fill(`/v1/scorers/1/passports/${ACCOUNT}`));
    expect(seen.map(({ headers }) => [headers["x-api-key"], headers.authorization])).to.deep.equal([
      ["the key", undefined],
      [undefined, "Bearer token"],
    ]);
  });

  it("follows the pages of scorers and of credentials, whatever host the links name", async () => {
    const pages = [Array.from({ length: 1_000 }, (_, index) => ({ id: index + 1 })), [{ id: 1_001 }]];
    answer = (_request, response) => json(response, { scorers: pages.shift() });
    expect((await client.scorers()).map(({ id }) => id)).to.deep.equal(Array.from({ length: 1_001 }, (_, i) => i + 1));
    expect(seen[1]?.url).to.equal("/v1/scorers?after=1000&limit=1000");

    seen = [];
    const links = [`https://scores.example.org/v2/stamps/${ACCOUNT}?token=abc&limit=1000`, null];
    answer = (_request, response) => json(response, { next: links.shift(), items: [{ credential: seen.length }] });
    expect(await client.credentials(ACCOUNT)).to.deep.equal([1, 2]);
    expect(seen[1]?.url).to.equal(`/v2/stamps/${ACCOUNT}?token=abc&limit=1000`);
  });

  it("submits a hundred credentials at a time and keeps the last score", async () => {
    answer = ({ body }, response) => {
      const { credentials } = JSON.parse(body) as { credentials: number[] };
      json(response, { results: credentials, score: seen.length });
    };
    const credentials = Array.from({ length: 201 }, (_, index) => index);
    expect(await client.submit(1, ACCOUNT, credentials)).to.deep.equal({ results: credentials, score: 3 });
    expect(seen).to.have.lengthOf(3);
    seen = [];
    await client.submit(1, ACCOUNT, credentials.slice(0, 100));
    expect(seen).to.have.lengthOf(1);
  });

  it("throws the service's problem, and one code for whatever else answers", async () => {
    answer = (_request, response) => json(response, { code: "scoring/unknown-scorer", detail: "none" }, 404);
    expect(await codeOf(client.score(9, ACCOUNT))).to.equal("scoring/unknown-scorer");
    answer = (_request, response) => json(response, { error: "no such page" }, 404);
    expect(await codeOf(client.score(9, ACCOUNT))).to.equal("passport/service-unreachable");
    answer = (_request, response) => response.writeHead(502).end("<html>");
    expect(await codeOf(client.score(9, ACCOUNT))).to.equal("passport/service-unreachable");
  });

  it("brings its key to no other place than the one it was given", async () => {
    answer = (_request, response) => response.writeHead(307, { location: `${url()}/elsewhere` }).end();
    expect(await codeOf(client.score(1, ACCOUNT))).to.equal("passport/service-unreachable");
    expect(seen).to.have.lengthOf(1);
  });

  it("reads a preview line by line, whole however it is cut, and takes one without an end for no answer", async () => {
    const flip = {
      address: ACCOUNT,
      before: { sum: "1.00000", passing: true },
      after: { sum: "0.50000", passing: false },
    };
    const summary = { summary: { accounts: 1, lost: 1 } };
    const lines = `${JSON.stringify(flip)}\n${JSON.stringify(summary)}\n`;
    answer = (_request, response) => {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.write(lines.slice(0, 17));
      setTimeout(() => response.end(lines.slice(17)), 20);
    };
    const flips: unknown[] = [];
    expect(await client.preview(1, {}, (each) => flips.push(each))).to.deep.equal(summary.summary);
    expect(flips).to.deep.equal([flip]);
    answer = (_request, response) => response.writeHead(200).end(`${JSON.stringify(flip)}\n`);
    expect(await codeOf(client.preview(1, {}, () => {}))).to.equal("passport/service-unreachable");
  });

  it("signs in with a nonce of the service and sends no key", async () => {
    answer = ({ url: path }, response) =>
      json(response, path === "/v1/nonces" ? { nonce: "abc" } : { token: "the token" }, 201);
    const stranger = new PassportClient({ url: url(), access: null });
    const session = await stranger.signIn((nonce) => Promise.resolve({ message: `m ${nonce}`, signature: "0x00" }));
    expect(session.expose()).to.equal("the token");
    expect(seen.map(({ headers }) => [headers["x-api-key"], headers.authorization])).to.deep.equal([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(JSON.parse(seen[1]?.body ?? "")).to.deep.equal({ message: "m abc", signature: "0x00" });
  });
});
