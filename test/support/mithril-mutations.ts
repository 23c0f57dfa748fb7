// Each way in which certification.md wants a multisignature refused, applied to a certificate of any origin.
import { parseWideJson, type WideJson, writeWideJson } from "../../src/shared/wide-json.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

import type { Raw } from "./mithril-chain.js";

interface ProofJson {
  signatures: [{ sigma: number[]; indexes: number[]; signer_index: number }, [number[], number | bigint]][];
  batch_proof: { values: number[][]; indices: number[]; hasher: null };
}
interface KeyJson {
  mt_commitment: { root: number[]; nr_leaves: number; hasher: null };
  total_stake: number | bigint;
}

const fromHexJson = <T>(hex: string): T => parseWideJson(new TextDecoder().decode(hexToBytes(hex))) as T;
const toHexJson = (value: unknown): string => bytesToHex(utf8ToBytes(writeWideJson(value as WideJson)));

const editProof = (raw: Raw, edit: (proof: ProofJson) => void): Raw => {
  const proof = fromHexJson<ProofJson>(raw.multi_signature as string);
  edit(proof);
  return { ...raw, multi_signature: toHexJson(proof) };
};
const editKey = (raw: Raw, edit: (key: KeyJson) => void): Raw => {
  const key = fromHexJson<KeyJson>(raw.aggregate_verification_key as string);
  edit(key);
  return { ...raw, aggregate_verification_key: toHexJson(key) };
};
const editParameters = (raw: Raw, change: Record<string, number>): Raw => {
  const metadata = raw.metadata as { parameters: object };
  return { ...raw, metadata: { ...metadata, parameters: { ...metadata.parameters, ...change } } };
};
const at = <T>(items: readonly T[], index: number): T => {
  const item = items.at(index);
  if (item === undefined) throw new Error(`there is no item ${index} to mutate`);
  return item;
};

/** How many indices a certificate's multisignature has. */
export const countIndices = (raw: Raw): number =>
  fromHexJson<ProofJson>(raw.multi_signature as string).signatures.reduce(
    (sum, [{ indexes }]) => sum + indexes.length,
    0,
  );

/** By name; each needs a certificate with at least two signers and one path value. */
export const PROOF_MUTATIONS: Readonly<Record<string, (raw: Raw) => Raw>> = {
  "a quorum one above the indices": (raw) => editParameters(raw, { k: countIndices(raw) + 1 }),
  "another bit of the message": (raw) => {
    const digits = raw.signed_message as string;
    return { ...raw, signed_message: (digits.startsWith("0") ? "1" : "0") + digits.slice(1) };
  },
  "a stake one higher": (raw) =>
    editProof(raw, ({ signatures }) => {
      const entry = at(signatures, 0)[1];
      entry[1] = BigInt(entry[1]) + 1n;
    }),
  "an index of the other signer": (raw) =>
    editProof(raw, ({ signatures }) => {
      at(signatures, 0)[0].indexes[0] = at(at(signatures, 1)[0].indexes, 0);
    }),
  "an index that is twice in one signature": (raw) =>
    editProof(raw, ({ signatures }) => {
      const { indexes } = at(signatures, 0)[0];
      indexes[1] = at(indexes, 0);
    }),
  "the index m": (raw) =>
    editProof(raw, ({ signatures }) => {
      const { indexes } = at(signatures, 0)[0];
      const { m } = (raw.metadata as { parameters: { m: number } }).parameters;
      indexes[indexes.length - 1] = Number(m);
    }),
  "another bit of the path": (raw) =>
    editProof(raw, ({ batch_proof: path }) => {
      const value = at(path.values, 0);
      value[31] = at(value, 31) ^ 1;
    }),
  "a path value too many": (raw) =>
    editProof(raw, ({ batch_proof: path }) => path.values.push(new Array<number>(32).fill(7))),
  "a path value too few": (raw) => editProof(raw, ({ batch_proof: path }) => path.values.pop()),
  "swapped leaves of the path": (raw) => editProof(raw, ({ batch_proof: path }) => path.indices.reverse()),
  "another signer's number": (raw) =>
    editProof(raw, ({ signatures }) => {
      at(signatures, 0)[0].signer_index += 1;
    }),
  "a total stake that is doubled": (raw) =>
    editKey(raw, (key) => {
      key.total_stake = BigInt(key.total_stake) * 2n;
    }),
  "another root": (raw) =>
    editKey(raw, ({ mt_commitment: { root } }) => {
      root[0] = at(root, 0) ^ 1;
    }),
  "swapped signatures": (raw) =>
    editProof(raw, ({ signatures }) => {
      const [first, second] = [at(signatures, 0)[0], at(signatures, 1)[0]];
      [first.sigma, second.sigma] = [second.sigma, first.sigma];
    }),
  "one signature for both": (raw) =>
    editProof(raw, ({ signatures }) => {
      at(signatures, 1)[0].sigma = at(signatures, 0)[0].sigma;
    }),
  "a smaller phi_f": (raw) => editParameters(raw, { phi_f: 0.1 }),
  "a signature that is no point": (raw) =>
    editProof(raw, ({ signatures }) => {
      const { sigma } = at(signatures, 0)[0];
      sigma[47] = at(sigma, 47) ^ 1;
    }),
  "a signature at infinity": (raw) =>
    editProof(raw, ({ signatures }) => {
      at(signatures, 0)[0].sigma = [0xc0, ...new Array<number>(47).fill(0)];
    }),
  "a key that is no point": (raw) =>
    editProof(raw, ({ signatures }) => {
      const key = at(signatures, 0)[1][0];
      key[95] = at(key, 95) ^ 1;
    }),
  "no signatures at all": (raw) =>
    editProof(raw, (proof) => {
      proof.signatures = [];
      proof.batch_proof = { values: [], indices: [], hasher: null };
    }),
  "a proof cut short": (raw) => ({ ...raw, multi_signature: (raw.multi_signature as string).slice(0, -2) }),
};
