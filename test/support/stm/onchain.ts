import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import { hexlify, isHexString } from "ethers";

import { contractKey, contractParameters, decodeProof } from "../../../src/chain/stm-calldata.js";
import type { AggregateKey } from "../../../src/stm/aggregate-key.js";
import { bigEndian, concat, fromBigEndian } from "../../../src/stm/bytes.js";
import { affineG1, affineG2, FIELD_PRIME } from "../../../src/stm/curve/group.js";
import { StmError } from "../../../src/stm/errors.js";
import type { StmParameters } from "../../../src/stm/parameters.js";
import type { ConcatenationProof } from "../../../src/stm/proof.js";
import { signaturePoint } from "../../../src/stm/signature-point.js";
import { verifyProof } from "../../../src/stm/verify.js";
import { type StmVerifier, StmVerifier__factory } from "../../../typechain-types/index.js";

/** What a proof is offered as evidence for. */
export interface Statement {
  readonly message: Uint8Array;
  readonly key: AggregateKey;
  readonly parameters: StmParameters;
}

/** One signer of a proof, its points as coordinates of any kind, sound or not. */
export interface RawSigner {
  readonly sigma: readonly [x: bigint, y: bigint];
  readonly key: readonly [x0: bigint, x1: bigint, y0: bigint, y1: bigint];
  readonly stake: bigint;
  readonly indexes: readonly number[];
  readonly leaf: number;
}

export interface RawProof {
  readonly signers: readonly RawSigner[];
  readonly values: readonly Uint8Array[];
}

const integer = (value: bigint | number, length: number) => bigEndian(BigInt(value), length);

/** The layout of the contract's calldata, written down a second time: whatever it holds. */
export function encodeRaw({ signers, values }: RawProof): Uint8Array {
  return concat(
    integer(signers.length, 2),
    ...signers.map(({ sigma, key, stake, indexes, leaf }) =>
      concat(
        ...[...sigma, ...key].map((coordinate) => integer(coordinate, 48)),
        integer(stake, 8),
        integer(indexes.length, 2),
        integer(leaf, 4),
      ),
    ),
    ...signers.flatMap(({ indexes }) => indexes.map((index) => integer(index, 2))),
    ...values,
  );
}

export function toRaw({ signatures, path }: ConcatenationProof): RawProof {
  return {
    signers: signatures.map(({ signature, party }) => {
      const { x, y } = affineG1(signaturePoint(signature.sigma));
      const key = affineG2(party.verificationKey.point);
      return {
        sigma: [x, y],
        key: [...key.x, ...key.y],
        stake: party.stake,
        indexes: signature.indexes,
        leaf: signature.signerIndex,
      };
    }),
    values: path.values,
  };
}

const flags = (y: bigint) => 0x80 | (y > (FIELD_PRIME - 1n) / 2n ? 0x20 : 0);

/** The compressed form of coordinates that need not be a point. */
export function compressRaw(x: readonly bigint[], y: readonly bigint[]): Uint8Array {
  const bytes = concat(...x.map((part) => integer(part, 48)));
  bytes[0] = (bytes[0] ?? 0) | flags(y.find((part) => part !== 0n) ?? 0n);
  return bytes;
}

/** Coordinates of a point as the precompiles' vectors have them, 64 bytes each. */
export const coordinates = (hex: string): bigint[] =>
  (hex.replace(/^0x/, "").match(/.{128}/g) ?? []).map((word) => fromBigEndian(Buffer.from(word, "hex")));

/** How the library judges calldata: its error's code, or nothing when it accepts. */
export function libraryVerdict(calldata: Uint8Array, { message, key, parameters }: Statement): string | undefined {
  try {
    verifyProof(decodeProof(calldata), message, key, parameters);
    return undefined;
  } catch (error) {
    if (error instanceof StmError) return error.code;
    throw error;
  }
}

export class VerifierOnChain {
  readonly contract: StmVerifier;
  readonly #ethers: HardhatEthers;

  private constructor(ethers: HardhatEthers, contract: StmVerifier) {
    this.#ethers = ethers;
    this.contract = contract;
  }

  static async deploy(ethers: HardhatEthers): Promise<VerifierOnChain> {
    const [deployer] = await ethers.getSigners();
    if (deployer === undefined) throw new Error("the chain has no account");
    return new VerifierOnChain(ethers, await new StmVerifier__factory(deployer).deploy());
  }

  /** How the contract judges it: its error's name and arguments, or nothing when it accepts. */
  async verdict(calldata: Uint8Array, { message, key, parameters }: Statement): Promise<string | undefined> {
    const data = this.contract.interface.encodeFunctionData("verify", [
      contractKey(key),
      contractParameters(parameters),
      message,
      calldata,
    ]);
    const to = await this.contract.getAddress();
    try {
      await this.#ethers.provider.send("eth_call", [{ to, data, gas: "0xf00000" }, "latest"]);
      return undefined;
    } catch (error) {
      const reason = this.contract.interface.parseError(revertData(error));
      if (reason === null) throw error;
      return `${reason.name}(${reason.args.map(String).join(", ")})`;
    }
  }

  /** Gas of the whole transaction, when it is sent. */
  async gas(calldata: Uint8Array, { message, key, parameters }: Statement): Promise<number> {
    const [sender] = await this.#ethers.getSigners();
    if (sender === undefined) throw new Error("the chain has no account");
    const data = this.contract.interface.encodeFunctionData("verify", [
      contractKey(key),
      contractParameters(parameters),
      hexlify(message),
      calldata,
    ]);
    const sent = await sender.sendTransaction({ to: await this.contract.getAddress(), data, gasLimit: 2 ** 24 });
    const receipt = await sent.wait();
    if (receipt === null) throw new Error("the transaction was not mined");
    return Number(receipt.gasUsed);
  }
}

function revertData(error: unknown): string {
  const seen = error as { data?: unknown; error?: unknown; cause?: unknown; info?: unknown } | undefined;
  if (seen === undefined || seen === null || typeof seen !== "object")
    throw new Error("the call failed without a reason");
  if (isHexString(seen.data)) return seen.data;
  const { data } = (seen.data ?? {}) as { data?: unknown };
  if (isHexString(data)) return data;
  return revertData(seen.error ?? seen.cause ?? seen.info);
}
