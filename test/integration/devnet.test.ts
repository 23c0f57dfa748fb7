import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

describe("the devnet", function () {
  this.timeout(180_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "touchstone-devnet-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("devnet/certifies-through-kills: certifies an epoch in which a signer is killed, and leaves no process behind", async () => {
    const args = ["--import", "tsx", "scripts/devnet.ts", "--epochs", "1", "--keep", "--folder", folder];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const isUp = new Promise<void>((resolve) => {
      child.stdout.on("data", (text: Buffer) => {
        said += text.toString();
        if (said.includes("stays up until Ctrl-C") && said.includes("--onchain")) resolve();
      });
    });
    child.stderr.on("data", (text: Buffer) => (said += text.toString()));
    const ended = once(child, "exit").then(([code]) => code as number);
    expect(await Promise.race([isUp, ended]), said).to.equal(undefined);

    const summary = JSON.parse(await readFile(path.join(folder, "summary.json"), "utf8")) as Record<string, unknown>;
    expect(summary).to.deep.include({ epochs: 1, last: "3", kills: 1, processes: 10 });
    const urls = [...new Set([...said.matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url))];
    expect(urls).to.have.length(10);
    for (const url of urls) expect((await fetch(url)).status, url).to.be.a("number");
    child.kill("SIGINT");
    expect(await ended, said).to.equal(0);
    for (const url of urls) {
      const answer = await fetch(url).catch((error: { cause?: { code?: string } }) => error.cause?.code);
      expect(answer, url).to.equal("ECONNREFUSED");
    }
  });
});
