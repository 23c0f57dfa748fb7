import { rename } from "node:fs/promises";
import path from "node:path";

import { config } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { parseEther, Wallet, type HDNodeWallet, type Provider } from "ethers";

import Protocol, { protocolParameters } from "../../deploy/modules/Protocol.js";
import { parseParameters } from "../../src/chain/deployment/parameters.js";
import { planDeployment } from "../../src/chain/deployment/plan.js";
import { claimDomain } from "../../src/claims/typed-data.js";
import { buildAllocations } from "../../src/merkle/build-allocations.js";
import { DEFAULT_LIST_OPTIONS } from "../../src/merkle/list/options.js";
import { openAllocations } from "../../src/merkle/open-allocations.js";
import {
  GovernanceToken__factory,
  Timelock__factory,
  TokenDistributor__factory,
  TokenGovernor__factory,
  TreasuryVester__factory,
} from "../../typechain-types/index.js";
import { gas, tokens, type Narrator } from "./narrator.js";
import { personOf } from "./people.js";
import type { DemoChain, Round } from "./round.js";

type Connection = NetworkConnection<"generic"> | NetworkConnection<"l1">;

/** The example's parameters: real structure, hours instead of weeks, and a quorum that twenty claimants can reach. */
const PARAMETERS = (signer: string, guardian: string) => ({
  format: "touchstone-parameters-v1",
  token: { name: "Example", symbol: "EXM", supply: "10000000", mintingAllowedAfter: { afterDeployment: 31_536_000 } },
  allocation: { vester: "4000000", treasury: "rest" },
  distribution: { start: { afterDeployment: 3_600 }, duration: 2_592_000, signer, signerKind: "key", guardian },
  governor: {
    name: "Example Governor",
    votingDelay: 3_600,
    votingPeriod: 86_400,
    proposalThreshold: "1000",
    quorumPermille: 3,
    voteExtension: 3_600,
  },
  timelock: { delay: 172_800 },
  vesting: { start: { afterDeployment: 0 }, duration: 63_072_000, cliff: 15_768_000 },
});

export function demoChain({ provider: rpc, ethers }: Connection): DemoChain {
  const provider: Provider = ethers.provider;
  const send = (method: string, params: unknown[]) => rpc.request({ method, params });
  return {
    provider,
    send,
    async pass(seconds) {
      if (seconds <= 0) return;
      await send("evm_increaseTime", [seconds]);
      await send("evm_mine", []);
    },
    async now() {
      const block = await provider.getBlock("latest");
      if (block === null) throw new Error("a chain has a newest block");
      return block.timestamp;
    },
  };
}

/** Builds the example list's tree. */
export async function buildExampleList(narrator: Narrator, directory: string) {
  const list = path.resolve(import.meta.dirname, "../../examples/round/list.csv");
  const out = path.join(directory, "list");
  const started = performance.now();
  const { manifest } = await buildAllocations({
    list,
    out,
    options: DEFAULT_LIST_OPTIONS,
    format: "standard-v1",
    exclude: [],
    dump: false,
    shards: null,
  });
  const took = `${(performance.now() - started).toFixed(0)} ms`;
  narrator.step(
    "deployer",
    `builds the tree of ${manifest.count} people, ${tokens(BigInt(manifest.total))} tokens`,
    took,
  );
  narrator.step("", "root", manifest.root);
  narrator.step("", "list's SHA-256", manifest.listHash);
  return { out, manifest, book: await openAllocations(out) };
}

/** Deploys everything and returns the cast on stage. */
export async function setStage(
  narrator: Narrator,
  connection: Connection,
  artefacts: string,
  { manifest, book }: Awaited<ReturnType<typeof buildExampleList>>,
): Promise<Round> {
  const { ethers, ignition } = connection;
  const chain = demoChain(connection);
  const [deployer, relayer, guardian, ...others] = await ethers.getSigners();
  if (deployer === undefined || relayer === undefined || guardian === undefined || others.length < 5) {
    throw new Error("the walk-through needs a development chain with at least eight accounts");
  }
  const claimSigner = Wallet.createRandom(chain.provider);
  const parameters = parseParameters(JSON.stringify(PARAMETERS(claimSigner.address, guardian.address)));
  const total = BigInt(manifest.total);
  const context = { now: await chain.now(), deployer: deployer.address };
  const plan = planDeployment(parameters, { ...manifest, total }, context);

  const firstBlock = await chain.provider.getBlockNumber();
  // Ignition keeps a journal of every deployment; this one's belongs to the walk-through's artefacts.
  const deploymentId = path.basename(artefacts);
  const journal = path.join(config.paths.ignition, "deployments", deploymentId);
  const contracts = await ignition
    .deploy(Protocol, { parameters: protocolParameters(plan), defaultSender: deployer.address, deploymentId })
    .finally(() => rename(journal, path.join(artefacts, "deployment")));
  const at = async (name: keyof typeof contracts) => await contracts[name].getAddress();
  const distributor = TokenDistributor__factory.connect(await at("distributor"), deployer);
  const round: Round = {
    narrator,
    chain,
    book,
    domain: claimDomain((await chain.provider.getNetwork()).chainId, await at("distributor")),
    token: GovernanceToken__factory.connect(await at("token"), deployer),
    distributor,
    governor: TokenGovernor__factory.connect(await at("governor"), deployer),
    timelock: Timelock__factory.connect(await at("timelock"), deployer),
    vester: TreasuryVester__factory.connect(await at("vester"), deployer),
    deployer,
    relayer,
    stewards: ["Ada", "Grace", "Barbara", "Frances", "Radia"].map((name, index) => {
      const signer = others[index];
      if (signer === undefined) throw new Error("five more accounts were counted");
      return { name, signer, address: signer.address };
    }),
    claimSigner,
    person: (userId) => fundedPerson(userId, deployer, chain.provider),
  };
  await tellDeployment(round, firstBlock);
  return round;
}

async function fundedPerson(
  userId: number,
  deployer: Awaited<ReturnType<Connection["ethers"]["getSigners"]>>[number],
  provider: Provider,
): Promise<HDNodeWallet> {
  const person = personOf(userId).connect(provider);
  if ((await provider.getBalance(person)) === 0n) {
    await (await deployer.sendTransaction({ to: person.address, value: parseEther("0.1") })).wait();
  }
  return person;
}

async function tellDeployment(round: Round, firstBlock: number): Promise<void> {
  const { narrator, chain, token, distributor, timelock, governor, vester } = round;
  let used = 0n;
  const last = await chain.provider.getBlockNumber();
  for (let block = firstBlock + 1; block <= last; block += 1) {
    used += (await chain.provider.getBlock(block))?.gasUsed ?? 0n;
  }
  narrator.step("deployer", `deploys everything in ${last - firstBlock} blocks`, gas(used));
  for (const [name, contract] of Object.entries({ token, distributor, timelock, governor, vester })) {
    const address = await contract.getAddress();
    narrator.step("", `${name} holds ${tokens(await token.balanceOf(address))}`, address);
  }
  const kept = await token.balanceOf(round.deployer);
  const admin = await timelock.hasRole(await timelock.DEFAULT_ADMIN_ROLE(), round.deployer);
  const owner = await distributor.owner();
  if (kept !== 0n || admin || owner !== (await timelock.getAddress())) throw new Error("the deployer kept something");
  narrator.step("deployer", "holds no token, no role, owns nothing", "checked");
}
