import http from "node:http";

import { expect } from "chai";

import { HttpPublisher } from "../../../src/http/aggregator/http-publisher.js";
import { signatureFromJson, type SignatureMessage } from "../../../src/nodes/protocol/signature-message.js";

const SIGNATURE: SignatureMessage = {
  epoch: 2n ** 62n,
  entity: "scores-3-100-0",
  message: "ab".repeat(32),
  steward: `0x${"cd".repeat(20)}`,
  signature: { sigma: new Uint8Array(48).fill(9), indexes: [0, 7, 65_535], signerIndex: 2 ** 32 - 1 },
  software: "1.2.3",
};

const codeOf = (work: Promise<unknown>): Promise<{ code: string; message: string }> =>
  work.then(
    (value) => ({ code: String(value), message: "" }),
    (error: { code: string; message: string }) => error,
  );

describe("sending signatures to an aggregator", () => {
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function aggregator(
    answer: http.RequestListener,
    changes: { path?: string; timeoutMilliseconds?: number } = {},
  ) {
    const server = http.createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    const { port } = server.address() as { port: number };
    const { path = "", ...rest } = changes;
    return new HttpPublisher({ url: `http://127.0.0.1:${port}${path}`, software: "1.2.3", ...rest });
  }

  const answering = (status: number, body = "{}", headers: http.OutgoingHttpHeaders = {}) =>
    aggregator((_request, response) => response.writeHead(status, headers).end(body));

  it("publisher/wire: posts the whole signature with the versions of interface and program", async () => {
    const seen: { path: string | undefined; headers: http.IncomingHttpHeaders; body: unknown }[] = [];
    const publisher = await aggregator(
      (request, response) => {
        const pieces: Buffer[] = [];
        request.on("data", (piece: Buffer) => pieces.push(piece));
        request.on("end", () => {
          const body: unknown = JSON.parse(Buffer.concat(pieces).toString("utf8"));
          seen.push({ path: `${request.method} ${request.url}`, headers: request.headers, body });
          response.writeHead(201).end();
        });
      },
      { path: "/nodes/a/" },
    );
    expect(await publisher.publish(SIGNATURE)).to.equal("taken");
    expect(publisher.name).to.match(/^127\.0\.0\.1:\d+\/nodes\/a$/);
    const [{ path, headers, body }] = seen as [(typeof seen)[number]];
    expect(path).to.equal("POST /nodes/a/v1/signatures");
    expect(headers["touchstone-api-version"]).to.match(/^\d+\.\d+\.\d+$/);
    expect(headers["touchstone-node-version"]).to.equal("1.2.3");
    const read = signatureFromJson(body);
    expect({ ...read, signature: { ...read.signature, sigma: Uint8Array.from(read.signature.sigma) } }).to.deep.equal(
      SIGNATURE,
    );
  });

  for (const [status, outcome] of [
    [201, "taken"],
    [202, "taken"],
    [410, "late"],
    [412, "nodes/version-mismatch"],
    [400, "nodes/signature-refused"],
    [404, "nodes/signature-refused"],
    [409, "nodes/signature-refused"],
    [429, "nodes/peer-unavailable"],
    [500, "nodes/peer-unavailable"],
    [503, "nodes/peer-unavailable"],
    [200, "nodes/signature-refused"],
  ] as const) {
    it(`publisher/answers: ${status} is ${outcome}`, async () => {
      expect((await codeOf((await answering(status)).publish(SIGNATURE))).code).to.equal(outcome);
    });
  }

  it("publisher/reason: a refusal says why, in a line that spoils no log", async () => {
    const problem = JSON.stringify({ code: "nodes/unknown-party", detail: "who\n\u001b[31mis that" });
    const { message } = await codeOf((await answering(403, problem)).publish(SIGNATURE));
    expect(message).to.include("nodes/unknown-party, who??[31mis that");
    const long = await codeOf((await answering(403, "x".repeat(200_000))).publish(SIGNATURE));
    expect(long.message).to.include("no reason given");
  });

  it("publisher/versions: what an aggregator of another version answers is not believed", async () => {
    const newer = { "touchstone-api-version": "3.0.0" };
    expect((await codeOf((await answering(201, "{}", newer)).publish(SIGNATURE))).code).to.equal(
      "nodes/version-mismatch",
    );
    const { message } = await codeOf((await answering(412, "{}", newer)).publish(SIGNATURE));
    expect(message).to.include("3.0.0");
  });

  it("publisher/patience: silence, a broken connection and nobody at all are peers that are away", async () => {
    const silent = await aggregator(() => {}, { timeoutMilliseconds: 50 });
    expect((await codeOf(silent.publish(SIGNATURE))).code).to.equal("nodes/peer-unavailable");
    const half = await aggregator((_request, response) => void response.writeHead(201).write("{"), {
      timeoutMilliseconds: 50,
    });
    expect((await codeOf(half.publish(SIGNATURE))).code).to.equal("nodes/peer-unavailable");
    const rude = await aggregator((request) => request.socket.destroy());
    expect((await codeOf(rude.publish(SIGNATURE))).code).to.equal("nodes/peer-unavailable");
    const elsewhere = await aggregator((_request, response) =>
      response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
    );
    expect((await codeOf(elsewhere.publish(SIGNATURE))).code).to.equal("nodes/peer-unavailable");
  });

  it("publisher/closed: closing ends what is under way", async () => {
    const silent = await aggregator(() => {});
    const sending = codeOf(silent.publish(SIGNATURE));
    await silent.close();
    expect((await sending).code).to.equal("nodes/peer-unavailable");
  });
});
