// An alarm as it is stored and sent. 64-bit integers are decimal strings, as on all our wires.
import { DocumentReader } from "../../shared/document.js";
import { DomainError } from "../../shared/errors.js";
import type { NodeErrorCode } from "../protocol/errors.js";
import { type Alarm, ALARM_KINDS } from "./alarm.js";

const read = new DocumentReader<NodeErrorCode>("nodes/store-damaged");

export function alarmToJson({ kind, subject, epoch, message, details }: Alarm) {
  return { kind, subject, epoch: epoch.toString(), message, details };
}

/** Throws `nodes/store-damaged` for anything but such a document. */
export function alarmFromJson(value: unknown): Alarm {
  const { kind, subject, epoch, message, details } = read.object(value, "alarm", [
    ...["kind", "subject", "epoch", "message", "details"],
  ]);
  return {
    kind: read.literal(kind, "alarm.kind", ...ALARM_KINDS),
    subject: read.string(subject, "alarm.subject"),
    epoch: BigInt(read.string(epoch, "alarm.epoch", /^(0|[1-9]\d{0,18})$/)),
    message: read.string(message, "alarm.message"),
    details: Object.fromEntries(
      Object.entries(read.record(details, "alarm.details")).map(([name, detail]) => {
        if (typeof detail === "string" || typeof detail === "number") return [name, detail];
        throw new DomainError<NodeErrorCode>(
          "nodes/store-damaged",
          `alarm.details.${name}: is neither text nor number`,
        );
      }),
    ),
  };
}
