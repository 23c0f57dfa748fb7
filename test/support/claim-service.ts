import {
  startClaimService,
  type ClaimServiceParts,
  type RunningClaimService,
} from "../../src/bin/start-claim-service.js";
import type { Alert } from "../../src/claims/ports.js";
import { parseClaimServiceConfig } from "../../src/config/claim-service.js";
import { ClaimClient } from "../../src/http/claim-client.js";
import type { AllocationBook } from "../../src/merkle/allocation.js";
import { silentLogger } from "../../src/shared/logger.js";
import type { Campaign } from "./campaign.js";
import { FRONTEND_SECRET, frontendSecret, OPERATOR_SECRET, operatorSecret, SIGNER_KEY } from "./secrets.js";

/** The environment of a service on a campaign: fast to follow, generous limits. */
export function serviceEnvironment(rpcUrl: string, campaign: Campaign, database: Record<string, string>) {
  return {
    CLAIMS_PORT: "0",
    CLAIMS_RPC_URL: rpcUrl,
    CLAIMS_CHAIN_ID: campaign.chainId.toString(),
    CLAIMS_DISTRIBUTOR: campaign.address,
    CLAIMS_LIST: "given by the test",
    CLAIMS_SECRET: FRONTEND_SECRET,
    CLAIMS_OPERATOR_SECRET: OPERATOR_SECRET,
    CLAIMS_SIGNER_KEY: SIGNER_KEY,
    CLAIMS_CONFIRMATIONS: "1",
    CLAIMS_POLL_MILLISECONDS: "50",
    // These chains make blocks on demand.
    CLAIMS_MAX_HEAD_AGE: "0",
    CLAIMS_LIMIT_USER: "1000/60",
    CLAIMS_LIMIT_ADDRESS: "1000/60",
    ...database,
  };
}

export interface TestService extends RunningClaimService {
  readonly frontend: ClaimClient;
  readonly operator: ClaimClient;
  readonly alerts: Alert[];
}

export async function startTestService(
  environment: Record<string, string>,
  book: AllocationBook,
  parts: Partial<ClaimServiceParts> = {},
): Promise<TestService> {
  const alerts: Alert[] = [];
  const running = await startClaimService(parseClaimServiceConfig(environment), {
    book,
    logger: silentLogger,
    alerts: { raise: (alert) => alerts.push(alert) },
    ...parts,
  });
  const now = parts.clock === undefined ? {} : { now: parts.clock.now };
  return {
    ...running,
    alerts,
    frontend: new ClaimClient({ url: running.url, secret: frontendSecret, ...now }),
    operator: new ClaimClient({ url: running.url, secret: operatorSecret, role: "operator", ...now }),
  };
}

/** Waits until `condition` holds; the test's own timeout ends it otherwise. */
export async function eventually<T>(condition: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
