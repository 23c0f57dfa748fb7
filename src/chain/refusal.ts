import { Interface, type ErrorDescription } from "ethers";

import {
  CertificateRegistry__factory,
  EraMarkers__factory,
  GovernanceToken__factory,
  IdentityStaking__factory,
  PassportRegistry__factory,
  StmVerifier__factory,
  Timelock__factory,
  TokenDistributor__factory,
  TokenGovernor__factory,
  TreasuryVester__factory,
} from "../../typechain-types/index.js";

// Bubbled errors come from any contract that a call went through, so all of ours are known here.
const interfaces = [
  TokenDistributor__factory,
  GovernanceToken__factory,
  TokenGovernor__factory,
  Timelock__factory,
  TreasuryVester__factory,
  IdentityStaking__factory,
  PassportRegistry__factory,
  CertificateRegistry__factory,
  StmVerifier__factory,
  EraMarkers__factory,
].map((factory) => factory.createInterface());
const standard = new Interface(["error Error(string message)", "error Panic(uint256 code)"]);

/**
 * The revert that an RPC error carries, as `Name(arguments)`; undefined when it is no revert that we know. `others` are the
 * interfaces of contracts that are not ours.
 */
export function describeRefusal(error: unknown, others: readonly Interface[] = []): string | undefined {
  const data = revertData(error, 0);
  if (data === undefined) return undefined;
  for (const contract of [...interfaces, ...others, standard]) {
    const parsed = contract.parseError(data);
    if (parsed !== null) return spell(parsed);
  }
  return undefined;
}

function spell({ name, args }: ErrorDescription): string {
  return `${name}(${args.map(String).join(", ")})`;
}

/** Nodes and libraries bury the bytes at different depths: under `data`, `error`, `info` or `cause`. */
function revertData(error: unknown, depth: number): string | undefined {
  if (typeof error === "string") return /^0x[0-9a-f]{8,}$/i.test(error) ? error : undefined;
  if (typeof error !== "object" || error === null || depth > 6) return undefined;
  for (const key of ["data", "error", "info", "cause"]) {
    const found = revertData((error as Record<string, unknown>)[key], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
