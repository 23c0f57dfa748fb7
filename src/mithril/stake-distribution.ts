// A Mithril stake distribution: the keys and stakes of an epoch's signers. What makes it true is a certificate whose message
// names the aggregate key that these keys and stakes add up to.
import { sameAggregateKey } from "../certificates/link.js";
import { parametersHash } from "../certificates/parameters-hash.js";
import { DomainError } from "../shared/errors.js";
import type { KeyWithProof } from "../stm/keys.js";
import type { StmParameters } from "../stm/parameters.js";
import { verifyProofOfPossession } from "../stm/possession.js";
import { closeRegistration } from "../stm/registration.js";
import { type MithrilCertificate, shortHash } from "./certificate.js";
import { decodeKeyWithProof } from "./decode.js";
import type { MithrilErrorCode } from "./errors.js";
import { HASH, hexText, member, natural, read } from "./fields.js";
import { parseParameters } from "./parse-certificate.js";
import { parseText } from "./read-certificates.js";

export interface DistributionSigner {
  readonly partyId: string;
  readonly stake: bigint;
  readonly key: KeyWithProof;
}

export interface MithrilStakeDistribution {
  readonly hash: string;
  readonly epoch: bigint;
  readonly certificateHash: string;
  readonly parameters: StmParameters;
  readonly signers: readonly DistributionSigner[];
}

export interface DistributionVerdict {
  readonly distribution: MithrilStakeDistribution;
  /** How many signers proved that they hold their key. */
  readonly proven: number;
  /** Total stake of the rebuilt aggregate key; absent where it could not be rebuilt. */
  readonly totalStake?: bigint;
  /** What is wrong, a clause each; empty when the distribution is what the certificate's signers vouched for. */
  readonly problems: readonly string[];
}

/** Parses a file of stake distributions: an object by hash, a list, or one. Throws `mithril/malformed`. */
export function readStakeDistributions(text: string, file: string): MithrilStakeDistribution[] {
  const document = parseText(text, file);
  const values: readonly unknown[] = Array.isArray(document)
    ? document
    : Object.hasOwn(read.record(document, file), "signers")
      ? [document]
      : Object.values(read.record(document, file));
  if (values.length === 0) read.fail(file, "holds no stake distribution");
  return values.map((value, index) => parseDistribution(value, `${file}: stake distribution ${index + 1}`));
}

function parseDistribution(value: unknown, path: string): MithrilStakeDistribution {
  const object = read.record(value, path);
  const signers = read.array(member(object, "signers", path), `${path}.signers`);
  return {
    hash: read.string(member(object, "hash", path), `${path}.hash`, HASH),
    epoch: natural(member(object, "epoch", path), `${path}.epoch`),
    certificateHash: read.string(member(object, "certificate_hash", path), `${path}.certificate_hash`, HASH),
    parameters: parseParameters(member(object, "protocol_parameters", path), `${path}.protocol_parameters`),
    signers: signers.map((item, index) => {
      const at = `${path}.signers[${index}]`;
      const signer = read.record(item, at);
      const key = `${at}.verification_key`;
      return {
        partyId: read.string(member(signer, "party_id", at), `${at}.party_id`),
        stake: natural(member(signer, "stake", at), `${at}.stake`),
        key: decodeKeyWithProof(hexText(member(signer, "verification_key", at), key), key),
      };
    }),
  };
}

/**
 * Checks each key's proof of possession, rebuilds the aggregate key and compares it, and the parameters, with what the
 * message of the named certificate says. The certificate itself is for {@link verifyMithrilChain}. Throws
 * `mithril/no-certificate` when it is not among `certificates`.
 */
export function verifyStakeDistribution(
  distribution: MithrilStakeDistribution,
  certificates: readonly MithrilCertificate[],
): DistributionVerdict {
  const { certificateHash, signers, parameters } = distribution;
  const certificate = certificates.find(({ hash }) => hash === certificateHash);
  if (certificate === undefined) {
    throw new DomainError<MithrilErrorCode>(
      "mithril/no-certificate",
      `The certificate ${certificateHash} of stake distribution ${shortHash(distribution.hash)} is not among those given.`,
    );
  }
  const unproven = signers.flatMap(({ key, partyId }) => (isProven(key) ? [] : [partyId]));
  const { nextAggregateKey, nextParametersHash } = certificate.vouched;
  const problems = unproven.map((partyId) => `the key of ${partyId} has no valid proof of possession`);
  const rebuilt = attempt(() =>
    closeRegistration(signers.map(({ key, stake }) => ({ verificationKey: key.verificationKey, stake }))),
  );
  if (rebuilt instanceof DomainError) problems.push(`its aggregate key cannot be rebuilt: ${rebuilt.message}`);
  else if (nextAggregateKey === undefined) problems.push("the certificate's message names no next aggregate key");
  else if (!sameAggregateKey(rebuilt.aggregateKey, nextAggregateKey)) {
    problems.push("its keys and stakes are not those of the next aggregate key that the certificate's message names");
  }
  if (nextParametersHash !== undefined && nextParametersHash !== parametersHash(parameters)) {
    problems.push("its parameters are not the next ones that the certificate's message names");
  }
  return {
    distribution,
    proven: signers.length - unproven.length,
    ...(rebuilt instanceof DomainError ? {} : { totalStake: rebuilt.totalStake }),
    problems,
  };
}

const isProven = (key: KeyWithProof): boolean => !(attempt(() => verifyProofOfPossession(key)) instanceof DomainError);

function attempt<T>(body: () => T): T | DomainError {
  try {
    return body();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
