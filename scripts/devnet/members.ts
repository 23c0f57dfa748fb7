import { randomBytes } from "node:crypto";

import { getAddress, hexlify } from "ethers";

import type { PassportClient } from "../../src/http/passport/passport-client.js";
import { issueStamp } from "../../src/passport/issue.js";
import { parsePoints } from "../../src/scoring/rules/points.js";
import { PROVIDERS } from "../demo/community.js";
import type { newIssuer } from "../demo/issuer.js";
import { must } from "./errors.js";

interface Member {
  readonly account: string;
  readonly ticket: string;
  /** Of the ticket's stamp: 0x-prefixed hex. */
  digest: string;
  votes: boolean;
  lost: boolean;
}

/** So many come in each epoch. */
const JOINING = 3;
const [TICKET, VOTE] = PROVIDERS;

/** People with accounts of their own who submit stamps, and what becomes of their scores. */
export class Members {
  readonly #client: PassportClient;
  readonly #authority: ReturnType<typeof newIssuer>;
  readonly #scorer: number;
  readonly #all: Member[] = [];

  constructor(client: PassportClient, authority: ReturnType<typeof newIssuer>, scorer: number) {
    this.#client = client;
    this.#authority = authority;
    this.#scorer = scorer;
  }

  get accounts(): readonly string[] {
    return this.#all.map(({ account }) => account);
  }

  /** New people come, somebody who has a ticket voted, and somebody's ticket is revoked. Says so in a few words. */
  async change(): Promise<string> {
    const voter = this.#all.find(({ votes, lost }) => !votes && !lost);
    const loser = this.#all.find((member) => !member.lost && member !== voter && this.#all.length > JOINING);
    for (let joined = 0; joined < JOINING; joined++) await this.#join(joined === 0);
    const said = [`${JOINING} people join`];
    if (voter !== undefined) {
      await this.#vote(voter);
      said.push("one voted");
    }
    if (loser !== undefined) {
      const { rescored } = await this.#client.revoke(loser.digest, "the ticket was sold");
      must(rescored === 1, `revoking one ticket changed ${rescored} scores`);
      loser.lost = true;
      said.push("one lost a ticket");
    }
    return said.join(", ");
  }

  /** What the service says now, in units of 1e-4, and whether it is enough; by account. */
  async scores(): Promise<Map<string, { readonly score: number; readonly passing: boolean }>> {
    const scores = new Map<string, { score: number; passing: boolean }>();
    for (const { account } of this.#all) {
      const { score, passing } = await this.#client.score(this.#scorer, account);
      scores.set(account, { score: parsePoints(score ?? "0"), passing });
    }
    return scores;
  }

  async #join(votes: boolean): Promise<void> {
    const account = getAddress(hexlify(randomBytes(20)));
    const member = { account, ticket: randomBytes(12).toString("hex"), digest: "", votes: false, lost: false };
    member.digest = await this.#submit(member, TICKET, { ticket: member.ticket });
    this.#all.push(member);
    if (votes) await this.#vote(member);
  }

  async #vote(member: Member): Promise<void> {
    await this.#submit(member, VOTE, { voter: member.account });
    member.votes = true;
  }

  /** Has a stamp issued and submits it; gives its digest. */
  async #submit({ account }: Member, provider: string, evidence: Record<string, string>): Promise<string> {
    const { issuer, bans } = this.#authority;
    const issued = await issueStamp({ provider, account, evidence }, issuer, bans, Math.floor(Date.now() / 1_000));
    if (issued.status !== "issued") throw new Error(`a stamp was not issued: ${issued.status}`);
    const { results } = await this.#client.submit(this.#scorer, account, [issued.credential]);
    const status = results[0]?.status;
    must(status === "counted", `the service answers that a stamp of ${provider} is ${status}`);
    return issued.digest;
  }
}
