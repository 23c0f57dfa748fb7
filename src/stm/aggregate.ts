import { messageWithRoot } from "./aggregate-key.js";
import { compareBytes } from "./bytes.js";
import { StmError } from "./errors.js";
import { checkParameters, type StmParameters } from "./parameters.js";
import type { ConcatenationProof, SingleSignature } from "./proof.js";
import type { Party, Registration } from "./registration.js";
import { signaturePoint } from "./signature-point.js";
import { checkLotteries, signaturesVerify } from "./verify.js";

/** `native`: the native scheme's choice, byte for byte. `gas`: few signers and k indices, for verification on-chain. */
export type AggregationMode = "native" | "gas";

interface Entry {
  readonly signature: SingleSignature;
  readonly party: Party;
}

/**
 * Aggregates single signatures of one message into a proof. Invalid ones and second ones of a signer are left out. Throws
 * `stm/not-enough-signatures`, with `details.count`, when the rest wins fewer than k indices.
 */
export function aggregate(
  signatures: readonly SingleSignature[],
  message: Uint8Array,
  registration: Registration,
  parameters: StmParameters,
  mode: AggregationMode = "native",
): ConcatenationProof {
  checkParameters(parameters);
  const valid = onePerSigner(selectValid(signatures, message, registration, parameters));
  const quorum = Number(parameters.k);
  const { chosen, count } = mode === "native" ? selectNative(valid, quorum) : selectForGas(valid, quorum);
  if (count < quorum) {
    throw new StmError("stm/not-enough-signatures", `the signatures win ${count} of ${quorum} indices`, {
      count,
      k: parameters.k,
    });
  }
  chosen.sort((a, b) => a.signature.signerIndex - b.signature.signerIndex);
  return { signatures: chosen, path: registration.tree.prove(chosen.map(({ signature }) => signature.signerIndex)) };
}

/** The signatures that are valid, each with its party. One product of pairings tests all; only when it fails, each alone. */
function selectValid(
  signatures: readonly SingleSignature[],
  message: Uint8Array,
  registration: Registration,
  parameters: StmParameters,
): Entry[] {
  const signed = messageWithRoot(message, registration.aggregateKey);
  const candidates: Entry[] = [];
  for (const signature of signatures) {
    const party = registration.parties[signature.signerIndex];
    if (party === undefined || signature.indexes.length === 0) continue;
    const sound = holds(() => {
      signaturePoint(signature.sigma);
      checkLotteries(signature, signed, party.stake, registration.totalStake, parameters);
    });
    if (sound) candidates.push({ signature, party });
  }
  const pair = ({ signature, party }: Entry) => ({ sigma: signature.sigma, key: party.verificationKey.point });
  if (candidates.length === 0 || signaturesVerify(signed, candidates.map(pair))) return candidates;
  return candidates.filter((entry) => signaturesVerify(signed, [pair(entry)]));
}

function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof StmError) return false;
    throw error;
  }
}

/** A signer's σ is unique, so that a second valid signature can only list other indices of it: they are united. */
function onePerSigner(entries: readonly Entry[]): Entry[] {
  const bySigner = new Map<number, Entry>();
  for (const entry of entries) {
    const { signerIndex, indexes } = entry.signature;
    const before = bySigner.get(signerIndex);
    const united = [...new Set([...(before?.signature.indexes ?? []), ...indexes])].sort((a, b) => a - b);
    bySigner.set(signerIndex, { ...entry, signature: { ...entry.signature, indexes: united } });
  }
  return [...bySigner.values()];
}

/** Each index goes to the least σ; then, by ascending index, its owner is taken with all it owns, until k are reached. */
function selectNative(entries: readonly Entry[], quorum: number): { chosen: Entry[]; count: number } {
  const owners = new Map<number, Entry>();
  for (const entry of entries) {
    for (const index of entry.signature.indexes) {
      const before = owners.get(index);
      if (before === undefined || compareBytes(entry.signature.sigma, before.signature.sigma) < 0) {
        owners.set(index, entry);
      }
    }
  }
  const chosen = new Map<Entry, Entry>();
  let count = 0;
  for (const index of [...owners.keys()].sort((a, b) => a - b)) {
    if (count >= quorum) break;
    const owner = owners.get(index) as Entry;
    if (chosen.has(owner)) continue;
    const indexes = owner.signature.indexes.filter((each) => owners.get(each) === owner);
    chosen.set(owner, { ...owner, signature: { ...owner.signature, indexes } });
    count += indexes.length;
  }
  return { chosen: [...chosen.values()], count };
}

/** The largest stakes first, each with the indices nobody before it brought, and none beyond the k-th. */
function selectForGas(entries: readonly Entry[], quorum: number): { chosen: Entry[]; count: number } {
  const byStake = [...entries].sort((a, b) =>
    a.party.stake === b.party.stake
      ? a.signature.signerIndex - b.signature.signerIndex
      : a.party.stake > b.party.stake
        ? -1
        : 1,
  );
  const used = new Set<number>();
  const chosen: Entry[] = [];
  for (const entry of byStake) {
    if (used.size >= quorum) break;
    const indexes = entry.signature.indexes.filter((index) => !used.has(index)).slice(0, quorum - used.size);
    if (indexes.length === 0) continue;
    indexes.forEach((index) => used.add(index));
    chosen.push({ ...entry, signature: { ...entry.signature, indexes } });
  }
  return { chosen, count: used.size };
}
