import { AbiCoder, getAddress, Interface, isHexString, keccak256, toUtf8Bytes } from "ethers";

import { parseDecimal } from "../shared/decimal.js";
import { DomainError } from "../shared/errors.js";

/** One call that the Timelock makes when a proposal is executed. */
export interface ProposalAction {
  readonly target: string;
  /** Ether in wei. */
  readonly value: bigint;
  readonly calldata: string;
}

/** What is voted on. Its id follows from its content, so proposing the same twice is impossible. */
export interface Proposal {
  readonly actions: readonly ProposalAction[];
  readonly description: string;
}

/** `governance/bad-action`: an action cannot be read or encoded. `governance/empty-proposal`: there is none. */
export type ProposalErrorCode = "governance/bad-action" | "governance/empty-proposal";

export const descriptionHash = ({ description }: Pick<Proposal, "description">): string =>
  keccak256(toUtf8Bytes(description));

/** The arguments that `queue` and `execute` take. */
export function operation(proposal: Proposal): [string[], bigint[], string[], string] {
  const { actions } = proposal;
  return [
    actions.map(({ target }) => target),
    actions.map(({ value }) => value),
    actions.map(({ calldata }) => calldata),
    descriptionHash(proposal),
  ];
}

/** The governor's id of a proposal (OpenZeppelin Governor, `getProposalId`). */
export function proposalId(proposal: Proposal): bigint {
  const types = ["address[]", "uint256[]", "bytes[]", "bytes32"];
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, operation(proposal))));
}

/** The Timelock's id of a queued proposal: `hashOperationBatch` with the governor's salt, no predecessor. */
export function timelockOperationId(governor: string, proposal: Proposal): string {
  const [targets, values, calldatas, hash] = operation(proposal);
  // GovernorTimelockControl: bytes20(governor) ^ descriptionHash, the address at the left.
  const salt = BigInt(hash) ^ (BigInt(governor) << 96n);
  const words = [`0x${"0".repeat(64)}`, `0x${salt.toString(16).padStart(64, "0")}`];
  const types = ["address[]", "uint256[]", "bytes[]", "bytes32", "bytes32"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [targets, values, calldatas, ...words]));
}

/** Marks a description so that only `proposer` can make this proposal: nobody can copy and then cancel it. */
export function reservedFor(proposer: string, description: string): string {
  return `${description} #proposer=${proposer.toLowerCase()}`;
}

/** An action as people write it: raw calldata, or a signature with its arguments, and the ether to send. */
export interface WrittenAction {
  readonly target?: unknown;
  readonly value?: unknown;
  readonly calldata?: unknown;
  readonly signature?: unknown;
  readonly args?: unknown;
}

/** Parses a JSON list of actions. Amounts are decimal text in wei. */
export function parseActions(text: string): ProposalAction[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (cause) {
    throw new DomainError("governance/bad-action", "The actions are not a JSON document.", {}, { cause });
  }
  if (!Array.isArray(list) || list.length === 0) {
    throw new DomainError("governance/empty-proposal", "A proposal needs a list with at least one action.");
  }
  return list.map((item: unknown, index) => encodeAction(Object(item) as WrittenAction, `action ${index + 1}`));
}

/** Checks and encodes one written action; `name` says which one in messages. */
export function encodeAction(written: WrittenAction, name = "the action"): ProposalAction {
  const { target, value = "0", calldata, signature, args } = written;
  const wei = parseDecimal(String(value));
  if (wei === undefined) throw bad(name, "has a value that is no decimal number of wei");
  if (calldata !== undefined && signature !== undefined) throw bad(name, "has both calldata and a signature");
  const data = signature === undefined ? rawCalldata(calldata, name) : encodeCall(signature, args, name);
  return { target: checkedAddress(target, name), value: wei, calldata: data };
}

function rawCalldata(calldata: unknown, name: string): string {
  if (calldata === undefined) return "0x";
  if (!isHexString(calldata) || calldata.length % 2 !== 0) throw bad(name, "has calldata that is no hex text");
  return calldata;
}

function encodeCall(signature: unknown, args: unknown, name: string): string {
  const [, method] = /^([A-Za-z_$][\w$]*)\(.*\)$/.exec(String(signature)) ?? [];
  if (method === undefined) throw bad(name, "has a signature that is not like transfer(address,uint256)");
  try {
    const contract = new Interface([`function ${String(signature)}`]);
    return contract.encodeFunctionData(method, (args ?? []) as unknown[]);
  } catch (cause) {
    throw bad(name, `cannot be encoded as ${String(signature)}: ${(cause as Error).message}`, cause);
  }
}

function checkedAddress(target: unknown, name: string): string {
  try {
    return getAddress(String(target));
  } catch (cause) {
    throw bad(name, `has a target that is no address: ${String(target)}`, cause);
  }
}

function bad(name: string, problem: string, cause?: unknown): DomainError<ProposalErrorCode> {
  return new DomainError("governance/bad-action", `Proposal: ${name} ${problem}.`, { name }, { cause });
}
