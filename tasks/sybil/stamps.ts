import { writeFile } from "node:fs/promises";
import path from "node:path";

import { getAddress, isAddress } from "ethers";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { writeFolder } from "../../src/merkle/files/folder.js";
import { passportFile } from "../../src/passport/passport-file.js";
import { collectStamps } from "../../src/passport/providers/registry.js";
import { DomainError } from "../../src/shared/errors.js";
import { required } from "../options.js";
import { printResult } from "../output.js";
import { NO_BANS, openIssuerFile } from "../passport/issuer.js";
import { run } from "../run.js";

interface StampsArguments {
  issuer: string;
  round: string | undefined;
  out: string | undefined;
  json: boolean;
}

const stamps: NewTaskActionFunction<StampsArguments> = async (given, hre) =>
  run(async () => {
    const target = required(given.out, "--out");
    const round = required(given.round, "--round");
    const { ethers } = await hre.network.create();
    const { providers, issuer, verdicts } = await openIssuerFile(hre, given.issuer, ethers.provider);
    const analysed = verdicts.get(round);
    if (analysed === undefined) {
      const message = `The issuer's document has no provider "sybil-analysis" of the round ${round}.`;
      throw new DomainError("passport/issuer-malformed", message, { round });
    }
    const now = Math.floor(Date.now() / 1_000);
    const files = new Map<string, string>();
    let refused = 0;
    let noAccounts = 0;
    for (const donor of analysed.keys()) {
      if (!isAddress(donor)) {
        noAccounts += 1;
        continue;
      }
      const request = { account: getAddress(donor), now, proofs: {} };
      const [stamp] = await collectStamps(providers, [`SybilAnalysis#${round}`], request, issuer, NO_BANS);
      if (stamp?.status === "issued") {
        files.set(`${donor}.json`, passportFile({ account: donor, credentials: [stamp.credential] }));
      } else refused += 1;
    }
    if (files.size === 0) {
      const message = `No account gets a stamp of the round ${round}: ${refused} are refused, ${noAccounts} are no addresses; nothing is written.`;
      throw new DomainError("passport/no-stamps", message, { round, refused, noAccounts });
    }
    await writeFolder(target, async (folder) => {
      for (const [name, text] of files) await writeFile(path.join(folder, name), text);
    });
    const facts = { round, issuer: issuer.did, issued: files.size, refused, noAccounts, out: target };
    printResult(given.json, facts, [
      `${files.size} accounts get a stamp of the round ${round}; ${refused} do not, and are no worse off than unseen ones`,
      ...(noAccounts === 0 ? [] : [`${noAccounts} donors are no addresses, and can hold no stamp`]),
      `One file for each account is in ${target}; \`passport stamp\` submits it`,
    ]);
  });

export default stamps;
