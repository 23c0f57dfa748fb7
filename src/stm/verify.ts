import { InvariantError } from "../shared/errors.js";
import { type AggregateKey, checkAggregateKey, messageWithRoot } from "./aggregate-key.js";
import { blake2b128 } from "./blake2b.js";
import { concat, u64be } from "./bytes.js";
import {
  type G1Point,
  type G2Point,
  multiScalar,
  multiply,
  NEGATIVE_G2,
  pairingsAreOne,
  scalarFromLittleEndian,
} from "./curve/group.js";
import { hashToG1 } from "./curve/hash-to-curve.js";
import { StmError } from "./errors.js";
import { Draws, Lottery } from "./lottery.js";
import { checkParameters, type StmParameters } from "./parameters.js";
import type { ConcatenationProof, SingleSignature } from "./proof.js";
import { checkStake, leafHash, type Party } from "./registration.js";
import { signaturePoint } from "./signature-point.js";
import { verifyBatchPath } from "./tree.js";

/** A statement that a proof shall show. */
export interface Claim {
  readonly proof: ConcatenationProof;
  readonly message: Uint8Array;
  readonly key: AggregateKey;
  readonly parameters: StmParameters;
}

/**
 * Checks that every index of a signature is in [0, m), ascends strictly and won the lottery with the party's stake.
 * `signed` is the message with the root. Throws `stm/index-out-of-range`, `stm/duplicate-index` or `stm/lottery-lost`.
 */
export function checkLotteries(
  signature: SingleSignature,
  signed: Uint8Array,
  stake: bigint,
  totalStake: bigint,
  parameters: StmParameters,
): void {
  checkStake(stake);
  if (stake > totalStake) throw new StmError("stm/bad-stake", `the stake ${stake} is above the total ${totalStake}`);
  const bound = Number(parameters.m);
  const draws = new Draws(signed, signature.sigma);
  const lottery = new Lottery(parameters, stake, totalStake);
  const used = new Set<number>();
  for (const index of signature.indexes) {
    if (!Number.isInteger(index) || index < 0 || index >= bound) {
      throw new StmError("stm/index-out-of-range", `the index ${index} is not in [0, ${bound})`, { index });
    }
    if (used.has(index)) throw new StmError("stm/duplicate-index", `the index ${index} is used twice`, { index });
    used.add(index);
    if (!lottery.wins(draws.at(index))) {
      throw new StmError("stm/lottery-lost", `signer ${signature.signerIndex} did not win index ${index}`, { index });
    }
  }
}

/** Σ eⱼσⱼ and Σ eⱼvkⱼ, eⱼ = H128(σ₁ ‖ … ‖ σₙ ‖ j). One signature needs no coefficient. */
function weighTogether(signatures: readonly { sigma: Uint8Array; key: G2Point }[]): [G1Point, G2Point] {
  const [first] = signatures;
  if (first !== undefined && signatures.length === 1) return [signaturePoint(first.sigma), first.key];
  const all = concat(...signatures.map(({ sigma }) => sigma));
  const weights = signatures.map((_signature, j) => scalarFromLittleEndian(blake2b128(concat(all, u64be(j)))));
  return [
    multiScalar(
      signatures.map(({ sigma }) => signaturePoint(sigma)),
      weights,
    ),
    multiScalar(
      signatures.map(({ key }) => key),
      weights,
    ),
  ];
}

/** Whether the signatures of `signed` are all valid. Needs points that {@link signaturePoint} accepts. */
export function signaturesVerify(
  signed: Uint8Array,
  signatures: readonly { sigma: Uint8Array; key: G2Point }[],
): boolean {
  const [sum, key] = weighTogether(signatures);
  return pairingsAreOne([
    [sum, NEGATIVE_G2],
    [hashToG1(signed), key],
  ]);
}

/** Checks one party's signature: the party as registered, its number, σ, and every index. Throws {@link StmError}. */
export function verifySingleSignature(
  signature: SingleSignature,
  message: Uint8Array,
  party: Party,
  key: AggregateKey,
  parameters: StmParameters,
): void {
  checkParameters(parameters);
  checkAggregateKey(key);
  const signed = messageWithRoot(message, key);
  if (signature.indexes.length === 0) throw new StmError("stm/not-enough-signatures", "the signature has no index");
  checkLotteries(signature, signed, party.stake, key.totalStake, parameters);
  if (!signaturesVerify(signed, [{ sigma: signature.sigma, key: party.verificationKey.point }])) {
    throw new StmError("stm/bad-signature", `the signature of signer ${signature.signerIndex} does not verify`);
  }
}

/** Everything about a proof but its pairing; gives the message as signed. */
function checkWithoutPairing({ proof, message, key, parameters }: Claim): Uint8Array {
  checkParameters(parameters);
  checkAggregateKey(key);
  const signed = messageWithRoot(message, key);
  const used = new Set<number>();
  proof.signatures.forEach(({ signature, party }, i) => {
    if (signature.signerIndex !== proof.path.indices[i]) {
      throw new StmError(
        "stm/bad-path",
        `signer ${signature.signerIndex} is not the path's leaf ${proof.path.indices[i]}`,
      );
    }
    signaturePoint(signature.sigma);
    checkLotteries(signature, signed, party.stake, key.totalStake, parameters);
    for (const index of signature.indexes) {
      if (used.has(index)) throw new StmError("stm/duplicate-index", `the index ${index} is used twice`, { index });
      used.add(index);
    }
  });
  if (BigInt(used.size) < parameters.k) {
    throw new StmError("stm/not-enough-signatures", `the proof has ${used.size} of ${parameters.k} indices`, {
      count: used.size,
      k: parameters.k,
    });
  }
  verifyBatchPath(
    key,
    proof.signatures.map(({ party }) => leafHash(party)),
    proof.path,
  );
  return signed;
}

const pairsOf = ({ proof }: Claim) =>
  proof.signatures.map(({ signature, party }) => ({ sigma: signature.sigma, key: party.verificationKey.point }));

/**
 * Verifies a concatenation proof. Stricter than the native verifier: an index equal to m, unordered or repeated leaves,
 * left-over path values, a signer's number other than its leaf and a zero stake are refused. Throws {@link StmError}.
 */
export function verifyProof(
  proof: ConcatenationProof,
  message: Uint8Array,
  key: AggregateKey,
  parameters: StmParameters,
): void {
  const claim = { proof, message, key, parameters };
  const signed = checkWithoutPairing(claim);
  if (!signaturesVerify(signed, pairsOf(claim))) {
    throw new StmError("stm/bad-signature", "the aggregated signatures do not verify");
  }
}

/**
 * Verifies many proofs with one product of pairings, each weighted by 16 fresh bytes of `random`: a pass then speaks for
 * each of them. Throws the first {@link StmError}, with its `position`.
 */
export function verifyProofs(claims: readonly Claim[], random: (length: number) => Uint8Array): void {
  const sums: { point: G1Point; weight: ReturnType<typeof scalarFromLittleEndian> }[] = [];
  const pairs: [G1Point, G2Point][] = [];
  claims.forEach((claim, position) => {
    const signed = locate(position, () => checkWithoutPairing(claim));
    const [sum, key] = weighTogether(pairsOf(claim));
    const weight = scalarFromLittleEndian(random(16));
    if (weight.isZero()) throw new InvariantError("the random source gave zeros");
    sums.push({ point: sum, weight });
    pairs.push([multiply(hashToG1(signed), weight), key]);
  });
  if (claims.length === 0) return;
  const sum = multiScalar(
    sums.map(({ point }) => point),
    sums.map(({ weight }) => weight),
  );
  if (pairingsAreOne([[sum, NEGATIVE_G2], ...pairs])) return;
  claims.forEach((claim, position) =>
    locate(position, () => verifyProof(claim.proof, claim.message, claim.key, claim.parameters)),
  );
  throw new InvariantError("the proofs verify one by one and not together");
}

function locate<T>(position: number, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof StmError)) throw error;
    throw new StmError(
      error.code,
      `proof ${position}: ${error.message}`,
      { ...error.details, position },
      { cause: error },
    );
  }
}
