import { expect } from "chai";
import { id, Wallet } from "ethers";

import { PassportRegistryGateway } from "../../src/chain/passport-registry.js";
import { sendAll } from "../../src/chain/send-all.js";
import { sendCall } from "../../src/chain/send-call.js";
import { anchorFile, parseAnchorFile } from "../../src/passport/onchain/anchor-file.js";
import { ANCHOR_TYPES, anchorMessage, type Anchor } from "../../src/passport/onchain/anchor-typed-data.js";
import { parseProofFile } from "../../src/passport/onchain/proof-file.js";
import { buildScoreTree, proveScore } from "../../src/passport/onchain/score-tree.js";
import { toJson } from "../../src/shared/json.js";
import { PassportRegistry__factory } from "../../typechain-types/index.js";
import { eventually, type TestService } from "../support/claim-service.js";
import { accountOf, createClaimWorld, type ClaimWorld } from "../support/claim-world.js";
import { engines } from "../support/databases.js";
import { developmentWallet } from "../support/development-wallet.js";
import { fail } from "../support/problems.js";
import type { RpcChain } from "../support/rpc-chain.js";

const MINIMUM = 200_000;
const [HUMAN, OTHER_HUMAN, SYBIL, STRANGER] = [2, 3, 4, 5];

/** A registry with one anchored root, and a gate that asks its scorer. */
async function gateOf({ deployer, provider }: RpcChain) {
  const operator = new Wallet(id("touchstone test operator"));
  const registry = await new PassportRegistry__factory(deployer).deploy(await deployer.getAddress());
  await registry.waitForDeployment();
  const limits = { maxRootAge: 3, maxLifetime: 90 * 86_400, minRootInterval: 86_400 };
  await (await registry.createScorer(await deployer.getAddress(), operator.address, 0, limits)).wait();
  const gateway = new PassportRegistryGateway(await registry.getAddress(), provider);
  const issuedAt = BigInt((await provider.getBlock("latest"))?.timestamp ?? 0);
  const expiresAt = Number(issuedAt) + 30 * 86_400;
  const scores = new Map([
    [HUMAN, 273_500],
    [OTHER_HUMAN, MINIMUM],
    [SYBIL, MINIMUM - 1],
  ]);
  const entries = [...scores].map(([user, score]) => ({ account: accountOf(user), score, expiresAt }));
  const tree = buildScoreTree(1n, entries);
  const anchor: Anchor = {
    ...{ scorerId: 1n, number: 1, root: tree.root, issuedAt, threshold: MINIMUM, definition: id("rules") },
    ...{ count: BigInt(tree.count), uri: "ipfs://test", deadline: issuedAt + 3_600n },
  };
  const signature = await operator.signTypedData({ ...(await gateway.domain()) }, ANCHOR_TYPES, anchorMessage(anchor));
  const step = await gateway.anchor(parseAnchorFile(anchorFile({ anchor, signature })));
  if (!("call" in step)) throw new Error(step.done);
  await sendCall(deployer, step.call);
  const leaves = entries.map(({ account }) => proveScore(tree, account)!);
  await sendAll(deployer, await gateway.submit(parseProofFile(toJson({ scorerId: 1n, rootNumber: 1, leaves })), 100));
  return { gate: { registry: gateway.address, scorerId: "1", minimum: MINIMUM } };
}

for (const engine of engines.slice(-1)) {
  describe("a claim service whose distributor has a gate", () => {
    let world: ClaimWorld;
    let service: TestService;
    before(async () => {
      world = await createClaimWorld(engine, gateOf);
      service = await world.start();
    });
    after(() => world?.close());

    const ask = (userId: number, account: string) =>
      service.frontend.claim({ userId, account, delegatee: accountOf(HUMAN) });

    it("claims/gate-is-asked-first: refuses an account below it, names both scores, and binds nobody to it", async () => {
      const told = await fail(ask(1, accountOf(SYBIL)), "claims/below-gate");
      expect(told).to.include({ status: 403, score: MINIMUM - 1, minimum: MINIMUM });
      expect(told.detail).to.match(/asks for a score of 20\.0000; 0x\w+ has 19\.9999/);
      expect(await fail(ask(1, accountOf(STRANGER)), "claims/below-gate")).to.include({ score: 0 });
      expect(await service.operator.audit()).to.equal("");
      // The user may still claim to an account that comes through.
      expect((await ask(1, accountOf(HUMAN))).kind).to.equal("signed");
    });

    it("signs for a score at the minimum, and refuses the account's second claim", async () => {
      const { claim, signature, proof } = await ask(6, accountOf(OTHER_HUMAN));
      const { userId, amount, delegatee, deadline } = claim;
      const sender = developmentWallet(OTHER_HUMAN, world.chain.provider);
      const distributor = world.campaign.distributor.connect(sender);
      const sent = await distributor.claimSigned(userId, amount, delegatee, deadline, signature as string, proof);
      await sent.wait();
      await eventually(async () => (await service.frontend.state(6)).status === "confirmed");
      expect(await fail(ask(7, accountOf(OTHER_HUMAN)), "claims/gate-passed-before")).to.include({ status: 409 });
    });
  });
}
