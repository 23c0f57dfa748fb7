import { getAddress, id, type Provider, ZeroHash } from "ethers";

import { Timelock__factory } from "../../../typechain-types/index.js";
import { readLogs } from "../event-log.js";

/** The Timelock's roles by name. */
export const ROLES = {
  admin: ZeroHash,
  proposer: id("PROPOSER_ROLE"),
  canceller: id("CANCELLER_ROLE"),
  executor: id("EXECUTOR_ROLE"),
} as const;

/** Who holds and who ever held the roles of an OpenZeppelin AccessControl contract, according to its events. */
export interface RoleHistory {
  /** Who sent the transaction with the first grant: the creator. Undefined without any event. */
  readonly creator: string | undefined;
  readonly holders: ReadonlyMap<string, ReadonlySet<string>>;
  readonly everyone: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Replays every RoleGranted and RoleRevoked event from `fromBlock` on. */
export async function replayRoles(provider: Provider, address: string, fromBlock: number): Promise<RoleHistory> {
  const abi = Timelock__factory.createInterface();
  const topics = [[abi.getEvent("RoleGranted").topicHash, abi.getEvent("RoleRevoked").topicHash]];
  const holders = new Map<string, Set<string>>();
  const everyone = new Map<string, Set<string>>();
  let creator: string | undefined;
  for (const log of await readLogs(provider, { address, topics, fromBlock })) {
    const event = abi.parseLog(log)!;
    const [role, account, sender] = event.args as unknown as [string, string, string];
    creator ??= getAddress(sender);
    const current = setOf(holders, role);
    if (event.name === "RoleGranted") current.add(account);
    else current.delete(account);
    setOf(everyone, role).add(account);
  }
  return { creator, holders, everyone };
}

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = new Set<string>();
  map.set(key, made);
  return made;
}
