// Version negotiation (certification.md, 4.2). The version is that of the HTTP interface and of how signed values are computed:
// two nodes of different versions must not believe that they sign the same thing.
import { NodeError } from "./errors.js";

export const API_VERSION_HEADER = "touchstone-api-version";
export const NODE_VERSION_HEADER = "touchstone-node-version";

/** Raised with the interface (minor where older nodes still work, major where they do not) and with what signed values mean. */
export const API_VERSION = "2.0.0";

export interface SemanticVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Parses `major.minor.patch`; undefined for anything else. */
export function parseVersion(text: string): SemanticVersion | undefined {
  const match = /^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/.exec(text);
  if (match === null) return undefined;
  const [major, minor, patch] = match.slice(1).map(Number) as [number, number, number];
  return { major, minor, patch };
}

/**
 * Whether a peer that speaks `theirs` is served by one that speaks `ours`: same major version (before 1.0.0, same minor version
 * too), and not newer in what it may ask for.
 */
export function isCompatible(theirs: string, ours: string = API_VERSION): boolean {
  const [a, b] = [parseVersion(theirs), parseVersion(ours)];
  if (a === undefined || b === undefined || a.major !== b.major) return false;
  return a.major === 0 ? a.minor === b.minor : a.minor <= b.minor;
}

/** Throws `nodes/version-mismatch` when a peer's answer is of a version that cannot be understood. */
export function requireCompatible(theirs: string | null | undefined, peer: string): void {
  if (theirs === null || theirs === undefined) return; // mirrors may be plain file servers: digests decide, not headers
  if (isCompatible(API_VERSION, theirs)) return;
  const message = `${peer} speaks version ${theirs} and this node ${API_VERSION}; install the newer one of both`;
  throw new NodeError("nodes/version-mismatch", message);
}
