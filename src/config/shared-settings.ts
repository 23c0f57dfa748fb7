// Settings that every service has.
import type { DatabaseLocation } from "../database/open-database.js";
import type { RateLimit } from "../http/admit-request.js";
import { parseRange, type AddressRange } from "../http/peers.js";
import { DomainError } from "../shared/errors.js";
import { Secret } from "../shared/secret.js";
import type { EnvironmentReader } from "./environment-reader.js";

/** A server where `DATABASE_URL` names one, else a folder of the service's own. */
export function databaseLocation(
  env: EnvironmentReader,
  url: string | undefined,
  standardFolder: string,
): DatabaseLocation {
  const folder = env.text("DATA", standardFolder);
  if (url === undefined || url === "") return { kind: "folder", folder };
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new DomainError("config/invalid", "DATABASE_URL must be a postgres:// URL");
  }
  return { kind: "server", url: new Secret(url) };
}

/** A limit written as requests/seconds. */
export function rateLimit(env: EnvironmentReader, name: string, standard: string): RateLimit {
  const match = /^([1-9][0-9]{0,8})\/([1-9][0-9]{0,5})$/.exec(env.text(name, standard));
  if (match === null) throw env.invalid(name, "requests/seconds, such as 10/60");
  return { requests: Number(match[1]), windowSeconds: Number(match[2]) };
}

/** Who may ask for what is not for everybody; this machine alone unless told. */
export const allowedPeers = (env: EnvironmentReader): AddressRange[] =>
  env.list("ALLOWED_PEERS", "127.0.0.0/8,::1/128", "addresses or CIDR ranges", parseRange);

/** Reverse proxies whose word about a client's address counts. */
export function trustedProxies(env: EnvironmentReader): string[] {
  if (env.optionalText("TRUSTED_PROXIES") === undefined) return [];
  return env.list("TRUSTED_PROXIES", "", "addresses or CIDR ranges", (text) =>
    parseRange(text) === undefined ? undefined : text,
  );
}
