// Whole transactions on the in-process chain, and where their gas goes. A transaction that fails costs what came before: with
// a quorum of one index too many it stops behind the lottery, with a false path behind the tree, and the same records
// without indices stop behind points and leaves.
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";

import { contractKey, contractParameters, encodeProof } from "../../../src/chain/stm-calldata.js";
import type { AggregateKey } from "../../../src/stm/aggregate-key.js";
import type { StmParameters } from "../../../src/stm/parameters.js";
import type { ConcatenationProof } from "../../../src/stm/proof.js";
import type { StmVerifier } from "../../../typechain-types/index.js";
import { type Floor, floorOf } from "./floor.js";

export interface Case {
  readonly name: string;
  readonly proof: ConcatenationProof;
  readonly message: Uint8Array;
  readonly key: AggregateKey;
  readonly parameters: StmParameters;
}

export interface Split {
  readonly calldata: number;
  readonly pointsAndLeaves: number;
  readonly lottery: number;
  readonly merkle: number;
  readonly bls: number;
}

export interface Measured {
  readonly total: number;
  readonly calldataBytes: number;
  readonly split: Split;
  readonly floor: Floor;
}

const INTRINSIC = 21_000;
const GAS_LIMIT = 2 ** 24; // osaka's cap for one transaction

const calldataGas = (data: string): number =>
  Buffer.from(data.slice(2), "hex").reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 0);

export async function measure(ethers: HardhatEthers, verifier: StmVerifier, subject: Case): Promise<Measured> {
  const { proof, message, key, parameters } = subject;
  const [sender] = await ethers.getSigners();
  if (sender === undefined) throw new Error("the chain has no account");
  const to = await verifier.getAddress();

  async function send(
    changed: Partial<Case>,
    succeeds: boolean,
  ): Promise<{ hash: string; execution: number; gas: number; data: string }> {
    const sent = { ...subject, ...changed };
    const data = verifier.interface.encodeFunctionData("verify", [
      contractKey(sent.key),
      contractParameters(sent.parameters),
      sent.message,
      encodeProof(sent.proof),
    ]);
    const hash = (await ethers.provider.send("eth_sendTransaction", [
      { from: sender?.address, to, data, gas: `0x${GAS_LIMIT.toString(16)}` },
    ])) as string;
    const receipt = await ethers.provider.getTransactionReceipt(hash);
    if (receipt === null) throw new Error("a transaction was not mined");
    if ((receipt.status === 1) !== succeeds) throw new Error(`${subject.name}: the verdict is not the expected one`);
    const gas = Number(receipt.gasUsed);
    return { hash, gas, execution: gas - INTRINSIC - calldataGas(data), data };
  }

  /** Of a short transaction, whose calldata alone may set its price (EIP-7623): from the first step's gas to the last one's. */
  async function traced({ hash }: { readonly hash: string }): Promise<number> {
    const options = { disableMemory: true, disableStack: true, disableStorage: true };
    const { structLogs } = (await ethers.provider.send("debug_traceTransaction", [hash, options])) as {
      structLogs: readonly { readonly gas: number | string }[];
    };
    return Number(structLogs.at(0)?.gas) - Number(structLogs.at(-1)?.gas);
  }

  const count = proof.signatures.reduce((sum, { signature }) => sum + signature.indexes.length, 0);
  const unreachable = {
    ...parameters,
    k: BigInt(count + 1),
    m: parameters.m > count ? parameters.m : BigInt(count + 1),
  };
  const whole = await send({}, true);
  const behindLottery = await send({ parameters: unreachable }, false);
  const withoutIndices = proof.signatures.map((entry) => ({
    ...entry,
    signature: { ...entry.signature, indexes: [] },
  }));
  const pointsAndLeaves = await traced(
    await send({ proof: { ...proof, signatures: withoutIndices }, parameters: unreachable }, false),
  );
  const falsePath = proof.path.values.map((value, i) => (i === 0 ? value.map((byte) => byte ^ 1) : value));
  // A path without values has no bit to change; one value too many fails at the same place.
  const values = falsePath.length > 0 ? falsePath : [new Uint8Array(32)];
  const behindTree = await send({ proof: { ...proof, path: { ...proof.path, values } } }, false);
  return {
    total: whole.gas,
    calldataBytes: (whole.data.length - 2) / 2,
    split: {
      calldata: calldataGas(whole.data),
      pointsAndLeaves,
      lottery: behindLottery.execution - pointsAndLeaves,
      merkle: behindTree.execution - behindLottery.execution,
      bls: whole.execution - behindTree.execution,
    },
    floor: floorOf(proof, key.leaves, message.length),
  };
}
