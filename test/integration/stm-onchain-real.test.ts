import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { network } from "hardhat";

import { decodeProof, encodeProof } from "../../src/chain/stm-calldata.js";
import type { AggregateKey } from "../../src/stm/aggregate-key.js";
import { utf8 } from "../../src/stm/bytes.js";
import { aggregateKeyFromHex, proofFromHex, proofToHex } from "../../src/stm/encoding/json.js";
import type { StmParameters } from "../../src/stm/parameters.js";
import type { ConcatenationProof } from "../../src/stm/proof.js";
import { dataFolder, readData } from "../support/data.js";
import { type Statement, VerifierOnChain } from "../support/stm/onchain.js";

type Entry = ConcatenationProof["signatures"][number];

interface CertificateJson {
  readonly signed_message: string;
  readonly aggregate_verification_key: string;
  readonly multi_signature: string;
  readonly metadata: { readonly parameters?: ParametersJson; readonly protocol_parameters?: ParametersJson };
}
interface ParametersJson {
  readonly k: number;
  readonly m: number;
  readonly phi_f: number;
}
interface Multisignature {
  readonly hash: string;
  readonly proof: ConcatenationProof;
  readonly message: Uint8Array;
  readonly key: AggregateKey;
  readonly parameters: StmParameters;
}

const PREVIEW = "mithril/preview_real_2024_full_params.json";
const DEVNET = "mithril/devnet_2026_certificates.json";
const HISTORY = "mithril/devnet_history";

function multisignatures(text: string): Multisignature[] {
  const certificates = JSON.parse(text) as Record<string, CertificateJson>;
  return Object.entries(certificates)
    .filter(([, { multi_signature }]) => multi_signature !== "")
    .map(([hash, certificate]) => {
      const parameters = certificate.metadata.parameters ?? certificate.metadata.protocol_parameters;
      if (parameters === undefined) throw new Error(`the certificate ${hash} has no parameters`);
      return {
        hash,
        proof: proofFromHex(certificate.multi_signature),
        message: utf8(certificate.signed_message),
        key: aggregateKeyFromHex(certificate.aggregate_verification_key),
        parameters: { k: BigInt(parameters.k), m: BigInt(parameters.m), phiF: parameters.phi_f },
      };
    });
}

/** Real certificates of Mithril's networks, sent to the contract as they are. */
describe("the verifier on-chain and real certificates", function () {
  this.timeout(300_000);
  let verifier: VerifierOnChain;

  before(async function () {
    verifier = await VerifierOnChain.deploy((await network.create()).ethers);
  });

  it("stm-chain/full-parameters-of-a-public-network", async function () {
    const text = readData(PREVIEW);
    if (text === undefined) return;
    const [real] = multisignatures(text);
    if (real === undefined) throw new Error(`${PREVIEW} holds no multisignature`);
    const calldata = encodeProof(real.proof);
    const indices = real.proof.signatures.flatMap(({ signature }) => signature.indexes);
    expect(indices.length).to.equal(2984);
    expect(await verifier.verdict(calldata, real)).to.equal(undefined);
    expect(proofToHex(decodeProof(calldata))).to.equal(proofToHex(real.proof));

    const refused = async (proof: ConcatenationProof, statement: Statement, error: RegExp) =>
      expect(await verifier.verdict(encodeProof(proof), statement)).to.match(error);
    const altered = (at: number, change: (entry: Entry) => Entry): ConcatenationProof => ({
      ...real.proof,
      signatures: real.proof.signatures.map((entry, i) => (i === at ? change(entry) : entry)),
    });
    const withIndexes = (indexes: (own: readonly number[]) => readonly number[]) =>
      altered(0, (entry) => ({
        ...entry,
        signature: { ...entry.signature, indexes: indexes(entry.signature.indexes) },
      }));
    const { key, parameters } = real;
    await refused(
      real.proof,
      { ...real, parameters: { ...parameters, k: 2985n } },
      /^StmNotEnoughIndices\(2984, 2985\)/,
    );
    const bit = real.message.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    await refused(real.proof, { ...real, message: bit }, /^StmIndexLost/);
    await refused(real.proof, { ...real, parameters: { ...parameters, phiF: 0.1 } }, /^StmIndexLost/);
    await refused(real.proof, { ...real, key: { ...key, totalStake: key.totalStake * 2n } }, /^StmIndexLost/);
    const others = real.proof.signatures[1]!.signature.indexes;
    await refused(
      withIndexes((own) => [others[0]!, ...own.slice(1)]),
      real,
      /^Stm(IndexRepeated|IndexLost)/,
    );
    await refused(
      withIndexes((own) => [...own.slice(1), 20_973]),
      real,
      /^StmIndexOutOfRange\(0, 20973\)/,
    );
    await refused(
      altered(0, ({ party, signature }) => ({ signature, party: { ...party, stake: party.stake + 1n } })),
      real,
      /^StmRootMismatch/,
    );
    const [value] = real.proof.path.values;
    const path = { ...real.proof.path, values: [value!.map((byte, i) => (i === 31 ? byte ^ 1 : byte))] };
    await refused({ ...real.proof, path }, real, /^StmRootMismatch/);
    const [a, b] = real.proof.signatures.map(({ signature }) => signature.sigma);
    const swapped = real.proof.signatures.map((entry, i) => ({
      ...entry,
      signature: { ...entry.signature, sigma: (i === 0 ? b : a)! },
    }));
    await refused({ ...real.proof, signatures: swapped }, real, /^StmIndexLost/);
  });

  it("stm-chain/every-certificate-of-the-data", async function () {
    const history = path.join(dataFolder, HISTORY);
    const files = [DEVNET, ...(existsSync(history) ? readdirSync(history).map((file) => `${HISTORY}/${file}`) : [])];
    let [accepted, offered, read] = [0, 0, 0];
    for (const file of files) {
      const text = readData(file);
      if (text === undefined) continue;
      read += 1;
      for (const real of multisignatures(text)) {
        offered += 1;
        const verdict = await verifier.verdict(encodeProof(real.proof), real);
        expect(verdict, `${file}, ${real.hash}`).to.equal(undefined);
        accepted += 1;
      }
    }
    console.log(`      ${accepted} multisignatures of ${read} files accepted`);
    expect(accepted).to.equal(offered);
    if (read === 11) expect(accepted).to.equal(482);
  });
});
