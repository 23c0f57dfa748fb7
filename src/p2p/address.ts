import { peerIdFromString } from "@libp2p/peer-id";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";

/** The identity at the end of an address; undefined where it has none. */
export const peerIdOf = (address: Multiaddr): string | undefined =>
  address.getComponents().findLast(({ name }) => name === "p2p")?.value;

/** A TCP address such as `/ip4/127.0.0.1/tcp/9000`; undefined for anything else. */
export function parseListenAddress(text: string): Multiaddr | undefined {
  return /^\/(ip4|ip6)\/[^/]+\/tcp\/\d+$/.test(text) ? parse(text) : undefined;
}

/** A TCP address with the peer's identity, such as `/dns4/node.example/tcp/9000/p2p/12D3Koo…`; undefined for anything else. */
export function parsePeerAddress(text: string): Multiaddr | undefined {
  const match = /^\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+\/p2p\/([^/]+)$/.exec(text);
  return match !== null && isPeerId(match[1] as string) ? parse(text) : undefined;
}

/** The library's parser of addresses takes anything in base58 for an identity. */
function isPeerId(text: string): boolean {
  try {
    peerIdFromString(text);
    return true;
  } catch {
    return false;
  }
}

function parse(text: string): Multiaddr | undefined {
  try {
    return multiaddr(text);
  } catch {
    return undefined;
  }
}
