import { type Provider, ZeroAddress } from "ethers";

import { Timelock__factory } from "../../../typechain-types/index.js";
import { timelockOperationId } from "../../governance/proposal.js";
import { DomainError } from "../../shared/errors.js";
import { readLogs } from "../event-log.js";
import { GovernorGateway } from "../governor.js";
import { type Finding, holds, sameSet, setting } from "./finding.js";
import { replayRoles, ROLES, type RoleHistory } from "./roles.js";

export interface TimelockInspection {
  readonly findings: Finding[];
  readonly history: RoleHistory;
  /** Who made the Timelock: the sender of its first event. */
  readonly creator: string;
}

/** Proves who commands the Timelock: its roles, by events and by calls, and what waits in it. */
export async function inspectTimelock(
  provider: Provider,
  timelock: string,
  governor: string,
  fromBlock: number,
  expectedDelay?: number,
): Promise<TimelockInspection> {
  const contract = Timelock__factory.connect(timelock, provider);
  const history = await replayRoles(provider, timelock, fromBlock);
  if (history.creator === undefined) {
    const message = `${timelock} has no role events since block ${fromBlock}: it is no Timelock, or it is older.`;
    throw new DomainError("inspection/no-events", message, { timelock, fromBlock });
  }
  const held = (role: string) => [...(history.holders.get(role) ?? [])];
  const known = Object.values<string>(ROLES);
  const others = [...history.holders].filter(([role, set]) => !known.includes(role) && set.size > 0);
  const delay = await contract.getMinDelay();
  const findings = [
    sameSet("timelock/admin", [timelock], held(ROLES.admin)),
    sameSet("timelock/proposers", [governor], held(ROLES.proposer)),
    sameSet("timelock/cancellers", [governor], held(ROLES.canceller)),
    executors(held(ROLES.executor), governor),
    sameSet(
      "timelock/other-roles",
      [],
      others.map(([role]) => role),
    ),
    await eventsAgreeWithState(provider, timelock, history),
    setting("timelock/delay", delay, expectedDelay, delay > 0n),
    await pendingOperations(provider, timelock, governor, fromBlock),
  ];
  return { findings, history, creator: history.creator };
}

/** Open execution, or the governor's alone: in both cases nobody can stop what was decided except by a vote. */
function executors(actual: string[], governor: string): Finding {
  const only = actual.length === 1 ? actual[0] : undefined;
  const ok = only === ZeroAddress || only === governor;
  const spelt = only === ZeroAddress ? "anyone" : actual.sort().join(", ") || "nobody";
  return holds("timelock/executors", ok, "anyone, or the governor alone", spelt);
}

/** Every account that ever appeared is asked for, so an event that was missed or a node that withholds some is noticed. */
async function eventsAgreeWithState(provider: Provider, timelock: string, history: RoleHistory): Promise<Finding> {
  const contract = Timelock__factory.connect(timelock, provider);
  const accounts = new Set([...history.everyone.values()].flatMap((set) => [...set]));
  const wrong: string[] = [];
  for (const role of new Set([...Object.values<string>(ROLES), ...history.everyone.keys()])) {
    for (const account of new Set([...accounts, timelock])) {
      const byEvents = history.holders.get(role)?.has(account) ?? false;
      if ((await contract.hasRole(role, account)) !== byEvents) wrong.push(`${account} ${role}`);
    }
    if ((await contract.getRoleAdmin(role)) !== ROLES.admin) wrong.push(`another role administers ${role}`);
  }
  const agree = wrong.length === 0;
  return holds("timelock/events-agree-with-state", agree, "they agree", agree ? "they agree" : wrong.join(", "));
}

/**
 * An operation that somebody scheduled while a role was still open would outlive the hand-over: each one that waits must
 * be a proposal of the governor's.
 */
async function pendingOperations(
  provider: Provider,
  timelock: string,
  governor: string,
  fromBlock: number,
): Promise<Finding> {
  const contract = Timelock__factory.connect(timelock, provider);
  const topics = [contract.interface.getEvent("CallScheduled").topicHash];
  const logs = await readLogs(provider, { address: timelock, topics, fromBlock });
  const scheduled = new Set(logs.map((log) => log.topics[1]!));
  const proposals = await new GovernorGateway(governor, provider, fromBlock).proposals();
  const ours = new Set(proposals.map((proposal) => timelockOperationId(governor, proposal)));
  const foreign: string[] = [];
  for (const operation of scheduled) {
    if (!ours.has(operation) && (await contract.isOperationPending(operation))) foreign.push(operation);
  }
  return sameSet("timelock/pending-operations", [], foreign);
}
