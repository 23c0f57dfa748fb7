// The clients of the service benchmark: each sends one request after another over its own connection.
import { Agent, request as httpRequest } from "node:http";

import { ClaimClient } from "../../src/http/claim-client.js";
import { Secret } from "../../src/shared/secret.js";

export interface LoadRequest {
  readonly url: string;
  readonly secret: string;
  readonly clients: number;
  readonly firstUser: number;
  readonly claims: number;
}

interface WireClaim {
  readonly userId: number;
  readonly account: string;
  readonly amount: string;
  readonly delegatee: string;
  readonly submitter: string;
  readonly deadline: string;
}

export interface LoadReport {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
  readonly failures: number;
  readonly firstFailure: string;
  readonly signatures: { readonly claim: WireClaim; readonly signature: string }[];
}

process.once("message", (request) => {
  void run(request as LoadRequest).then((report) => process.send?.(report, () => process.exit(0)));
});

async function run({ url, secret, clients, firstUser, claims }: LoadRequest): Promise<LoadReport> {
  const client = new ClaimClient({ url, secret: new Secret<Uint8Array>(Buffer.from(secret, "hex")) });
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const { hostname, port } = new URL(url);
  const latencies = new Float64Array(claims);
  const answers: string[] = [];
  const failed: string[] = [];
  let next = 0;

  const send = (body: string, address: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = { ...client.headers("POST", "/v1/claims", address, body), "content-length": body.length };
      const options = { agent, hostname, port, path: "/v1/claims", method: "POST", headers };
      const outgoing = httpRequest(options, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => (text += chunk));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on("error", reject);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  const work = async () => {
    for (let index = next++; index < claims; index = next++) {
      const userId = firstUser + index;
      const account = `0x${(0x1000000000 + userId).toString(16).padStart(40, "a")}`;
      const address = `10.${(userId >> 16) & 255}.${(userId >> 8) & 255}.${userId & 255}`;
      const startedAt = performance.now();
      try {
        const { status, text } = await send(JSON.stringify({ userId, account, delegatee: account }), address);
        if (status === 201) answers.push(text);
        else failed.push(text);
      } catch (error) {
        failed.push(String(error));
      }
      latencies[index] = performance.now() - startedAt;
    }
  };

  const startedAt = performance.now();
  await Promise.all(Array.from({ length: clients }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  const sorted = latencies.sort();
  const at = (share: number) => sorted[Math.min(claims - 1, Math.floor(claims * share))] ?? 0;
  return {
    perSecond: answers.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    slowest: at(1),
    failures: failed.length,
    firstFailure: failed[0] ?? "",
    signatures: answers.map((text) => JSON.parse(text) as LoadReport["signatures"][number]),
  };
}
