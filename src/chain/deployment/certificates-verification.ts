// What an explorer needs to verify the stewards' contracts and a rules authority: from getters, and from the events of the creating
// transactions where governance may have changed things since.
import { type Log, type Provider, ZeroAddress } from "ethers";

import {
  CertificateRegistry__factory,
  EraMarkers__factory,
  RulesAuthority__factory,
} from "../../../typechain-types/index.js";
import { readLogs } from "../event-log.js";
import { request, type VerificationRequest } from "./verification.js";

/** Parameters may have changed since, and anchors been permitted; the constructor's are those of its own transaction. */
export async function certificatesVerification(
  provider: Provider,
  addresses: { readonly verifier: string; readonly registry: string; readonly eras: string },
  fromBlock: number,
): Promise<VerificationRequest[]> {
  const { verifier, registry: address, eras } = addresses;
  const registry = CertificateRegistry__factory.connect(address, provider);
  const [token, timelock, genesis, epochLength] = await Promise.all([
    registry.token(),
    registry.timelock(),
    registry.genesis(),
    registry.epochLength(),
  ]);
  const [scheduled, permitted] = [
    registry.getEvent("ParametersScheduled").fragment.topicHash,
    registry.getEvent("AnchorPermitted").fragment.topicHash,
  ];
  const logs = await created(provider, address, [scheduled, permitted], fromBlock);
  const read = (topic: string) => {
    const log = logs.find(({ topics }) => topics[0] === topic);
    return log === undefined ? undefined : registry.interface.parseLog(log)?.args;
  };
  const parameters = read(scheduled)?.["parameters"] as Record<string, unknown>;
  const { k, m, c120, phiF, minimumStake, minimumShare } = parameters;
  const setup = {
    ...{ token, timelock, verifier, genesis, epochLength },
    firstAnchorUntil: (read(permitted)?.["last"] as bigint | undefined) ?? 0n,
    parameters: { k, m, c120, phiF, minimumStake, minimumShare },
  };
  // An announced era keeps its name and version, and the first is the constructor's.
  const [first] = await EraMarkers__factory.connect(eras, provider).markers();
  return [
    request("certificates/StmVerifier", verifier, []),
    request("certificates/CertificateRegistry", address, [setup]),
    request("certificates/EraMarkers", eras, [address, first?.name, first?.protocolVersion]),
  ];
}

/** The operator may have been rotated since. */
export async function rulesVerification(
  provider: Provider,
  address: string,
  fromBlock: number,
): Promise<VerificationRequest[]> {
  const rules = RulesAuthority__factory.connect(address, provider);
  const [registry, governance] = await Promise.all([rules.registry(), rules.governance()]);
  const appointed = rules.getEvent("OperatorChanged").fragment.topicHash;
  const [first] = await created(provider, address, [appointed], fromBlock);
  const operator = first === undefined ? ZeroAddress : (rules.interface.parseLog(first)?.args["newOperator"] as string);
  return [request("passport/RulesAuthority", address, [registry, governance, operator])];
}

/** The logs of these kinds in the first transaction that has one: the one that created the contract. */
async function created(provider: Provider, address: string, topics: string[], fromBlock: number): Promise<Log[]> {
  const logs = await readLogs(provider, { address, topics: [topics], fromBlock });
  return logs.filter(({ transactionHash }) => transactionHash === logs[0]?.transactionHash);
}
