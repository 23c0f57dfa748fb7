// A community's signed list of accounts: members of a guild, guests of an event. The list is public to the issuer; the stamp says
// only that the account is on it.
import { TypedDataEncoder } from "ethers";

import { DocumentReader } from "../../shared/document.js";
import { DomainError } from "../../shared/errors.js";
import { recoverSigner, type DigestSigner } from "../signature.js";
import { accountEvidence, eligible, notEligible, type CostEstimate, type StampProvider } from "./provider.js";

export const ALLOW_LIST_FORMAT = "touchstone-allow-list-v1";

export interface AllowList {
  readonly format: typeof ALLOW_LIST_FORMAT;
  /** Its name; the stamp is `AllowList#<name>`. */
  readonly list: string;
  /** Seconds since the epoch; it speaks for `[issuedAt, expiresAt)`. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Lower-case, ascending. */
  readonly accounts: readonly string[];
}
export interface SignedAllowList extends AllowList {
  readonly signature: string;
}

const DOMAIN = { name: "TouchstoneAllowList", version: "1" };
const TYPES = {
  AllowList: [
    { name: "list", type: "string" },
    { name: "issuedAt", type: "uint64" },
    { name: "expiresAt", type: "uint64" },
    { name: "accounts", type: "address[]" },
  ],
};

function allowListDigest({ list, issuedAt, expiresAt, accounts }: AllowList): Uint8Array {
  return Buffer.from(TypedDataEncoder.hash(DOMAIN, TYPES, { list, issuedAt, expiresAt, accounts }).slice(2), "hex");
}

export async function signAllowList(list: AllowList, signer: DigestSigner): Promise<SignedAllowList> {
  return { ...list, signature: await signer.sign(allowListDigest(list)) };
}

const reader = new DocumentReader("passport/allow-list-malformed");

/** Reads a list and checks that `owner` (lower-case address) signed it. */
export function parseAllowList(value: unknown, owner: string): SignedAllowList {
  const document = reader.object(value, "list", ["format", "list", "issuedAt", "expiresAt", "accounts", "signature"]);
  const accounts = reader
    .array(document.accounts, "list.accounts")
    .map((account, index) => reader.string(account, `accounts[${index}]`, /^0x[0-9a-f]{40}$/));
  accounts.forEach((account, index) => {
    if (index > 0 && account <= (accounts[index - 1] ?? "")) reader.fail(`accounts[${index}]`, "does not ascend");
  });
  const list: SignedAllowList = {
    format: reader.literal(document.format, "list.format", ALLOW_LIST_FORMAT),
    list: reader.string(document.list, "list.list", /^[a-z0-9][a-z0-9-]{0,63}$/),
    issuedAt: reader.integer(document.issuedAt, "list.issuedAt"),
    expiresAt: reader.integer(document.expiresAt, "list.expiresAt"),
    accounts,
    signature: reader.string(document.signature, "list.signature", /^0x[0-9a-f]{130}$/),
  };
  if (recoverSigner(allowListDigest(list), list.signature) !== owner) {
    throw new DomainError("passport/allow-list-unsigned", `the list ${list.list} is not signed by ${owner}`);
  }
  return list;
}

/** The provider of one list. */
export function allowListed(list: SignedAllowList, cost: CostEstimate, fungible = false): StampProvider {
  const accounts = new Set(list.accounts);
  return {
    name: `AllowList#${list.list}`,
    title: `On the list ${list.list}`,
    evidence: `The account is on the signed list ${list.list}.`,
    group: "lists",
    cost,
    fungible,
    check({ account, now }) {
      const inForce = now >= list.issuedAt && now < list.expiresAt;
      if (!inForce) return Promise.resolve(notEligible("the list is not in force"));
      const listed = accounts.has(account.toLowerCase());
      return Promise.resolve(
        listed ? eligible(accountEvidence(account)) : notEligible("the account is not on the list"),
      );
    },
  };
}
