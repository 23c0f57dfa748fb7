// What nodes of one network call their topic and their protocol. Other registries, chains and major versions never meet.
import type { RegistryDomain } from "../certificates/certificate-message.js";
import { API_VERSION, parseVersion } from "../nodes/protocol/api-version.js";

/** `/touchstone/1/0x…/signatures/1`: chain, registry and the interface's major version. */
export function signatureTopic({ chainId, address }: RegistryDomain, version: string = API_VERSION): string {
  const major = parseVersion(version)?.major ?? version;
  return `/touchstone/${chainId}/${address.toLowerCase()}/signatures/${major}`;
}

/** The protocol by which a node asks another one for the signatures that it lacks. */
export const exchangeProtocol = (registry: RegistryDomain, version: string = API_VERSION): string =>
  `${signatureTopic(registry, version)}/missing`;
