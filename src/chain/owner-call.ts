import type { Proposal } from "../governance/proposal.js";
import { DomainError } from "../shared/errors.js";
import type { Call, Step } from "./call.js";
import type { GovernorGateway } from "./governor.js";

/** What becomes of a call that only an owner may make: sent, proposed, or written down for a proposal. */
export type OwnerStep = Step | { readonly proposal: Proposal };

export interface OwnerCallContext {
  readonly owner: string;
  readonly sender: string;
  /** Opened only when the owner is somebody else. */
  readonly governor: () => Promise<GovernorGateway>;
  /** Whether a proposal shall be made when the sender is not the owner. */
  readonly propose: boolean;
  readonly description: string;
}

/** `chain/not-the-owner`: neither the sender nor the governor's Timelock may make this call. */
export type OwnerCallErrorCode = "chain/not-the-owner";

/** Chooses how a step of the owner's is made. The owner is the Timelock in the end, so mostly by a proposal. */
export async function throughOwner(step: Step, context: OwnerCallContext): Promise<OwnerStep> {
  if ("done" in step || context.sender === context.owner) return step;
  const governor = await context.governor();
  if ((await governor.timelock()) !== context.owner) {
    const message = `Only ${context.owner} may ${step.call.summary}, and it is neither the sender nor the governor's Timelock.`;
    throw new DomainError<OwnerCallErrorCode>("chain/not-the-owner", message, { owner: context.owner });
  }
  const proposal = { actions: [actionOf(step.call)], description: context.description };
  return context.propose ? await governor.propose(proposal) : { proposal };
}

const actionOf = ({ to, value, data }: Call) => ({ target: to, value, calldata: data });
