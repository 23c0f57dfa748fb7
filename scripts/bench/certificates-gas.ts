// What certification costs on-chain: receipts of real transactions on an in-process chain, calldata and 21,000 included. Run
// with the production profile: `npm run bench:certificates-gas`.
import { writeFile } from "node:fs/promises";

import { id, toBeHex, Wallet, type ContractTransactionReceipt } from "ethers";
import { network } from "hardhat";

import { CertificateRegistryGateway, registryParameters } from "../../src/chain/certificate-registry.js";
import { registrationOf } from "../../src/chain/key-registration.js";
import { sealEpoch } from "../../src/chain/seal-epoch.js";
import { encodeProof } from "../../src/chain/stm-calldata.js";
import { sendCall } from "../../src/chain/send-call.js";
import { aggregate } from "../../src/stm/aggregate.js";
import { SigningKey, VerificationKey } from "../../src/stm/keys.js";
import { closeRegistration } from "../../src/stm/registration.js";
import { sign } from "../../src/stm/sign.js";
import { keccak } from "../../src/shared/keccak.js";
import {
  CertificateRegistry__factory,
  GovernanceToken__factory,
  StmVerifier__factory,
} from "../../typechain-types/index.js";

const OUTPUT = "docs/benchmarks/certificates-gas.json";
const TOKEN = 10n ** 18n;
const EPOCH = 1_000_000n;
const CAP = 16_777_216;
const STM = { k: 619n, m: 4994n, phiF: 0.2 };
const STEWARDS = 300;
/** How many of them sign in the certificate that is measured. */
const SIGNERS = 30;
/** Votes of a busy delegate: so many checkpoints in the epoch, so that the samples have to be searched for. */
const CHECKPOINTS = 12;

const { ethers, networkHelpers } = await network.create({ override: { allowUnlimitedContractSize: false } });
const { provider } = ethers;
const { time } = networkHelpers;
const [deployer] = await ethers.getSigners();
if (!deployer) throw new Error("the chain has no account");

/** Larger stewards first; the first `SIGNERS` hold what thirty leaves would. */
const votesOf = (index: number) => (index < SIGNERS ? 10_000n + 997n * BigInt(index) : 100n + BigInt(index)) * TOKEN;
const stewards = Array.from({ length: STEWARDS }, (_, i) => new Wallet(id(`touchstone bench steward ${i}`), provider));
const keyOf = (steward: string, epoch: bigint) => SigningKey.fromKeyMaterial(keccak(`${steward} ${epoch}`));

async function deploy(count: number) {
  const members = stewards.slice(0, count);
  const now = await time.latest();
  const nobody = "0x000000000000000000000000000000000000dEaD";
  const holders = members.map(({ address }, index) => ({ account: address, amount: votesOf(index) }));
  const token = await new GovernanceToken__factory(deployer!).deploy(
    ...(["Touchstone", "TST", deployer!.address, now + 400 * 86_400, nobody, holders] as const),
    { gasLimit: CAP },
  );
  for (const steward of members) {
    await provider.send("hardhat_setBalance", [steward.address, toBeHex(10n ** 21n)]);
    await token.connect(steward).delegate(steward.address);
  }
  const verifier = await new StmVerifier__factory(deployer!).deploy();
  const genesis = BigInt(await time.latest()) + 10_000n;
  const registry = await new CertificateRegistry__factory(deployer!).deploy({
    ...{ token, timelock: deployer!, verifier, genesis, epochLength: EPOCH, firstAnchorUntil: 9 },
    parameters: registryParameters({ stm: STM, minimumStake: 1n, minimumShare: 3000 }),
  });
  await time.increaseTo(genesis + 1n);
  const gateway = new CertificateRegistryGateway(await registry.getAddress(), provider, 0);
  return { members, token, verifier, registry, gateway, genesis };
}

type Deployed = Awaited<ReturnType<typeof deploy>>;

async function registerAll({ members, gateway }: Deployed, epoch: bigint) {
  const gas: bigint[] = [];
  for (const steward of members) {
    const context = await gateway.bindingContext(epoch, steward.address);
    const registration = registrationOf(keyOf(steward.address, epoch), context);
    const step = await gateway.register(epoch, steward.address, registration);
    if (!("call" in step)) throw new Error(step.done);
    gas.push((await sendCall(steward, step.call)).gasUsed);
  }
  return gas;
}

/** Every steward's votes change throughout the epoch, by transfers of one wei to the next one. */
async function churn({ members, token }: Deployed, rounds: number) {
  for (let round = 0; round < rounds; round++) {
    await time.increase(EPOCH / BigInt(rounds + 4));
    await Promise.all(
      members.map((steward, i) => token.connect(steward).transfer(members[(i + 1) % members.length]!, 1n)),
    );
  }
}

const gasOf = (receipt: ContractTransactionReceipt | null) => {
  if (receipt?.status !== 1) throw new Error("a measured transaction failed");
  return Number(receipt.gasUsed);
};
const sum = (values: readonly bigint[]) => Number(values.reduce((total, each) => total + each, 0n));

async function sealed(count: number, rounds: number) {
  const made = await deploy(count);
  const registrations = await registerAll(made, 1n);
  await churn(made, rounds);
  await time.increaseTo(made.genesis + EPOCH + 1n);
  const { sent } = await sealEpoch(made.gateway, 1n, deployer!, count);
  return { made, registrations, gas: sent.map(({ gasUsed }) => gasUsed) };
}

/** A certificate of `SIGNERS` leaves: the whole transaction, and the verifier's part as a transaction of its own. */
async function certified() {
  const { made, registrations } = await sealed(SIGNERS, 0);
  const { gateway, registry, verifier } = made;
  await registerAll(made, 2n);
  await time.increaseTo(made.genesis + 2n * EPOCH + 1n);
  await sealEpoch(gateway, 2n, deployer!);
  const parties = (await gateway.registrants(1n)).map(({ verificationKey, stake }) => ({
    verificationKey: VerificationKey.parse(verificationKey),
    stake,
  }));
  const closed = closeRegistration(parties);
  const certificate = (block: bigint) => ({
    epoch: 3n,
    scoresRoot: id(`scores ${block}`),
    snapshotDigest: id(`digest ${block}`),
    snapshotBlock: block,
    stakeDistributionRoot: id("distribution"),
  });
  const measure = async (block: bigint) => {
    const message = ethers.getBytes(await registry.messageOf(certificate(block)));
    const signatures = made.members.flatMap(({ address }) => sign(keyOf(address, 1n), message, closed, STM) ?? []);
    const proof = encodeProof(aggregate(signatures, message, closed, STM, "gas"));
    const [, key] = await registry.sealOf(1n);
    const { k, m, c120 } = registryParameters({ stm: STM, minimumStake: 1n, minimumShare: 1 });
    const verifyData = verifier.interface.encodeFunctionData("verify", [
      { root: key.root, leaves: key.leaves, totalStake: key.totalStake },
      { k, m, c120 },
      message,
      proof,
    ]);
    const verify = await (await deployer!.sendTransaction({ to: verifier, data: verifyData })).wait();
    const certify = await (await registry.certify(certificate(block), proof)).wait();
    return { verify: Number(verify!.gasUsed), certify: gasOf(certify) };
  };
  return { registrations, first: await measure(100n), further: await measure(200n) };
}

interface Row {
  readonly action: string;
  readonly gas: number;
  readonly goal: number | null;
  readonly met: boolean | null;
}
const row = (action: string, gas: number, goal: number | null = null): Row => ({
  ...{ action, gas, goal },
  met: goal === null ? null : gas <= goal,
});

const { registrations, first, further } = await certified();
const quiet = await sealed(STEWARDS, 0);
const busy = await sealed(STEWARDS, CHECKPOINTS);
const rows = [
  row("register, an epoch's first", Number(registrations[0])),
  row("register, mean of the others", Math.round(sum(registrations.slice(1)) / (registrations.length - 1))),
  row(`seal, ${STEWARDS} stewards, quiet votes, one transaction`, sum(quiet.gas), CAP),
  row(`seal, ${STEWARDS} stewards, ${2 * CHECKPOINTS} changes of votes each, one transaction`, sum(busy.gas), CAP),
  row(`verifier alone, ${SIGNERS} leaves, k ${STM.k} m ${STM.m}`, first.verify),
  row("certify, an epoch's first with a snapshot", first.certify),
  row("of it, the registry's", first.certify - first.verify, 150_000),
  row("certify, a later snapshot of the epoch", further.certify),
  row("of it, the registry's", further.certify - further.verify, 150_000),
];
if (quiet.gas.length !== 1 || busy.gas.length !== 1) throw new Error("a seal took more than one transaction");
console.table(rows);
const report = { format: "touchstone-certificates-gas-v1", command: "npm run bench:certificates-gas", rows };
await writeFile(OUTPUT, `${JSON.stringify(report, null, 2)}\n`);
console.log(`Written to ${OUTPUT}`);
