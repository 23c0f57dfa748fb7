import { readFile } from "node:fs/promises";

import type { FastifyInstance } from "fastify";

import { connectRpc } from "../chain/provider.js";
import { DistributorGateway, type DistributorFacts } from "../chain/distributor-gateway.js";
import { ChainFollower } from "../claims/chain-follower.js";
import { ClaimService } from "../claims/claim-service.js";
import { ClaimError } from "../claims/errors.js";
import type { Alerts, ClaimLedger } from "../claims/ports.js";
import { guardedSigner, type ClaimSigner } from "../claims/signer.js";
import { decryptKeystore } from "../claims/signers/keystore.js";
import { keySigner } from "../claims/signers/key-signer.js";
import { claimDomain, type ClaimDomain } from "../claims/typed-data.js";
import type { ClaimServiceConfig, SigningKeySource } from "../config/claim-service.js";
import { exportAuditLog } from "../database/audit-log.js";
import { DatabaseClaimLedger } from "../database/database-claim-ledger.js";
import { openDatabase } from "../database/open-database.js";
import { RequestAdmission } from "../database/request-admission.js";
import { allAlerts, logAlerts, webhookAlerts } from "../http/alerts.js";
import { createClaimApp } from "../http/app.js";
import { createMetrics } from "../http/metrics.js";
import type { AllocationBook } from "../merkle/allocation.js";
import { systemClock, unixSeconds, type Clock } from "../shared/clock.js";
import type { Logger } from "../shared/logger.js";
import { Secret } from "../shared/secret.js";
import { listen, startUp } from "./start-up.js";

/** What a caller may bring along instead of what the configuration leads to. */
export interface ClaimServiceParts {
  readonly book: AllocationBook;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** A KMS, say; it should guard itself as {@link guardedSigner} does. */
  readonly signer?: ClaimSigner;
  readonly alerts?: Alerts;
  /** Wraps the ledger: tests stop the process between its steps. */
  readonly wrapLedger?: (ledger: ClaimLedger) => ClaimLedger;
}

export interface RunningClaimService {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly follower: ChainFollower;
  close(): Promise<void>;
}

const PURGE_MILLISECONDS = 60_000;

/**
 * Wires the claim service and starts it. It refuses to start when the distributor at the configured address has another
 * EIP-712 domain, root, list or signer than this service was set up for.
 */
export async function startClaimService(
  config: ClaimServiceConfig,
  parts: ClaimServiceParts,
): Promise<RunningClaimService> {
  const { book, logger } = parts;
  const clock = parts.clock ?? systemClock;
  const metrics = createMetrics();
  const counted: Alerts = { raise: ({ pattern }) => metrics.alerts.inc({ pattern }) };
  const webhook = config.alertWebhook === null ? [] : [webhookAlerts(config.alertWebhook, logger, clock)];
  const given = parts.alerts === undefined ? [] : [parts.alerts];
  const alerts = allAlerts(counted, logAlerts(logger), ...webhook, ...given);

  const domain = claimDomain(config.chainId, config.distributor);
  const signer = guardedSigner(parts.signer ?? keySigner(await readSigningKey(config.signingKey), domain), book);
  const provider = connectRpc(config.rpcUrl, config.chainId);
  return startUp(async (onClose) => {
    onClose(() => provider.destroy());
    const chain = new DistributorGateway(provider, config.distributor);
    checkCampaign(await chain.facts(), domain, book, signer.account);
    const db = await openDatabase(config.database);
    onClose(() => db.destroy());
    const stored = new DatabaseClaimLedger(db);
    const ledger = parts.wrapLedger?.(stored) ?? stored;
    const admission = new RequestAdmission(db);
    const follower = new ChainFollower(config.follower, { chain, ledger, book, alerts, clock, logger });
    await follower.step();

    const chainStatus = () => follower.status();
    const service = new ClaimService(
      { domain, lifetime: config.lifetime, shortestLifetime: config.shortestLifetime, breaker: config.breaker },
      { book, ledger, chain, chainStatus, signer, alerts, clock, logger },
    );
    const { frontendSecret: frontend, operatorSecret: operator, allowedPeers } = config;
    const { timestampWindow, compatibility, limits, bodyLimit } = config;
    const authentication = { secrets: { frontend, operator }, allowedPeers, timestampWindow, compatibility };
    const app = await createClaimApp(
      { authentication, limits, bodyLimit },
      {
        service,
        admit: (request) => admission.admit(request),
        chainStatus,
        suspension: () => ledger.suspension(),
        exportAudit: (after) => exportAuditLog(db, after),
        alerts,
        metrics,
        clock,
        logger,
      },
    );
    onClose(follower.start());
    const purge = setInterval(() => {
      // A purge that fails is tried again: it only frees space.
      admission.purge(unixSeconds(clock)).catch(() => logger.warn({}, "old nonces could not be removed"));
    }, PURGE_MILLISECONDS);
    onClose(() => clearInterval(purge));
    const url = await listen(app, config);
    onClose(() => app.close());
    logger.info({ url, distributor: config.distributor, signer: signer.account }, "claim service listens");
    return { url, app, follower };
  });
}

function checkCampaign(facts: DistributorFacts, domain: ClaimDomain, book: AllocationBook, signer: string): void {
  for (const field of ["name", "version", "chainId", "verifyingContract"] as const) {
    if (facts.domain[field] === domain[field]) continue;
    const message = `The distributor's EIP-712 ${field} is ${facts.domain[field]}, configured is ${domain[field]}`;
    throw new ClaimError("claims/domain-mismatch", message);
  }
  const pairs = [
    ["Merkle root", facts.merkleRoot, book.root],
    ["list hash", facts.listHash, book.listHash],
    ["signer", facts.signer, signer],
  ] as const;
  for (const [what, onChain, ours] of pairs) {
    if (onChain.toLowerCase() === ours.toLowerCase()) continue;
    throw new ClaimError("claims/campaign-mismatch", `The distributor's ${what} is ${onChain}, ours is ${ours}`);
  }
}

async function readSigningKey(source: SigningKeySource): Promise<Secret> {
  if (source.kind === "key") return source.key;
  const json = await readFile(source.file, "utf8");
  const password =
    "password" in source
      ? source.password
      : new Secret((await readFile(source.passwordFile, "utf8")).replace(/\r?\n$/, ""));
  return decryptKeystore(json, password);
}
