import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { CampaignStatus } from "../../src/chain/campaign.js";
import { formatUnits } from "../../src/shared/decimal.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";
import { openCampaign, type CampaignArguments } from "./open.js";

const status: NewTaskActionFunction<CampaignArguments & { json: boolean }> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const campaign = await openCampaign(hre, connection, given);
    const result = await campaign.status();
    printResult(given.json, result, describe(result));
  });

function describe(campaign: CampaignStatus): string[] {
  const amount = (units: bigint) => `${formatUnits(units, campaign.decimals)} ${campaign.symbol}`;
  const { pausedUntil, guardianSpent } = campaign;
  const pause = pausedUntil === undefined ? "not paused" : `paused until ${pauseEnd(pausedUntil)}`;
  return [
    `Distributor ${campaign.address}${campaign.launch ? " of the launch" : ""}: ${campaign.phase}, signed claims ${pause}`,
    `  window    ${isoTime(campaign.start)} to ${isoTime(campaign.end)}`,
    `  claimed   ${amount(campaign.claimed)} in ${campaign.claims} claims`,
    `  left      ${amount(campaign.balance)}, swept ${amount(campaign.swept)}`,
    `  root      ${campaign.merkleRoot}`,
    `  list      sha256 ${campaign.listHash}`,
    `  owner     ${campaign.owner}, treasury ${campaign.treasury}`,
    `  signer    ${campaign.signer} (${campaign.signerKind})`,
    `  guardian  ${campaign.guardian}${guardianSpent ? ", its pause is spent" : ""}`,
    `  gate      ${gateOf(campaign)}`,
  ];
}

const gateOf = ({ gate }: CampaignStatus) =>
  gate === undefined
    ? "none"
    : `a score of ${formatUnits(gate.minimum, 4)} with scorer ${gate.scorerId} of ${gate.registry}, one claim per account`;

/** The owner's pause ends when the owner ends it: the contract stores its largest time. */
const pauseEnd = (until: bigint) => (until === 2n ** 40n - 1n ? "the owner resumes" : isoTime(until));

export default status;
