import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { sendingAccount } from "../accounts.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openCampaign, type CampaignArguments } from "./open.js";

interface SweepArguments extends CampaignArguments {
  from: string | undefined;
  dryRun: boolean;
  json: boolean;
}

const sweep: NewTaskActionFunction<SweepArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const campaign = await openCampaign(hre, connection, given);
    await submit(await campaign.sweep(), { connection, signer, ...given }, { distributor: campaign.address });
  });

export default sweep;
