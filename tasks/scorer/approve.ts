import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { throughOwner } from "../../src/chain/owner-call.js";
import { parseRules } from "../../src/scoring/rules/parse-rules.js";
import { rulesHash } from "../../src/scoring/rules/scorer-rules.js";
import { DomainError } from "../../src/shared/errors.js";
import { sendingAccount } from "../accounts.js";
import { parseNumber } from "../options.js";
import { openRegistry } from "../passport/open.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { governorOf, type GovernedArguments } from "./govern.js";
import { readRules } from "./rules-file.js";

interface ApproveArguments extends GovernedArguments {
  rulesFile: string;
}

const approve: NewTaskActionFunction<ApproveArguments> = async (given, hre) =>
  run(async () => {
    const scorerId = parseNumber(given.registryId, "The scorer");
    const rules = parseRules(await readRules(given.rulesFile));
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const authority = await (await openRegistry(hre, connection, given)).rulesAuthority(scorerId);
    if (authority === undefined) {
      const message = `Nobody votes on the rules of scorer ${scorerId}: see \`scorer govern\`.`;
      throw new DomainError("scoring/not-governed", message, { scorerId });
    }
    const version = { threshold: rules.threshold, definition: rulesHash(rules) };
    const step = await authority.approve(scorerId, version);
    const owner = await authority.governance();
    const context = governorOf(hre, connection, given, { owner, sender: signer.address, step });
    const facts = { authority: authority.address, scorerId, ...version };
    await submit(await throughOwner(step, context), { connection, signer, ...given }, facts);
  });

export default approve;
