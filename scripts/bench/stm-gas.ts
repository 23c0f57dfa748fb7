// What verifying a multisignature costs on-chain, and how near that is to the price of its bytes and precompiles. Run with the
// production profile: `npm run bench:stm-gas`.
import { mkdir, writeFile } from "node:fs/promises";

import { network } from "hardhat";

import { StmVerifier__factory } from "../../typechain-types/index.js";
import { realCase, syntheticCase } from "./stm-gas/cases.js";
import { type Case, measure } from "./stm-gas/measure.js";

const COMMAND = "npm run bench:stm-gas";
const OUTPUT = "docs/benchmarks/stm-gas.json";
const DEFAULTS = { k: 619n, m: 4994n, phiF: 0.2 };
const MAINNET = { k: 1944n, m: 16_948n, phiF: 0.2 };
const EARLIER_MAINNET = { k: 2422n, m: 20_973n, phiF: 0.2 };

interface Row {
  readonly make: () => Case | undefined;
  /** The first prototype, whole transaction; its figures are quoted, not measured here. */
  readonly prototype: number;
  readonly goal: number | null;
}

const real = (name: string, file: string, signers: number, prototype: number, goal: number | null = null): Row => ({
  make: () => realCase(name, file, signers),
  prototype,
  goal,
});
const synthetic = (
  leaves: number,
  parameters: typeof DEFAULTS,
  prototype: number,
  goal: number | null = null,
  spread = 11,
): Row => {
  const name = `${leaves} leaves, k ${parameters.k}, m ${parameters.m}, φ ${parameters.phiF}`;
  return { make: () => syntheticCase(name, leaves, parameters, spread), prototype, goal };
};

const ROWS: readonly Row[] = [
  real("real devnet, one signer", "devnet_2026_certificates.json", 1, 219_000),
  real("real devnet, two signers", "devnet_2026_certificates.json", 2, 316_000),
  real("real preview network, full parameters", "preview_real_2024_full_params.json", 2, 2_390_000, 1_600_000),
  synthetic(12, { k: 182n, m: 1365n, phiF: 0.2 }, 561_000),
  synthetic(12, DEFAULTS, 867_000),
  synthetic(30, { k: 195n, m: 306n, phiF: 0.8 }, 939_000, null, 2),
  synthetic(30, DEFAULTS, 1_040_000, 900_000),
  synthetic(30, MAINNET, 2_030_000),
  synthetic(64, { k: 440n, m: 661n, phiF: 0.8 }, 1_580_000),
  synthetic(64, DEFAULTS, 1_510_000),
  synthetic(64, MAINNET, 2_340_000),
  synthetic(300, MAINNET, 4_800_000),
  synthetic(300, EARLIER_MAINNET, 5_070_000),
];

const { ethers } = await network.create({
  override: { allowUnlimitedContractSize: false, throwOnTransactionFailures: false },
});
const [deployer] = await ethers.getSigners();
if (deployer === undefined) throw new Error("the chain has no account");
const verifier = await new StmVerifier__factory(deployer).deploy();
const runtimeBytes = ((await ethers.provider.getCode(verifier)).length - 2) / 2;

const lines = [];
for (const { make, prototype, goal } of ROWS) {
  const subject = make();
  if (subject === undefined) continue; // real data that is not here
  const { total, calldataBytes, split, floor } = await measure(ethers, verifier, subject);
  const { signatures } = subject.proof;
  const least = 21_000 + split.calldata + floor.pointsAndLeaves + floor.lottery + floor.merkle + floor.bls;
  lines.push({
    case: subject.name,
    leaves: subject.key.leaves,
    signers: signatures.length,
    indices: signatures.reduce((sum, { signature }) => sum + signature.indexes.length, 0),
    calldataBytes,
    gas: total,
    prototype,
    goal,
    least,
    split,
    floor,
  });
}

console.log(`Whole transactions; the contract has ${runtimeBytes} bytes\n`);
console.table(lines.map(({ split: _split, floor: _floor, ...line }) => line));
console.log("\nWhere it goes, each beside its floor (calldata is its own)\n");
console.table(
  lines.map(({ case: name, split, floor }) => ({
    case: name,
    calldata: split.calldata,
    "points, leaves": `${split.pointsAndLeaves} / ${floor.pointsAndLeaves}`,
    lottery: `${split.lottery} / ${floor.lottery}`,
    Merkle: `${split.merkle} / ${floor.merkle}`,
    BLS: `${split.bls} / ${floor.bls}`,
  })),
);
await mkdir("docs/benchmarks", { recursive: true });
const report = { format: "touchstone-stm-gas-v1", command: COMMAND, runtimeBytes, lines };
await writeFile(OUTPUT, `${JSON.stringify(report, null, 2)}\n`);
console.log(`Written to ${OUTPUT}`);
