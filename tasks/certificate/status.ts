import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { EpochSeal } from "../../src/chain/certificate-registry.js";
import { certificateStatus, type CertificateStatus } from "../../src/chain/certificate-status.js";
import type { ScheduledParameters } from "../../src/chain/parameter-schedule.js";
import { checkedAddress } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";
import { openRegistry, type RegistryArguments } from "./open.js";

interface StatusArguments extends RegistryArguments {
  account: string | undefined;
  json: boolean;
}

const status: NewTaskActionFunction<StatusArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const registry = await openRegistry(hre, connection, given);
    const account = given.account === undefined ? undefined : checkedAddress(given.account);
    const result = await certificateStatus(registry, account);
    printResult(given.json, { registry: registry.address, ...result }, describe(result));
  });

function describe({ clock, chain, parameters, scheduled, ...rest }: CertificateStatus): string[] {
  const mine =
    rest.accountRegistered === undefined ? "" : `, ${rest.accountRegistered ? "with" : "without"} the account`;
  const permitted =
    chain.permitted === undefined
      ? "none permitted"
      : `permitted from epoch ${chain.permitted.first} to ${chain.permitted.last}`;
  const snapshot = rest.certified?.snapshot;
  return [
    `epoch      ${clock.epoch}, until ${isoTime(rest.nextEpochAt)}`,
    `parameters ${spellParameters(parameters)}`,
    ...scheduled.map((entry) => `  from epoch ${entry.epoch} on ${spellParameters(entry)}`),
    `registered ${rest.registered} keys${mine}; they sign in epoch ${clock.epoch + 2n}`,
    `next key   ${spell(rest.next)}`,
    `signing    ${spell(rest.signing)}`,
    `certified  last epoch ${chain.lastCertified}, under anchor ${chain.anchors}; another anchor: ${permitted}`,
    ...(snapshot === undefined
      ? []
      : [`scores     ${snapshot.scoresRoot} at snapshot block ${snapshot.snapshotBlock}`]),
  ];
}

const spellParameters = ({ stm: { k, m, phiF }, minimumStake, minimumShare }: Omit<ScheduledParameters, "epoch">) =>
  `k ${k}, m ${m}, phi_f ${phiF}, stakes from ${minimumStake}, ${minimumShare / 100} % of the supply registered`;

const spell = (seal: EpochSeal | undefined): string =>
  seal?.key === undefined
    ? (seal?.status ?? "none yet")
    : `${seal.key.leaves} stewards with ${seal.key.totalStake} of stake`;

export default status;
