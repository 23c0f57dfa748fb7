import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { passportFile } from "../../src/passport/passport-file.js";
import { beginDeviceFlow, pollDeviceFlow, type GithubApp } from "../../src/passport/providers/github/oauth.js";
import type { HttpClient } from "../../src/passport/providers/ports.js";
import { collectStamps, type CollectedStamp } from "../../src/passport/providers/registry.js";
import { DomainError } from "../../src/shared/errors.js";
import { checkedAddress, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { NO_BANS, openIssuerFile } from "./issuer.js";

interface CollectArguments {
  issuer: string;
  account: string;
  only: string | undefined;
  out: string | undefined;
  json: boolean;
}

const collect: NewTaskActionFunction<CollectArguments> = async (given, hre) =>
  run(async () => {
    const target = required(given.out, "--out");
    const account = checkedAddress(given.account);
    const { ethers } = await hre.network.create();
    const { settings, providers, issuer, http } = await openIssuerFile(hre, given.issuer, ethers.provider);
    const names = given.only?.split(",") ?? providers.all.map(({ name }) => name);
    const now = Math.floor(Date.now() / 1_000);
    const github = settings.providers.find((one) => one.kind === "github" && names.includes(one.name));
    const proofs = github?.kind === "github" ? { token: await signInToGithub(http, github) } : {};
    const stamps = await collectStamps(providers, names, { account, now, proofs }, issuer, NO_BANS);
    const credentials = stamps.flatMap((stamp) => (stamp.status === "issued" ? [stamp.credential] : []));
    if (credentials.length > 0) await writeFile(target, passportFile({ account: account.toLowerCase(), credentials }));
    const outcomes = stamps.map((stamp) => ({ provider: stamp.provider, status: stamp.status, ...reasonOf(stamp) }));
    printResult(given.json, { account, issuer: issuer.did, stamps: outcomes, out: target }, [
      ...outcomes.map(
        ({ provider, status, reason }) => `${provider}: ${status}${reason === undefined ? "" : `, ${reason}`}`,
      ),
      credentials.length === 0
        ? "No stamp was issued, and nothing was written"
        : `${credentials.length} stamps are in ${target}: \`passport stamp\` submits them`,
    ]);
  });

function reasonOf(stamp: CollectedStamp): { readonly reason?: string } {
  if (stamp.status === "not_eligible") return { reason: stamp.reason };
  if (stamp.status === "unknown_provider") return { reason: "the issuer has no such provider" };
  if (stamp.status !== "failed") return {};
  // What failed may hold a holder's token; only our own sentences are shown.
  return { reason: stamp.error instanceof DomainError ? stamp.error.message : "its source did not answer" };
}

/** Shows a code that the holder types at GitHub, and waits until it is. */
async function signInToGithub(http: HttpClient, app: GithubApp): Promise<string> {
  const device = await beginDeviceFlow(http, app);
  console.error(`Type ${device.userCode} at ${device.verificationUri}`);
  const end = Date.now() + device.expiresIn * 1_000;
  let { interval } = device;
  while (Date.now() < end) {
    await sleep(interval * 1_000);
    const poll = await pollDeviceFlow(http, app, device);
    if (poll.status === "granted") return poll.token;
    if (poll.status !== "pending") break;
    interval = poll.interval;
  }
  throw new DomainError("passport/github-refused", "The code was not typed in time, or access was denied");
}

export default collect;
