import { expect } from "chai";

import { parseAllowList, allowListed, signAllowList } from "../../../../src/passport/providers/allow-list.js";
import {
  accountAge,
  gasSpent,
  nativeBalance,
  tokenBalance,
  transactionCount,
  votesCast,
} from "../../../../src/passport/providers/chain-activity.js";
import { ensPrimaryName, tokenOfCollection } from "../../../../src/passport/providers/possessions.js";
import { eligible, type StampProvider } from "../../../../src/passport/providers/provider.js";
import { collectStamps, ProviderRegistry } from "../../../../src/passport/providers/registry.js";
import { sybilAnalysis } from "../../../../src/passport/providers/sybil-analysis.js";
import { memorySigner } from "../../../../src/passport/signature.js";
import { verifyStamp } from "../../../../src/passport/verify.js";
import { alterations } from "../../../support/passport/alterations.js";
import { fakeChain } from "../../../support/passport/fake-chain.js";
import { accountOf, ALICE, bytesOf, context, noBans, NOW, testIssuer } from "../../../support/passport/stamps.js";

const cost = { label: "free", cents: 0, needs: [] } as const;
const request = { account: ALICE, now: NOW, proofs: {} };
const answer = async (provider: StampProvider) => (await provider.check(request)).status;
const DAY = 86_400;

describe("on-chain providers", () => {
  it("grant from their minimum on and not below it", async () => {
    const chain = fakeChain();
    const at = [99, 100, 101];
    const expected = ["eligible", "eligible", "not_eligible"];
    const check = (make: (minimum: number) => StampProvider) => Promise.all(at.map((minimum) => answer(make(minimum))));
    const named = { name: "Any", cost };
    expect(await check((n) => nativeBalance(chain, { ...named, minimum: BigInt(n) }))).to.deep.equal(expected);
    expect(await check((n) => tokenBalance(chain, { ...named, token: ALICE, minimum: BigInt(n) }))).to.deep.equal(
      expected,
    );
    expect(await check((n) => transactionCount(chain, { ...named, minimum: n }))).to.deep.equal(expected);
    expect(await check((n) => gasSpent(chain, { ...named, minimum: BigInt(n) }))).to.deep.equal(expected);
    expect(await check((n) => votesCast(chain, { ...named, governor: ALICE, minimum: n }))).to.deep.equal(expected);
    const old = fakeChain({ firstTransactionAt: () => Promise.resolve(NOW - 100 * DAY) });
    expect(await check((n) => accountAge(old, { ...named, minimum: n }))).to.deep.equal(expected);
    expect(await answer(accountAge(fakeChain(), { ...named, minimum: 0 }))).to.equal("not_eligible");
  });

  it("stamp/possession-moves-with-the-thing: a token handed on gives the nullifier that it gave before", async () => {
    const chain = fakeChain({
      ownedTokens: () => Promise.resolve([9n, 7n, 8n]),
      primaryName: () => Promise.resolve("Name.eth"),
    });
    const token = tokenOfCollection(chain, { name: "Badge", cost, collection: ALICE, title: "Badge", fungible: false });
    const ens = ensPrimaryName(chain, { name: "Ens", cost });
    const registry = new ProviderRegistry([token, ens]);
    const collect = async (account: string) =>
      (await collectStamps(registry, ["Badge", "Ens"], { ...request, account }, testIssuer(), noBans)).map((result) =>
        result.status === "issued" ? result.credential.credentialSubject.nullifiers : result.status,
      );
    expect(await collect(ALICE)).to.deep.equal(await collect(accountOf("bob")));
    expect(new Set((await collect(ALICE)).flat()).size).to.equal(2);
    const shuffled = fakeChain({ ownedTokens: () => Promise.resolve([8n, 9n, 7n]) });
    const options = { name: "Badge", cost, collection: ALICE, title: "Badge", fungible: false };
    expect(await tokenOfCollection(shuffled, options).check(request)).to.deep.equal(await token.check(request));
    const none = tokenOfCollection(fakeChain(), {
      name: "Badge",
      cost,
      collection: ALICE,
      title: "Badge",
      fungible: false,
    });
    expect(await answer(none)).to.equal("not_eligible");
    expect(await answer(ensPrimaryName(fakeChain(), { name: "Ens", cost }))).to.equal("not_eligible");
  });
});

describe("collectStamps", () => {
  const own: StampProvider = {
    name: "Choir#member",
    title: "Choir",
    evidence: "Sings in the choir.",
    group: "music",
    cost,
    fungible: false,
    lifetime: 30 * DAY,
    check: () => Promise.resolve(eligible({ voice: "alto 17" })),
  };

  it("stamp/providers-are-passed-in: a community's own provider issues a stamp that verifies", async () => {
    const [result] = await collectStamps(new ProviderRegistry([own]), [own.name], request, testIssuer(), noBans);
    if (result?.status !== "issued") throw new Error(result?.status);
    const verified = verifyStamp(result.credential, ALICE, context());
    expect(verified.status === "valid" && verified.stamp.expiresAt).to.equal(NOW + 30 * DAY);
    expect(JSON.stringify(result)).to.not.include("alto");
  });

  it("answers for each provider by itself", async () => {
    const down: StampProvider = { ...own, name: "Down", check: () => Promise.reject(new Error("no route")) };
    const no: StampProvider = {
      ...own,
      name: "No",
      check: () => Promise.resolve({ status: "not_eligible", reason: "too few" }),
    };
    const registry = new ProviderRegistry([own, down, no]);
    const results = await collectStamps(
      registry,
      ["Down", "No", "Nowhere", own.name, own.name],
      request,
      testIssuer(),
      noBans,
    );
    expect(results.map(({ status }) => status)).to.deep.equal(["failed", "not_eligible", "unknown_provider", "issued"]);
  });

  it("refuses two providers of one name and names that no credential can carry", () => {
    for (const names of [["A", "A"], [""], [" A"], ['"A"'], ["ä"]]) {
      expect(() => new ProviderRegistry(names.map((name) => ({ ...own, name }))))
        .to.throw()
        .with.property("code", "passport/provider");
    }
  });
});

describe("allow-lists", () => {
  const signer = memorySigner(bytesOf("guild"));
  const accounts = [ALICE, accountOf("bob")].map((account) => account.toLowerCase()).sort();
  const format = "touchstone-allow-list-v1" as const;
  const sign = (changes: object = {}) =>
    signAllowList({ format, list: "guild", issuedAt: NOW, expiresAt: NOW + DAY, accounts, ...changes }, signer);

  it("grant those who are on the list while it is in force", async () => {
    const provider = allowListed(parseAllowList(await sign(), signer.address), cost);
    const check = async (account: string, now: number) => (await provider.check({ ...request, account, now })).status;
    expect(provider.name).to.equal("AllowList#guild");
    expect(await check(ALICE, NOW)).to.equal("eligible");
    expect(await check(accountOf("carol"), NOW)).to.equal("not_eligible");
    expect(await check(ALICE, NOW - 1)).to.equal("not_eligible");
    expect(await check(ALICE, NOW + DAY)).to.equal("not_eligible");
  });

  it("stamp/allow-lists-are-signed: every altered list is refused, and one signed by somebody else", async () => {
    const list = await sign();
    for (const { what, copy } of alterations(JSON.parse(JSON.stringify(list)))) {
      expect(() => parseAllowList(copy, signer.address), what).to.throw();
    }
    expect(() => parseAllowList(list, ALICE.toLowerCase()))
      .to.throw()
      .with.property("code", "passport/allow-list-unsigned");
    const unsorted = await sign({ accounts: [...accounts].reverse() });
    expect(() => parseAllowList(unsorted, signer.address))
      .to.throw()
      .with.property("code", "passport/allow-list-malformed");
  });
});

describe("Sybil-analysis stamp", () => {
  it("is granted below the cut, and not to the flagged, the unseen or the undecided", async () => {
    const check = (result: { probability: number | undefined; flagged: boolean } | null) =>
      answer(sybilAnalysis({ result: () => Promise.resolve(result) }, "gr15"));
    expect(await check({ probability: 0, flagged: false })).to.equal("eligible");
    expect(await check({ probability: 0.4999, flagged: false })).to.equal("eligible");
    expect(await check({ probability: 0.5, flagged: false })).to.equal("not_eligible");
    // A rule settled it, whatever a model would have said.
    expect(await check({ probability: 0.1, flagged: true })).to.equal("not_eligible");
    expect(await check({ probability: undefined, flagged: false })).to.equal("not_eligible");
    expect(await check(null)).to.equal("not_eligible");
  });
});
