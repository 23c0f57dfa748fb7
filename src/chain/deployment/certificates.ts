import { encodeBytes32String } from "ethers";

import { DomainError } from "../../shared/errors.js";
import { c120 } from "../../stm/parameters.js";
import { toFixedPhi } from "../phi.js";
import type { CertificatesParameters, ParametersErrorCode } from "./parameters.js";

/** What the certificates' contracts are made with. */
export interface CertificatesPlan {
  readonly token: string;
  readonly timelock: string;
  readonly genesis: number;
  readonly epochLength: number;
  readonly firstAnchorUntil: number;
  readonly k: number;
  readonly m: number;
  readonly c120: bigint;
  /** 8.24 fixed point. */
  readonly phiF: number;
  /** In units of 1e9 wei. */
  readonly minimumStake: bigint;
  /** In units of 1e-4. */
  readonly minimumShare: number;
  /** Bytes32 text. */
  readonly era: string;
  readonly protocolVersion: number;
}

/** `now` is the time of the protocol's deployment, so that a rerun plans the same genesis. */
export function planCertificates(
  parameters: CertificatesParameters | null,
  addresses: { readonly timelock: string; readonly token: string },
  now: number,
): CertificatesPlan {
  if (parameters === null) {
    const message = "Parameter certificates is missing.";
    throw new DomainError<ParametersErrorCode>("deployment/bad-parameters", message, { field: "certificates" });
  }
  const { genesis, phiF, minimumStake, minimumSharePermille, era, ...rest } = parameters;
  return {
    ...addresses,
    ...rest,
    genesis: "at" in genesis ? genesis.at : now + genesis.afterDeployment,
    c120: c120(phiF),
    phiF: toFixedPhi(phiF),
    minimumStake: minimumStake / 10n ** 9n,
    minimumShare: minimumSharePermille * 10,
    era: encodeBytes32String(era),
  };
}
