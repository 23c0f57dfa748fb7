// What the explorer's pages show. 64-bit integers are decimal strings; shares are fractions of the stake that signs.
import { entityToJson } from "../../certificates/certificate-json.js";
import type { Certificate } from "../../certificates/certificate.js";
import { encodeMessage, keyDigits } from "../../certificates/certificate-message.js";
import { entityKey } from "../../certificates/entity.js";
import type { OpenMessage } from "../../certificates/open-message.js";
import { securityReport, type SecurityReport } from "../../certificates/security-report.js";
import type { Participation } from "../../database/nodes/aggregator-store.js";
import { openMessageToJson } from "../../nodes/aggregator/open-message-json.js";
import type { EpochParameters } from "../../nodes/protocol/chain.js";
import type { EpochKeys, EpochView } from "../../nodes/protocol/epoch-keys.js";
import type { SignatureMessage } from "../../nodes/protocol/signature-message.js";
import type { OnChainStatus } from "./on-chain-status.js";

/** Six digits of a share are enough for a page. */
const shareOf = (part: bigint, whole: bigint): number => Number((part * 1_000_000n) / whole) / 1_000_000;

/** By the parameters' hash: exact sums take a moment, and parameters seldom change. */
const reports = new Map<string, SecurityReport>();

function reportOf({ k, m, phiF, hash }: EpochParameters): SecurityReport {
  const known = reports.get(hash);
  if (known !== undefined) return known;
  if (reports.size >= 32) reports.clear();
  const report = securityReport({ k, m, phiF });
  reports.set(hash, report);
  return report;
}

function parametersToWire(parameters: EpochParameters) {
  const { k, m, phiF, hash, minimumStake } = parameters;
  const { forging, failing, breakEven, unsafe } = reportOf(parameters);
  // An infinite exponent is no JSON: such signers never miss the quorum.
  const finite = (rows: readonly { share: number; bits: number }[]) =>
    rows.map(({ share, bits }) => ({ share, bits: Number.isFinite(bits) ? bits : null }));
  return {
    k: k.toString(),
    m: m.toString(),
    phiF,
    hash,
    minimumStake: minimumStake.toString(),
    security: { forging: finite(forging), failing: finite(failing), breakEven, unsafe },
  };
}

/** An epoch's settings, who signs in it, and who did. */
export function epochToWire(view: EpochView, participation: readonly Participation[]) {
  const { epoch, parameters, keys, nextParameters, next } = view;
  return {
    epoch: epoch.toString(),
    parameters: parametersToWire(parameters),
    aggregateKey: keyDigits(keys.registration.aggregateKey),
    totalStake: keys.registration.totalStake.toString(),
    signers: signersToWire(keys, participation),
    software: softwareByStake(keys, participation),
    next: {
      parameters: parametersToWire(nextParameters),
      aggregateKey: next === undefined ? null : keyDigits(next.registration.aggregateKey),
      totalStake: next === undefined ? null : next.registration.totalStake.toString(),
      signers: next === undefined ? [] : signersToWire(next, []),
    },
  };
}

function signersToWire({ registration, stewards }: EpochKeys, participation: readonly Participation[]) {
  const bySteward = new Map<string, Participation[]>();
  for (const each of participation) bySteward.set(each.steward, [...(bySteward.get(each.steward) ?? []), each]);
  return stewards.map(({ steward, verificationKey, stake }, signerIndex) => {
    const own = bySteward.get(steward) ?? [];
    return {
      signerIndex,
      steward,
      verificationKey: Buffer.from(verificationKey).toString("hex"),
      stake: stake.toString(),
      share: shareOf(stake, registration.totalStake),
      /** Its account registered the key on-chain, with proof of possession and binding. */
      verified: true,
      messages: own.reduce((sum, { messages }) => sum + messages, 0),
      lastSignedAt: own[0]?.lastAt ?? null,
      software: own[0]?.software ?? null,
    };
  });
}

/** Versions that stewards said they run, with the stake behind each, the largest first. */
export function softwareByStake({ registration, stewards }: EpochKeys, participation: readonly Participation[]) {
  const latest = new Map<string, string>();
  for (const { steward, software } of participation) if (!latest.has(steward)) latest.set(steward, software);
  const stakes = new Map<string | null, { stake: bigint; stewards: number }>();
  for (const { steward, stake } of stewards) {
    const software = latest.get(steward) ?? null;
    const before = stakes.get(software) ?? { stake: 0n, stewards: 0 };
    stakes.set(software, { stake: before.stake + stake, stewards: before.stewards + 1 });
  }
  return [...stakes]
    .sort(([, a], [, b]) => (a.stake === b.stake ? 0 : a.stake > b.stake ? -1 : 1))
    .map(([software, { stake, stewards: count }]) => {
      return { software, stewards: count, stake: stake.toString(), share: shareOf(stake, registration.totalStake) };
    });
}

/** A line of a list. */
export function summaryToWire(sequence: number, certificate: Certificate, onChain: OnChainStatus) {
  const { hash, previousHash, epoch, metadata, content, aggregateKey } = certificate;
  return {
    sequence,
    hash,
    previousHash,
    epoch: epoch.toString(),
    kind: content.kind === "genesis" ? "genesis" : content.entity.kind,
    entity: content.kind === "genesis" ? null : entityToJson(content.entity),
    key: content.kind === "genesis" ? null : entityKey(content.entity),
    anchor: content.kind === "genesis" ? content.anchor : null,
    message: content.kind === "genesis" ? null : encodeMessage(content.message),
    signers: metadata.signers.length,
    signedStake: metadata.signers.reduce((sum, { stake }) => sum + stake, 0n).toString(),
    totalStake: aggregateKey.totalStake.toString(),
    initiatedAt: metadata.initiatedAt.toString(),
    sealedAt: metadata.sealedAt.toString(),
    onChain,
  };
}

/** A message that waits for its quorum: how far it is. */
export function messageToWire(open: OpenMessage, signatures: readonly SignatureMessage[], view: EpochView | undefined) {
  const indexes = new Set(signatures.flatMap(({ signature }) => signature.indexes));
  const stakeOf = new Map(view?.keys.stewards.map(({ steward, stake }) => [steward, stake]));
  const stake = signatures.reduce((sum, { steward }) => sum + (stakeOf.get(steward) ?? 0n), 0n);
  return {
    key: open.key,
    ...openMessageToJson(open),
    signers: signatures.map(({ steward }) => steward),
    stake: stake.toString(),
    share: view === undefined ? null : shareOf(stake, view.keys.registration.totalStake),
    indexes: indexes.size,
    quorum: view === undefined ? null : view.parameters.k.toString(),
  };
}
