// What ties a certificate to the one before it: the rule of Mithril's chain and of ours (certification.md 2.2, steps 5, 6,
// 8 and 9). Epochs only go forward; the key and the parameters of an epoch are what the epoch before it signed.
import type { AggregateKey } from "../stm/aggregate-key.js";
import type { StmParameters } from "../stm/parameters.js";
import { type Check, checked, failed, passed, skipped } from "./check.js";
import { parametersHash, sameParameters } from "./parameters-hash.js";

/** What chain verification has to know of a certificate, of whatever format. */
export interface LinkedCertificate {
  readonly hash: string;
  /** Empty for a genesis certificate of Mithril; nothing looks at it there. */
  readonly previousHash: string;
  readonly isGenesis: boolean;
  readonly epoch: bigint;
  readonly aggregateKey: AggregateKey;
  readonly parameters: StmParameters;
  /** What its message says, and so what its signers vouch for. Absent: the format had no such part yet. */
  readonly vouched: {
    readonly currentEpoch?: bigint;
    readonly nextAggregateKey?: AggregateKey;
    /** As {@link parametersHash}. */
    readonly nextParametersHash?: string;
  };
}

export interface LinkPolicy {
  /** Parts that an older format lacks fail a certificate; without it they are named and skipped. */
  readonly strict: boolean;
}

export const sameAggregateKey = (a: AggregateKey, b: AggregateKey): boolean =>
  a.leaves === b.leaves && a.totalStake === b.totalStake && a.root.every((byte, i) => byte === b.root[i]);

/** The message names the certificate's own epoch, so that a signature cannot be moved to another. */
export function checkCurrentEpoch({ epoch, vouched }: LinkedCertificate, { strict }: LinkPolicy): Check {
  const named = vouched.currentEpoch;
  if (named === undefined) return absent(strict, "current-epoch", "its message has no part current_epoch");
  return checked("current-epoch", named === epoch, () => `its message is of epoch ${named}, not ${epoch}`);
}

/** Epoch, aggregate key and parameters of a certificate against its predecessor's. */
export function checkLink(certificate: LinkedCertificate, previous: LinkedCertificate, policy: LinkPolicy): Check[] {
  const step = certificate.epoch - previous.epoch;
  if (step === 0n) return [passed("epoch-step"), ...checkSameEpoch(certificate, previous)];
  if (step === 1n) return [passed("epoch-step"), ...checkNextEpoch(certificate, previous, policy)];
  const reason = `epoch ${certificate.epoch} does not follow epoch ${previous.epoch} of its predecessor`;
  return [failed("epoch-step", reason), ...checkNextEpoch(certificate, previous, policy)];
}

function checkSameEpoch(certificate: LinkedCertificate, previous: LinkedCertificate): Check[] {
  const key = sameAggregateKey(certificate.aggregateKey, previous.aggregateKey);
  return [
    checked("aggregate-key", key, () => "it is not its predecessor's, which is of the same epoch"),
    checked(
      "parameters",
      sameParameters(certificate.parameters, previous.parameters),
      () => "they are not its predecessor's, which is of the same epoch",
    ),
  ];
}

function checkNextEpoch(certificate: LinkedCertificate, previous: LinkedCertificate, { strict }: LinkPolicy): Check[] {
  const { nextAggregateKey: key, nextParametersHash: parameters } = previous.vouched;
  return [
    key === undefined
      ? failed("aggregate-key", "its predecessor's message names no next aggregate key")
      : checked(
          "aggregate-key",
          sameAggregateKey(certificate.aggregateKey, key),
          () => "it is not the next key that its predecessor's message names",
        ),
    parameters === undefined
      ? absent(strict, "parameters", "its predecessor's message has no part next_protocol_parameters")
      : checked(
          "parameters",
          parametersHash(certificate.parameters) === parameters,
          () => "they are not the next parameters that its predecessor's message names",
        ),
  ];
}

const absent = (strict: boolean, name: Check["name"], reason: string): Check =>
  strict ? failed(name, reason) : skipped(name, `${reason}, as in older formats`);
