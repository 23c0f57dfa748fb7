// The community of the walk-through: what it takes for evidence, and who issues its stamps.
import { createHash, randomBytes } from "node:crypto";

import { ActivityGateway } from "../../src/chain/activity-gateway.js";
import { parseIssuers } from "../../src/passport/issuers.js";
import { nativeBalance, transactionCount, votesCast } from "../../src/passport/providers/chain-activity.js";
import { eligible, notEligible, type StampProvider } from "../../src/passport/providers/provider.js";
import { ProviderRegistry } from "../../src/passport/providers/registry.js";
import { issuersDocument, newIssuer } from "./issuer.js";
import type { Round } from "./round.js";

export const PROVIDERS = ["Assembly#ticket", "Governance#vote", "Balance#0.05", "Transactions#1"] as const;

/** What counts here: to have come to the assembly and to have voted, and a little of what other issuers attest. */
export const RULES = {
  format: "touchstone-scorer-rules-v1",
  threshold: "20",
  weights: {
    ...{ "Assembly#ticket": "15.5", "Governance#vote": "6.25", "Balance#0.05": "1.5", "Transactions#1": "1.25" },
    ...{ Google: "4", Discord: "4", X: "4", HolonymPhone: "6", CivicCaptchaPass: "4", Ens: "6", NFT: "4" },
    ...{ "ETHnumTransactions#100": "7", "githubContributionActivityGte#30": "9", Brightid: "10" },
    HolonymGovIdProvider: "12",
  },
};

const hash = (text: string) => createHash("sha256").update(text).digest("hex");

/** A provider of the community's own: a ticket of its assembly, handed out in person, one for each who came. */
function assemblyTicket(tickets: ReadonlySet<string>): StampProvider {
  return {
    name: "Assembly#ticket",
    title: "Assembly ticket",
    evidence: "Came to the assembly and was handed a ticket.",
    group: "presence",
    cost: { label: "medium", cents: 0, needs: ["time"] },
    fungible: false,
    check: ({ proofs }) => {
      const ticket = hash(proofs["ticket"] ?? "");
      return Promise.resolve(
        tickets.has(ticket) ? eligible({ ticket }) : notEligible("this ticket was not handed out"),
      );
    },
  };
}

/** Tickets for `visitors`, the providers that look at them and at the chain, and an issuer with fresh keys. */
export async function foundCommunity(round: Round, visitors: number) {
  const tickets = Array.from({ length: visitors }, () => randomBytes(12).toString("hex"));
  const chain = new ActivityGateway(round.chain.provider);
  const cost = { label: "low", cents: 100, needs: ["money"] } as const;
  const governor = await round.governor.getAddress();
  const providers = new ProviderRegistry([
    assemblyTicket(new Set(tickets.map(hash))),
    votesCast(chain, { name: "Governance#vote", cost: { ...cost, needs: ["chain-history"] }, governor, minimum: 1 }),
    nativeBalance(chain, { name: "Balance#0.05", cost, minimum: 5n * 10n ** 16n }),
    transactionCount(chain, { name: "Transactions#1", cost, minimum: 1 }),
  ]);
  const { issuer, bans } = newIssuer();
  const issuers = parseIssuers(issuersDocument(issuer));
  return { tickets, providers, issuer, issuers, bans };
}

export type Community = Awaited<ReturnType<typeof foundCommunity>>;
