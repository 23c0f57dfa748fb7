import { describeUnknown, type EraReport } from "../eras/era.js";
import type { Alarm, AlarmKind } from "./alarm.js";

/** What a watcher finds out by the rules of an era: where it does not have them, it cannot say whether these still hold. */
export const BY_ERA_RULES: readonly AlarmKind[] = ["fork", "low-participation", "invalid-certificate"];

/**
 * Eras that are active, or begin in an epoch that is fixed, whose rules this program does not have: stewards who run it are silent
 * then. One that is only announced is no alarm yet.
 */
export function findUnknownEras({ eras }: EraReport, versions: readonly number[]): Alarm[] {
  return eras.flatMap((era): Alarm[] => {
    const { marker, stage, known } = era;
    if (known || marker.epoch === undefined) return [];
    return [
      {
        kind: "unknown-era",
        subject: marker.name,
        epoch: marker.epoch,
        message: describeUnknown(era, versions),
        details: { protocolVersion: marker.protocolVersion, stage },
      },
    ];
  });
}
