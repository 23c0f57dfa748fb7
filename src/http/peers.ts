import ipaddr from "ipaddr.js";

export type AddressRange = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Parses "10.0.0.0/8" or a single address; `undefined` for anything else. */
export function parseRange(text: string): AddressRange | undefined {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch {
    return undefined;
  }
}

/** Whether an address is in one of the ranges; IPv4 that arrives on an IPv6 socket counts as IPv4. */
export function inRanges(address: string | undefined, ranges: readonly AddressRange[]): boolean {
  if (address === undefined || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some(([network, bits]) => parsed.kind() === network.kind() && parsed.match(network, bits));
}

/** What a rate limit counts: an IPv4 address, or the /64 that one IPv6 subscriber has; `undefined` for no address. */
export function rateLimitGroup(address: string): string | undefined {
  if (!ipaddr.isValid(address)) return undefined;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  const network = (parsed as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(":")}::/64`;
}
