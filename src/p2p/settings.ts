import type { Multiaddr } from "@multiformats/multiaddr";

export interface GossipSettings {
  /** Where other nodes may connect; empty for a node that only connects by itself. */
  readonly listen: readonly Multiaddr[];
  /** Nodes to stay connected to; each address ends with the peer's identity. */
  readonly peers: readonly Multiaddr[];
  /** A file with the node's identity key, made the first time. */
  readonly keyFile: string;
  readonly maxConnections: number;
  /** The longest signature that is read, in bytes. */
  readonly messageLimit: number;
  /** New messages that one peer may bring within a time. */
  readonly rate: { readonly messages: number; readonly seconds: number };
  readonly timing: GossipTiming;
}

/** In milliseconds. */
export interface GossipTiming {
  /** Gossipsub's own: meshes are mended and messages announced this often. */
  readonly heartbeat: number;
  /** How often a node asks one of its peers for what it may have missed. */
  readonly exchange: number;
  /** The first wait before a lost peer is dialled again; it doubles up to a minute. */
  readonly redial: number;
}

export const STANDARD_TIMING: GossipTiming = { heartbeat: 1_000, exchange: 30_000, redial: 1_000 };
