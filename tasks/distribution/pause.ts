import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { throughOwner } from "../../src/chain/owner-call.js";
import { sendingAccount } from "../accounts.js";
import { parseNumber } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openCampaign, ownerContext, type OwnedCampaignArguments } from "./open.js";

const WEEK = "604800";

interface PauseArguments extends OwnedCampaignArguments {
  duration: string | undefined;
  resume: boolean;
}

const pause: NewTaskActionFunction<PauseArguments> = async (given, hre) =>
  run(async () => {
    const duration = parseNumber(given.duration ?? WEEK, "--duration");
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const campaign = await openCampaign(hre, connection, given);
    const context = { connection, signer, ...given };
    const facts = { distributor: campaign.address };
    if (!given.resume && (await campaign.guardian()) === signer.address) {
      await submit(await campaign.guardianPause(duration), context, facts);
      return;
    }
    const summary = given.resume ? "Resume signed claims" : "Pause signed claims";
    const owner = await ownerContext(hre, connection, campaign, { ...given, sender: signer.address, summary });
    await submit(await throughOwner(await campaign.pause(!given.resume), owner), context, facts);
  });

export default pause;
