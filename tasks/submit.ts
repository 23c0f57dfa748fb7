import { formatEther, type Provider, type Signer } from "ethers";

import type { OwnerStep } from "../src/chain/owner-call.js";
import { sendCall, simulateCall } from "../src/chain/send-call.js";
import { proposalId } from "../src/governance/proposal.js";
import { printResult } from "./output.js";

export interface SubmitContext {
  readonly connection: { readonly networkName: string; readonly ethers: { readonly provider: Provider } };
  readonly signer: Signer & { readonly address: string };
  readonly json: boolean;
  readonly dryRun: boolean;
}

/** Carries a step out, or shows it; `facts` join the JSON result. One result is printed whatever happens. */
export async function submit(step: OwnerStep, context: SubmitContext, facts: object = {}): Promise<void> {
  const { signer, json, dryRun, connection } = context;
  const { chainId } = await connection.ethers.provider.getNetwork();
  const base = { network: connection.networkName, chainId, account: signer.address, dryRun, ...facts };
  if ("done" in step) {
    printResult(json, { ...base, sent: false, reason: step.done }, [`Nothing to do: ${step.done}.`]);
    return;
  }
  if ("proposal" in step) {
    const id = proposalId(step.proposal);
    const hint =
      "The owner is the Timelock: put this to the vote with --propose, or with `governance propose --actions`:";
    const lines = [hint, JSON.stringify(step.proposal.actions.map(textual), null, 2), `Proposal id ${id}`];
    printResult(json, { ...base, sent: false, proposal: step.proposal, proposalId: id }, lines);
    return;
  }
  const { call } = step;
  const ether = call.value === 0n ? "" : ` with ${formatEther(call.value)} ether`;
  const announcement = `${signer.address} on ${connection.networkName} (${chainId}): ${call.summary}${ether}`;
  if (dryRun) {
    const gas = await simulateCall(signer, call);
    const lines = [announcement, `to ${call.to}`, `data ${call.data}`, `Dry run: ${gas} gas, nothing was sent.`];
    printResult(json, { ...base, sent: false, call, gas }, lines);
    return;
  }
  if (!json) console.log(announcement);
  const sent = await sendCall(signer, call);
  printResult(json, { ...base, sent: true, call, ...sent }, [
    `Mined in block ${sent.blockNumber}: ${sent.transactionHash}, ${sent.gasUsed} gas`,
  ]);
}

const textual = ({ value, ...action }: { value: bigint }) => ({ ...action, value: value.toString() });
