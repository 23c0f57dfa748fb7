import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { SIGNER_KINDS } from "../../src/chain/campaign.js";
import { throughOwner } from "../../src/chain/owner-call.js";
import { sendingAccount } from "../accounts.js";
import { checkedAddress, oneOf } from "../options.js";
import { run } from "../run.js";
import { submit } from "../submit.js";
import { openCampaign, ownerContext, type OwnedCampaignArguments } from "./open.js";

interface RotateArguments extends OwnedCampaignArguments {
  signer: string;
  kind: string | undefined;
}

const rotateSigner: NewTaskActionFunction<RotateArguments> = async (given, hre) =>
  run(async () => {
    const kind = oneOf(SIGNER_KINDS, given.kind ?? "key", "--kind");
    const newSigner = checkedAddress(given.signer);
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const campaign = await openCampaign(hre, connection, given);
    const summary = `Appoint ${newSigner} as claim signer`;
    const owner = await ownerContext(hre, connection, campaign, { ...given, sender: signer.address, summary });
    const step = await throughOwner(await campaign.rotateSigner(newSigner, kind), owner);
    const { json, dryRun } = given;
    await submit(step, { connection, signer, json, dryRun }, { distributor: campaign.address });
  });

export default rotateSigner;
