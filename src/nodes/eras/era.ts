// Which rules nodes follow in which epoch. Governance announces an era, so that programs can be upgraded, and activates it later
// from a coming epoch on (`EraMarkers`). The era of an epoch that began never changes.

/** The protocol versions whose rules this program has: how messages are computed, signed and exchanged. */
export const PROTOCOL_VERSIONS: readonly number[] = [1];

export interface EraMarker {
  readonly name: string;
  /** The version of the protocol that nodes speak in the era. */
  readonly protocolVersion: number;
  /** The era's first epoch; undefined while it is only announced. */
  readonly epoch: bigint | undefined;
}

/** The markers on the chain. */
export interface EraSource {
  /** In the order of their announcement. Throws `nodes/chain-unavailable`, and `nodes/wrong-registry` for markers of another registry. */
  markers(): Promise<readonly EraMarker[]>;
}

/** How near an era is: `announced` without an epoch yet, `coming` in an epoch that is fixed, `active` now. */
export type EraStage = "announced" | "coming" | "active";
export const ERA_STAGES: readonly EraStage[] = ["announced", "coming", "active"];

export interface StagedEra {
  readonly marker: EraMarker;
  readonly stage: EraStage;
  /** Whether this program has the era's rules. */
  readonly known: boolean;
}

/** The eras as they are in an epoch. */
export interface EraReport {
  readonly epoch: bigint;
  /** The active era first, then those that come, by their epochs, then those that are only announced. Eras that ended are left out. */
  readonly eras: readonly StagedEra[];
}

/** The era of an epoch: the activated marker with the greatest epoch that is not later. Undefined where none is. */
export function eraAt(markers: readonly EraMarker[], epoch: bigint): EraMarker | undefined {
  let found: EraMarker | undefined;
  for (const marker of markers) {
    if (marker.epoch === undefined || marker.epoch > epoch) continue;
    if (found?.epoch === undefined || marker.epoch > found.epoch) found = marker;
  }
  return found;
}

/** What there is to know about eras in an epoch, for a program that has the rules of `versions`. */
export function reportEras(
  markers: readonly EraMarker[],
  epoch: bigint,
  versions: readonly number[] = PROTOCOL_VERSIONS,
): EraReport {
  const staged = (stage: EraStage) => (marker: EraMarker) => {
    return { marker, stage, known: versions.includes(marker.protocolVersion) };
  };
  const active = eraAt(markers, epoch);
  const coming = markers.filter((marker) => marker.epoch !== undefined && marker.epoch > epoch);
  return {
    epoch,
    eras: [
      ...(active === undefined ? [] : [active].map(staged("active"))),
      ...coming.sort((a, b) => (a.epoch! < b.epoch! ? -1 : 1)).map(staged("coming")),
      ...markers.filter((marker) => marker.epoch === undefined).map(staged("announced")),
    ],
  };
}

/** The active era of a report whose rules the program does not have. */
export const unknownActive = ({ eras }: EraReport): EraMarker | undefined =>
  eras.find(({ stage, known }) => stage === "active" && !known)?.marker;

/** What an operator has to do about an era whose rules the program does not have: one sentence. */
export function describeUnknown({ marker, stage }: StagedEra, versions: readonly number[] = PROTOCOL_VERSIONS): string {
  const { name, protocolVersion, epoch } = marker;
  const era = `Era "${name}" (protocol version ${protocolVersion})`;
  const knows = `this program has the rules of version ${versions.join(", ")} alone`;
  switch (stage) {
    case "announced":
      return `${era} is announced, and ${knows}: install one that has them before the era is activated`;
    case "coming":
      return `${era} begins with epoch ${epoch}, and ${knows}: install one that has them before, or this node stops its work then`;
    case "active":
      return `${era} is in force since epoch ${epoch}, and ${knows}: this node does nothing until a newer program is installed`;
  }
}
