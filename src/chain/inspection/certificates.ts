// The stewards' contracts, where a community has them: verifier, registry and era markers. Nobody owns them; the Timelock decides.
import type { Provider } from "ethers";

import { CertificateRegistry__factory, EraMarkers__factory } from "../../../typechain-types/index.js";
import { reportEras } from "../../nodes/eras/era.js";
import { securityLevel } from "../../stm/security.js";
import { CertificateRegistryGateway, type EpochSeal } from "../certificate-registry.js";
import { type CertificateStatus, certificateStatus } from "../certificate-status.js";
import type { ProtocolParameters } from "../deployment/parameters.js";
import { EraMarkersGateway } from "../era-markers.js";
import { equal, type Finding, holds, setting } from "./finding.js";

/** Whose registry it is, which verifier it asks, and where its chain stands. */
export async function inspectCertificates(
  provider: Provider,
  addresses: {
    readonly certificates: string;
    readonly verifier: string;
    readonly timelock: string;
    readonly token: string;
  },
  fromBlock: number,
  expected: ProtocolParameters["certificates"] | undefined,
): Promise<Finding[]> {
  const registry = CertificateRegistry__factory.connect(addresses.certificates, provider);
  const [timelock, token, verifier] = await Promise.all([registry.timelock(), registry.token(), registry.verifier()]);
  const status = await certificateStatus(
    new CertificateRegistryGateway(addresses.certificates, provider, fromBlock),
    undefined,
  );
  const { clock } = status;
  const { genesis } = expected ?? {};
  return [
    equal("stewards/timelock", addresses.timelock, timelock),
    equal("stewards/token", addresses.token, token),
    equal("stewards/verifier", addresses.verifier, verifier),
    setting("stewards/epoch-length", clock.epochLength, expected?.epochLength, clock.epochLength > 0n),
    // One that is relative to the deployment is not in the parameters.
    setting("stewards/genesis", clock.genesis, genesis && "at" in genesis ? genesis.at : undefined, true),
    ...inspectParameters(status, expected),
    says("stewards/epoch", spellEpoch(status)),
    says("stewards/signing-key", spellSeal(status.signing)),
    says("stewards/next-key", spellSeal(status.next)),
    says("stewards/certified", spellChain(status)),
  ];
}

/** Those that hold now, as the file has them unless a vote changed them, and what is scheduled. */
function inspectParameters(
  { parameters, scheduled }: CertificateStatus,
  expected: ProtocolParameters["certificates"] | undefined,
): Finding[] {
  const { stm, minimumStake, minimumShare } = parameters;
  const share = expected ? expected.minimumSharePermille * 10 : undefined;
  const stake = expected ? expected.minimumStake / 10n ** 9n : undefined;
  return [
    setting("stewards/k", stm.k, expected?.k, stm.k > 0n),
    setting("stewards/m", stm.m, expected?.m, stm.m >= stm.k),
    expected ? equal("stewards/phi", String(expected.phiF), String(stm.phiF)) : says("stewards/phi", String(stm.phiF)),
    setting("stewards/minimum-stake", minimumStake, stake, minimumStake > 0n),
    setting("stewards/minimum-share", BigInt(minimumShare), share, minimumShare > 0),
    says("stewards/security", `${securityLevel(stm, 1 / 3).toFixed(1)} bits against a third of the stake`),
    says(
      "stewards/scheduled",
      scheduled
        .map(({ epoch, stm: { k, m, phiF } }) => `k ${k}, m ${m}, phi_f ${phiF} from epoch ${epoch} on`)
        .join("; ") || "no change",
    ),
  ];
}

/** That the eras are those of this registry, and which one holds. */
export async function inspectEras(
  provider: Provider,
  addresses: { readonly eras: string; readonly certificates: string },
): Promise<Finding[]> {
  const registry = await EraMarkers__factory.connect(addresses.eras, provider).registry();
  const markers = await new EraMarkersGateway(addresses.eras, provider).markers();
  const { epoch } = await new CertificateRegistryGateway(addresses.certificates, provider, 0).clock();
  const { eras } = reportEras(markers, epoch > 0n ? epoch : 1n);
  const spelled = eras.map(({ marker, stage }) => {
    const since = marker.epoch === undefined ? "" : ` from epoch ${marker.epoch} on`;
    return `${marker.name} of protocol version ${marker.protocolVersion}, ${stage}${since}`;
  });
  return [
    equal("markers/registry", addresses.certificates, registry),
    holds(
      "markers/active",
      eras.some(({ stage }) => stage === "active"),
      "an active era",
      spelled.join("; "),
    ),
  ];
}

/** What is as it is: shown, and never wrong. */
const says = (id: string, actual: string): Finding => holds(id, true, actual, actual);

function spellEpoch({ clock, nextEpochAt, registered }: CertificateStatus): string {
  if (clock.epoch === 0n) return `before the first epoch, which begins at ${clock.genesis}`;
  return `${clock.epoch} until ${nextEpochAt}, ${registered} keys registered in it`;
}

function spellSeal(seal: EpochSeal | undefined): string {
  if (seal?.key === undefined) return seal?.status ?? "none yet";
  const { root, leaves, totalStake } = seal.key;
  return `${leaves} stewards, stake ${totalStake}, root ${Buffer.from(root).toString("hex")}`;
}

const spellChain = ({ chain: { lastCertified, anchors, permitted } }: CertificateStatus): string =>
  [
    lastCertified === 0n ? "nothing yet" : `epoch ${lastCertified}, under anchor ${anchors}`,
    ...(permitted === undefined ? [] : [`a chain may begin in an epoch from ${permitted.first} to ${permitted.last}`]),
  ].join("; ");
