import type { DatabaseAggregatorStore } from "../../database/nodes/aggregator-store.js";
import type { Admission, AdmissionRequest } from "../../database/request-admission.js";
import type { AggregatorState } from "../../nodes/aggregator/machine.js";
import type { SignatureReceiver } from "../../nodes/aggregator/receive-signature.js";
import type { EraWatch } from "../../nodes/eras/era-watch.js";
import { API_VERSION } from "../../nodes/protocol/api-version.js";
import type { ChainClock, StewardChain } from "../../nodes/protocol/chain.js";
import type { EpochViews } from "../../nodes/protocol/epoch-views.js";
import type { NodeStatus } from "../../nodes/protocol/node-status.js";
import type { Clock } from "../../shared/clock.js";
import type { Logger } from "../../shared/logger.js";
import type { SnapshotFolder } from "../../snapshots/files/snapshot-folder.js";
import { createApplication } from "../application/create-application.js";
import { describeRoutes } from "../application/describe-routes.js";
import { requirePeers } from "../application/require-peers.js";
import type { AddressRange } from "../peers.js";
import { snapshotRoutes } from "../snapshots/routes.js";
import { RequestLimits, type AggregatorLimits } from "./limits.js";
import type { AggregatorMetrics } from "./metrics.js";
import { OnChainStatuses } from "./on-chain-status.js";
import { certificateRoutes } from "./routes/certificates.js";
import { epochRoutes } from "./routes/epochs.js";
import { serviceRoutes } from "./routes/service.js";
import { signatureRoutes } from "./routes/signatures.js";
import { versionGate } from "./version-gate.js";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a request of an aggregator's route brings besides itself: counted against a limit of its own. */
    brings?: "signature";
  }
}

export interface AggregatorAppPorts {
  readonly store: DatabaseAggregatorStore;
  readonly receiver: SignatureReceiver;
  readonly chain: StewardChain;
  readonly views: EpochViews;
  /** Null or absent where there are no era markers. */
  readonly eras?: Pick<EraWatch, "report"> | null;
  /** The chain's clock; may lag by a moment. */
  readonly chainClock: () => Promise<ChainClock>;
  readonly status: NodeStatus<AggregatorState>;
  /** Null where no snapshots are served. */
  readonly snapshots: SnapshotFolder | null;
  readonly admit: (request: AdmissionRequest) => Promise<Admission>;
  /** Throws when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly metrics: AggregatorMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AggregatorAppSettings {
  readonly software: string;
  readonly role: "leader" | "follower";
  /** Whether it computes scores, or certifies stake distributions only. */
  readonly scores: boolean;
  readonly agenda: { readonly confirmations: bigint; readonly step: bigint };
  readonly limits: AggregatorLimits;
  /** The largest request body, in bytes. */
  readonly bodyLimit: number;
  /** Who may read /metrics. */
  readonly allowedPeers: readonly AddressRange[];
  readonly trustedProxies: readonly string[];
  /** Whether everybody may have chunks with stamps, and not scores alone. */
  readonly publicStamps: boolean;
  /** Where newer versions are found; part of version problems. */
  readonly upgradeUrl: string | null;
}

export interface AggregatorTools extends AggregatorAppPorts {
  readonly settings: AggregatorAppSettings;
  readonly onChain: OnChainStatuses;
}

/** The aggregator's HTTP application: signatures in, everything else out. It has no secrets and no accounts. */
export async function createAggregatorApp(settings: AggregatorAppSettings, ports: AggregatorAppPorts) {
  const { logger, metrics, chain, chainClock, clock } = ports;
  const limits = new RequestLimits(settings.limits, ports);
  const checkVersion = versionGate(settings.software, settings.upgradeUrl);
  const app = createApplication(settings, {
    ...{ logger, metrics },
    // Signers ask for an epoch until it is there.
    levelOf: ({ code }) => (code === "nodes/epoch-not-ready" ? "info" : undefined),
  });

  app.addHook("onRequest", requirePeers(settings.allowedPeers));
  // Before the body is read: strangers get no buffers.
  app.addHook("onRequest", async (request, reply) => {
    const { unlimited, brings } = request.routeOptions.config;
    if (unlimited !== true) await limits.count(request, reply, brings);
    checkVersion(request, reply);
  });

  await describeRoutes(app, {
    title: "Touchstone aggregator",
    version: API_VERSION,
    description: OPENAPI_DESCRIPTION,
  });
  const epoch = async () => (await chainClock()).epoch;
  const tools: AggregatorTools = { ...ports, settings, onChain: new OnChainStatuses(chain, epoch, clock) };
  for (const routes of [signatureRoutes, epochRoutes, certificateRoutes, serviceRoutes]) {
    await app.register(routes(tools));
  }
  if (ports.snapshots !== null) {
    const mayReadStamps = () => settings.publicStamps;
    await app.register(snapshotRoutes({ folder: ports.snapshots, mayReadStamps }));
  }
  return app;
}

const OPENAPI_DESCRIPTION = [
  "An aggregator collects the stewards' signatures and makes certificates of each quorum. Nothing that it says has to be believed:",
  "certificates verify against the registry on the chain. 64-bit integers are decimal strings; times without another unit are",
  "milliseconds. Nodes name their version as touchstone-api-version and are answered 412 when it does not fit. Failures are RFC 9457",
  "problems with the member detail; see /errors.",
].join(" ");
