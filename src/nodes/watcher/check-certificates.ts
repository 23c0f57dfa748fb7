// What verified certificates say about each other and about the chain. A certificate that verifies has a quorum behind it; two
// that contradict each other mean that a quorum signed both.
import { encodeMessage, type CertificatePart } from "../../certificates/certificate-message.js";
import type { OnChainCertificate } from "../protocol/chain.js";
import type { Alarm } from "./alarm.js";
import type { WatchedCertificate } from "./ports.js";

/** Every message of an epoch says the same in these. */
const OF_THE_EPOCH: readonly CertificatePart[] = [
  "stake_distribution_root",
  "next_aggregate_verification_key",
  "next_protocol_parameters",
];
/** Every message about one block of it says the same in these. */
const OF_THE_BLOCK: readonly CertificatePart[] = ["scores_root", "snapshot_digest"];

/** Where certificates of one epoch contradict each other: at most one alarm for each part and block. */
export function findForks(certificates: readonly WatchedCertificate[]): Alarm[] {
  const said = new Map<string, { readonly value: string; readonly by: WatchedCertificate }>();
  const alarms = new Map<string, Alarm>();
  // In an order of their own, so that the same certificates give the same alarm.
  for (const by of [...certificates].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))) {
    const parts = encodeMessage(by.message);
    const block = by.message.scores?.snapshotBlock;
    const statements = [
      ...OF_THE_EPOCH.map((part) => ({ part, about: part })),
      ...(block === undefined ? [] : OF_THE_BLOCK.map((part) => ({ part, about: `${part} at block ${block}` }))),
    ];
    for (const { part, about } of statements) {
      const value = parts[part] ?? "";
      const key = `${by.epoch} ${about}`;
      const first = said.get(key);
      if (first === undefined) said.set(key, { value, by });
      else if (first.value !== value && !alarms.has(key))
        alarms.set(key, fork(about, first.by, first.value, by, value));
    }
  }
  return [...alarms.values()];
}

const placeOf = ({ source, hash }: WatchedCertificate): string => `${source} ${hash}`;

function fork(about: string, a: WatchedCertificate, valueA: string, b: WatchedCertificate, valueB: string): Alarm {
  return {
    kind: "fork",
    subject: about,
    epoch: a.epoch,
    message: `Epoch ${a.epoch} is certified twice: ${a.source} and ${b.source} have certificates that disagree about ${about}`,
    details: {
      first: `${a.source} ${a.hash}`,
      firstValue: valueA,
      second: `${b.source} ${b.hash}`,
      secondValue: valueB,
    },
  };
}

/** Where a certificate contradicts what the registry holds for its epoch. */
export function findChainForks(
  certificates: readonly WatchedCertificate[],
  held: ReadonlyMap<bigint, OnChainCertificate>,
): Alarm[] {
  const alarms = new Map<string, Alarm>();
  for (const certificate of [...certificates].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))) {
    const { epoch, source, hash, message } = certificate;
    const onChain = held.get(epoch);
    if (onChain === undefined || alarms.has(`${epoch} ${source}`)) continue;
    const block = message.scores?.snapshotBlock;
    const pairs = [
      ["stake distribution", message.stakeDistributionRoot, onChain.stakeDistributionRoot],
      ...(block === undefined || block !== onChain.snapshotBlock
        ? []
        : ([
            [`scores at block ${block}`, message.scores?.scoresRoot ?? "", onChain.scoresRoot ?? ""],
            [`snapshot at block ${block}`, message.scores?.snapshotDigest ?? "", onChain.snapshotDigest ?? ""],
          ] as const)),
    ] as const;
    const differing = pairs.find(([, ours, theirs]) => ours !== theirs);
    if (differing === undefined) continue;
    const [about, ours, theirs] = differing;
    alarms.set(`${epoch} ${source}`, {
      kind: "fork",
      subject: `${source} and the registry`,
      epoch,
      message: `Epoch ${epoch} is certified twice: ${source} and the registry disagree about the ${about}`,
      details: { certificate: hash, value: ours, registry: theirs },
    });
  }
  return [...alarms.values()];
}

/**
 * Epochs whose certificate with the least stake behind it is below `minimum` (a share, 0 to 1). Aggregators leave out signatures
 * that a quorum does not need, so that a certified share is no participation; but it is the stake that the certificate rests on.
 */
export function findLowParticipation(certificates: readonly WatchedCertificate[], minimum: number): Alarm[] {
  const lowest = new Map<bigint, { readonly certificate: WatchedCertificate; readonly share: number }>();
  for (const certificate of certificates) {
    const share = Number((certificate.signedStake * 1_000_000n) / certificate.totalStake) / 1_000_000;
    const before = lowest.get(certificate.epoch);
    const isLower =
      before === undefined ||
      share < before.share ||
      (share === before.share && placeOf(certificate) < placeOf(before.certificate));
    if (share < minimum && isLower) lowest.set(certificate.epoch, { certificate, share });
  }
  return [...lowest.values()].map(({ certificate: { epoch, source, hash }, share }) => ({
    kind: "low-participation",
    subject: "",
    epoch,
    message: `${(share * 100).toFixed(2)} % of the stake of epoch ${epoch} stand behind the certificate ${hash} of ${source}, less than ${minimum * 100} %`,
    details: { certificate: hash, share, minimum },
  }));
}
