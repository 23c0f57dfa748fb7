import { readFileSync } from "node:fs";

import { fromHex } from "../../../src/stm/bytes.js";

/** test/vectors/stm.json, as scripts/vectors/stm.ts writes it. */
export interface StmVectors {
  readonly keys: readonly {
    material: string;
    signingKey: string;
    verificationKey: string;
    proofOfPossession: string;
    affine: readonly string[];
    message: string;
    signature: string;
  }[];
  readonly hashes: readonly { message: string; tag: string; compressed: string; affine: readonly string[] }[];
  readonly bindings: readonly {
    key: number;
    chainId: string;
    registry: string;
    epoch: string;
    steward: string;
    message: string;
    binding: string;
    rho: string;
    tau: string;
  }[];
  readonly trees: readonly { leaves: readonly string[]; root: string; indices: readonly number[]; values: string[] }[];
  readonly lotteries: readonly {
    phiF: string;
    c120: string;
    stake: string;
    totalStake: string;
    threshold: string;
    message: string;
    sigma: string;
    index: number;
    ev: string;
    wins: boolean;
  }[];
  readonly badPoints: readonly { group: number; what: string; bytes: string }[];
  readonly proofs: readonly {
    name: string;
    verdict: string;
    parameters: { k: string; m: string; phiF: string };
    aggregateKey: { root: string; leaves: number; totalStake: string };
    message: string;
    signatures: readonly {
      sigma: string;
      verificationKey: string;
      stake: string;
      signerIndex: number;
      indexes: string;
    }[];
    path: { indices: readonly number[]; values: readonly string[] };
  }[];
}

const file = new URL("../../vectors/stm.json", import.meta.url);
export const vectors = JSON.parse(readFileSync(file, "utf8")) as StmVectors;

export const unhex = (text: string): Uint8Array => fromHex(text.slice(2)) as Uint8Array;
