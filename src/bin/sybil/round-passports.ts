import { access } from "node:fs/promises";
import path from "node:path";

import { guardSybilDatabase } from "../../database/database-errors.js";
import { connectDatabase, type DatabaseLocation } from "../../database/open-database.js";
import { readPassportsAt } from "../../database/sybil/round-passports.js";
import type { Secret } from "../../shared/secret.js";
import { SybilError } from "../../sybil/errors.js";
import type { PassportPlace, ReadPassports } from "../../sybil/round/passports.js";

/** Reads passports from the databases that rounds name; `server` gives the URL of the one that they only point at. */
export const passportReader =
  (server: () => Promise<Secret>): ReadPassports =>
  async (place, time, accounts) => {
    const location = await locationOf(place, server);
    const db = await guardSybilDatabase(() => connectDatabase(location));
    try {
      return await readPassportsAt(db, place.scorer, time, accounts);
    } finally {
      await db.destroy();
    }
  };

async function locationOf(place: PassportPlace, server: () => Promise<Secret>): Promise<DatabaseLocation> {
  if (!("folder" in place)) return { kind: "server", url: await server(), connections: 1 };
  const { folder } = place;
  try {
    // The engine would make an empty database of a folder that is not there.
    await access(path.join(folder, "PG_VERSION"));
  } catch (cause) {
    throw new SybilError("sybil/unreadable", `${folder} is not the folder of a database`, {}, { cause });
  }
  return { kind: "folder", folder };
}
