import type { Provider } from "ethers";

import { Timelock__factory, TokenGovernor__factory, type TokenGovernor } from "../../typechain-types/index.js";
import { operation, proposalId, type Proposal } from "../governance/proposal.js";
import { DomainError } from "../shared/errors.js";
import type { Step } from "./call.js";
import { readLogs } from "./event-log.js";

/** `ProposalState` in IGovernor, by number. */
export const PROPOSAL_STATES = [
  "pending",
  "active",
  "canceled",
  "defeated",
  "succeeded",
  "queued",
  "expired",
  "executed",
] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** `VoteType` in GovernorCountingSimple, by number. */
export const SUPPORT = ["against", "for", "abstain"] as const;
export type Support = (typeof SUPPORT)[number];

/** A proposal with how it stands. Times are seconds since the epoch, votes wei. */
export interface ProposalStatus extends Proposal {
  readonly id: bigint;
  readonly proposer: string;
  readonly state: ProposalState;
  readonly voteStart: bigint;
  readonly voteEnd: bigint;
  readonly votes: Readonly<Record<Support, bigint>>;
  /** Votes for and abstaining that it needs; undefined until the vote has started. */
  readonly quorum: bigint | undefined;
  /** When it can be executed; zero until it is queued. */
  readonly eta: bigint;
}

type Created = Proposal & Pick<ProposalStatus, "id" | "proposer">;

/** `governance/unknown-proposal`: the governor never saw it. `governance/wrong-state`: not now. */
export type GovernorErrorCode = "governance/unknown-proposal" | "governance/wrong-state";

/** What token holders do with a `TokenGovernor`. Every step tells when there is nothing left to do. */
export class GovernorGateway {
  readonly address: string;
  readonly #provider: Provider;
  readonly #contract: TokenGovernor;
  readonly #fromBlock: number;

  /** `fromBlock`: no proposal is older. */
  constructor(address: string, provider: Provider, fromBlock = 0) {
    this.address = address;
    this.#provider = provider;
    this.#contract = TokenGovernor__factory.connect(address, provider);
    this.#fromBlock = fromBlock;
  }

  /** Every proposal ever made, oldest first. */
  async proposals(): Promise<Created[]> {
    const { interface: abi } = this.#contract;
    const topic = abi.getEvent("ProposalCreated").topicHash;
    const query = { address: this.address, topics: [topic], fromBlock: this.#fromBlock };
    const logs = await readLogs(this.#provider, query);
    return logs.map((log) => {
      const [id, proposer, targets, values, , calldatas, , , description] = abi.decodeEventLog(
        "ProposalCreated",
        log.data,
        log.topics,
      ) as unknown as [bigint, string, string[], bigint[], string[], string[], bigint, bigint, string];
      const actions = targets.map((target, i) => ({ target, value: values[i]!, calldata: calldatas[i]! }));
      return { id, proposer, actions, description };
    });
  }

  timelock(): Promise<string> {
    return this.#contract.timelock();
  }

  /** How many seconds pass at least between a proposal and its execution: the vote's delay and period, and the Timelock's. */
  async shortestDecision(): Promise<bigint> {
    const [delay, period, timelock] = await Promise.all([
      this.#contract.votingDelay(),
      this.#contract.votingPeriod(),
      this.timelock(),
    ]);
    return delay + period + (await Timelock__factory.connect(timelock, this.#provider).getMinDelay());
  }

  async find(id: bigint): Promise<Created> {
    const found = (await this.proposals()).find((proposal) => proposal.id === id);
    if (found !== undefined) return found;
    const message = `The governor ${this.address} has no proposal ${id}.`;
    throw new DomainError<GovernorErrorCode>("governance/unknown-proposal", message, { id });
  }

  async status(created: Created): Promise<ProposalStatus> {
    const { id } = created;
    const [state, voteStart, voteEnd, votes, eta, clock] = await Promise.all([
      this.#state(id),
      this.#contract.proposalSnapshot(id),
      this.#contract.proposalDeadline(id),
      this.#contract.proposalVotes(id),
      this.#contract.proposalEta(id),
      this.#contract.clock(),
    ]);
    // The quorum of a vote that has not started is not known: the supply may change until then.
    const quorum = voteStart < clock ? await this.#contract.quorum(voteStart) : undefined;
    const [against, inFavour, abstain] = votes;
    return { ...created, state, voteStart, voteEnd, votes: { for: inFavour, against, abstain }, quorum, eta };
  }

  async propose(proposal: Proposal): Promise<Step & { id: bigint }> {
    const id = proposalId(proposal);
    if ((await this.#contract.proposalSnapshot(id)) !== 0n) return { id, done: `proposal ${id} exists already` };
    const [targets, values, calldatas] = operation(proposal);
    const args = [targets, values, calldatas, proposal.description] as const;
    const data = this.#contract.interface.encodeFunctionData("propose", [...args]);
    return { id, ...this.#call(data, `propose ${proposal.actions.length} action(s) as ${id}`) };
  }

  async vote(id: bigint, voter: string, support: Support, reason: string): Promise<Step> {
    await this.find(id);
    if (await this.#contract.hasVoted(id, voter)) return { done: `${voter} has voted on it already` };
    await this.#require(id, ["active"], "voted on");
    const args = [id, SUPPORT.indexOf(support), reason] as const;
    const data = this.#contract.interface.encodeFunctionData("castVoteWithReason", [...args]);
    return this.#call(data, `vote ${support} on ${id}`);
  }

  async queue(id: bigint): Promise<Step> {
    const proposal = await this.find(id);
    const state = await this.#require(id, ["succeeded", "queued", "executed"], "queued");
    if (state !== "succeeded") return { done: `the proposal is ${state} already` };
    const data = this.#contract.interface.encodeFunctionData("queue", operation(proposal));
    return this.#call(data, `queue proposal ${id}`);
  }

  async execute(id: bigint): Promise<Step> {
    const proposal = await this.find(id);
    const state = await this.#require(id, ["queued", "executed"], "executed");
    if (state === "executed") return { done: "the proposal is executed already" };
    const data = this.#contract.interface.encodeFunctionData("execute", operation(proposal));
    return this.#call(data, `execute proposal ${id}`);
  }

  async #require(id: bigint, states: readonly ProposalState[], done: string): Promise<ProposalState> {
    const state = await this.#state(id);
    if (states.includes(state)) return state;
    const message = `Proposal ${id} is ${state} and cannot be ${done} now.`;
    throw new DomainError<GovernorErrorCode>("governance/wrong-state", message, { id, state });
  }

  async #state(id: bigint): Promise<ProposalState> {
    return PROPOSAL_STATES[Number(await this.#contract.state(id))]!;
  }

  #call(data: string, summary: string): Step {
    return { call: { to: this.address, data, value: 0n, summary } };
  }
}
