// Small Mithril chains of our own making, in the newest format: every certificate can be changed before it is signed, so a
// mutation is wrong in one respect only.
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

import { messageHash, signedBytes } from "../../src/certificates/message.js";
import { parametersHash } from "../../src/certificates/parameters-hash.js";
import { certificateHashes } from "../../src/mithril/hash.js";
import { MITHRIL_PARTS } from "../../src/mithril/message-parts.js";
import { parseCertificate } from "../../src/mithril/parse-certificate.js";
import { aggregate } from "../../src/stm/aggregate.js";
import { aggregateKeyToHex, proofToHex } from "../../src/stm/encoding/json.js";
import { SigningKey } from "../../src/stm/keys.js";
import type { StmParameters } from "../../src/stm/parameters.js";
import { closeRegistration, type Registration } from "../../src/stm/registration.js";
import { sign } from "../../src/stm/sign.js";

export const PARAMETERS: StmParameters = { k: 12n, m: 30n, phiF: 0.95 };

/** Who may sign in an epoch. */
export interface Signers {
  readonly keys: readonly SigningKey[];
  readonly registration: Registration;
}

const cache = new Map<string, Signers>();

/** Three signers of different stakes; other names have other keys. */
export function signersOf(name: string): Signers {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const keys = [1, 2, 3].map((number) => SigningKey.fromKeyMaterial(sha256(utf8ToBytes(`${name} ${number}`))));
  const parties = keys.map((key, i) => ({
    verificationKey: key.verificationKey(),
    stake: 9_007_199_254_740_993n * BigInt(i + 1),
  }));
  const signers = { keys, registration: closeRegistration(parties) };
  cache.set(name, signers);
  return signers;
}

/** A multisignature of all signers over a message hash, in hex(JSON). */
export function multisign(hash: string, { keys, registration }: Signers, parameters: StmParameters): string {
  const message = signedBytes(hash);
  const signatures = keys.flatMap((key) => sign(key, message, registration, parameters) ?? []);
  return proofToHex(aggregate(signatures, message, registration, parameters));
}

export type Raw = Record<string, unknown>;

/** What a certificate is made of before it is signed. */
export interface Draft {
  epoch: number;
  previousHash: string;
  signers: Signers;
  parameters: StmParameters;
  entity: unknown;
  parts: Record<string, string>;
  /** The key that signs a genesis certificate; absent for all others. */
  genesisSecret?: Uint8Array;
}

export const GENESIS_SECRET = sha256(utf8ToBytes("the genesis of synthetic chains"));
export const GENESIS_KEY = { bytes: ed25519.getPublicKey(GENESIS_SECRET), origin: "the key of synthetic chains" };

/** Signs a draft and gives it its hash. */
export function seal({ epoch, previousHash, signers, parameters, entity, parts, genesisSecret }: Draft): Raw {
  const hash = messageHash(MITHRIL_PARTS, parts);
  const genesis = genesisSecret !== undefined;
  return rehash({
    hash: "0".repeat(64),
    previous_hash: previousHash,
    epoch,
    signed_entity_type: entity,
    metadata: {
      network: "synthetic",
      version: "0.1.0",
      parameters: { k: Number(parameters.k), m: Number(parameters.m), phi_f: parameters.phiF },
      initiated_at: "2026-05-21T14:42:19.370724260Z",
      sealed_at: "2026-05-21T14:42:19.4559Z",
      signers: genesis ? [] : [{ party_id: "pool1synthetic", stake: 9_007_199_254_740_993n }],
    },
    protocol_message: { message_parts: parts },
    signed_message: hash,
    aggregate_verification_key: aggregateKeyToHex(signers.registration.aggregateKey),
    multi_signature: genesis ? "" : multisign(hash, signers, parameters),
    genesis_signature: genesis ? bytesToHex(ed25519.sign(signedBytes(hash), genesisSecret)) : "",
  });
}

/** The same certificate under the hash of its content. */
export function rehash(raw: Raw): Raw {
  const [hash] = certificateHashes(parseCertificate(raw, "synthetic"));
  return { ...raw, hash };
}

/** Changes the draft of the certificate at `place`, before it is signed. */
export type Edit = (draft: Draft, place: number, before: readonly Raw[]) => void;

/** Genesis in epoch 10, two certificates in each of 11 and 12, one in 13. `before` grows while they are made. */
export function makeChain(edit: Edit = () => {}): Raw[] {
  const made: Raw[] = [];
  const firstOf = new Map<number, number>();
  for (const [place, epoch] of [10, 11, 11, 12, 12, 13].entries()) {
    const first = firstOf.get(epoch) ?? firstOf.get(epoch - 1);
    if (!firstOf.has(epoch)) firstOf.set(epoch, place);
    const draft: Draft = {
      epoch,
      previousHash: first === undefined ? "" : hashOf(made[first]),
      // As in the real chains, the genesis certificate shows the key of the epoch after it.
      signers: signersOf(String(Math.max(epoch, 11))),
      parameters: PARAMETERS,
      entity:
        place % 2 === 0 ? { CardanoBlocksTransactions: [epoch, 100 + place, 1] } : { MithrilStakeDistribution: epoch },
      parts: {
        ...(place % 2 === 0
          ? { cardano_blocks_transactions_merkle_root: "ab".repeat(32), latest_block_number: "100" }
          : {}),
        ...nextParts(signersOf(String(epoch + 1)), PARAMETERS),
        current_epoch: String(epoch),
      },
    };
    if (place === 0) draft.genesisSecret = GENESIS_SECRET;
    edit(draft, place, made);
    made.push(seal(draft));
  }
  return made;
}

/** The parts that vouch for the next epoch. */
export const nextParts = ({ registration }: Signers, parameters: StmParameters): Record<string, string> => ({
  next_aggregate_verification_key: aggregateKeyToHex(registration.aggregateKey),
  next_protocol_parameters: parametersHash(parameters),
});

export const hashOf = (raw: Raw | undefined): string => (raw?.hash ?? "") as string;

export const parseAll = (chain: readonly Raw[]) => chain.map((raw, i) => parseCertificate(raw, `certificate ${i}`));
