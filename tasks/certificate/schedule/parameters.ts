import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { SAFE_BITS } from "../../../src/certificates/security-report.js";
import type { NewParameters } from "../../../src/chain/certificate-registry.js";
import { throughOwner } from "../../../src/chain/owner-call.js";
import { planParameterChange } from "../../../src/chain/parameter-change.js";
import { parseUnits } from "../../../src/shared/decimal.js";
import { DomainError } from "../../../src/shared/errors.js";
import { securityLevel } from "../../../src/stm/security.js";
import { sendingAccount } from "../../accounts.js";
import type { OwnerArguments } from "../../declare.js";
import { openGovernor } from "../../governance/open.js";
import { parseNumber, parsePhi, required } from "../../options.js";
import { run } from "../../run.js";
import { submit } from "../../submit.js";
import { openRegistry } from "../open.js";
import { decisionSeconds } from "./open.js";

interface ParametersArguments extends OwnerArguments {
  epoch: string | undefined;
  k: string | undefined;
  m: string | undefined;
  phi: string | undefined;
  minimumStake: string | undefined;
  minimumShare: string | undefined;
  registry: string | undefined;
}

const parameters: NewTaskActionFunction<ParametersArguments> = async (given, hre) =>
  run(async () => {
    const epoch = parseNumber(required(given.epoch, "--epoch"), "--epoch");
    const change = typed(given);
    const connection = await hre.network.create();
    const signer = await sendingAccount(connection, given.from);
    const registry = await openRegistry(hre, connection, given);
    const timelock = await registry.timelock();
    const seconds = await decisionSeconds(hre, connection, given, { sender: signer.address, timelock });
    const planned = await planParameterChange(registry, epoch, change, seconds);
    const { stm } = planned.parameters;
    const bits = securityLevel(stm, 1 / 3);
    const unsafe = bits < SAFE_BITS;
    const step = await throughOwner(planned.step, {
      owner: timelock,
      sender: signer.address,
      governor: () => openGovernor(hre, connection, { ...given, fromBlock: undefined }),
      propose: given.propose,
      description: given.description ?? describe(epoch, planned.parameters, registry.address),
    });
    if (!given.json) {
      const worth = `k ${stm.k}, m ${stm.m}, phi_f ${stm.phiF}: ${bits.toFixed(1)} bits against a third of the stake`;
      console.log(unsafe ? `${worth}. Unsafe: for test networks alone` : worth);
    }
    const facts = { registry: registry.address, epoch, parameters: planned.parameters, bits, unsafe };
    await submit(step, { connection, signer, ...given }, facts);
  });

const describe = (epoch: bigint, { stm, minimumStake, minimumShare }: NewParameters, registry: string): string =>
  `set k ${stm.k}, m ${stm.m}, phi_f ${stm.phiF}, a minimum stake of ${minimumStake} and a minimum share of ${minimumShare} from epoch ${epoch} on at ${registry}`;

function typed({ k, m, phi, minimumStake, minimumShare }: ParametersArguments) {
  return {
    ...(k === undefined ? {} : { k: parseNumber(k, "--k") }),
    ...(m === undefined ? {} : { m: parseNumber(m, "--m") }),
    ...(phi === undefined ? {} : { phiF: parsePhi(phi) }),
    ...(minimumStake === undefined ? {} : { minimumStake: parseStake(minimumStake) }),
    ...(minimumShare === undefined ? {} : { minimumShare: 10 * Number(parseNumber(minimumShare, "--minimum-share")) }),
  };
}

/** Tokens, as people have them, in the registry's units of 1e9 wei. */
function parseStake(text: string): bigint {
  const stake = parseUnits(text, 9);
  if (stake !== undefined) return stake;
  const message = `--minimum-stake must be a number of tokens with nine decimals at most, not "${text}".`;
  throw new DomainError("tasks/bad-number", message, { option: "--minimum-stake" });
}

export default parameters;
