import { passportDatabase } from "../../src/config/passport-service.js";
import type { DatabaseLocation } from "../../src/database/open-database.js";

export type DatabasePlace = Exclude<DatabaseLocation, { kind: "memory" }>;

/** The database that was named, or that the passport service's settings name. */
export function databasePlace(folder: string | undefined): DatabasePlace {
  return folder === undefined ? (passportDatabase(process.env) as DatabasePlace) : { kind: "folder", folder };
}

const MIB = 2 ** 20;
export const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

/** Whether a place that was typed is a mirror, or several, and not a folder. */
export const isRemote = (place: string): boolean => /^https?:\/\//.test(place);
