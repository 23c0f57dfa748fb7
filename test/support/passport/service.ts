import { randomBytes } from "node:crypto";

import { Wallet } from "ethers";
import type { Kysely } from "kysely";
import { sql } from "kysely";

import { DatabaseAnchorRequestStore } from "../../../src/database/anchor-request-store.js";
import { DatabaseApiKeyStore } from "../../../src/database/api-key-store.js";
import { DatabaseAnchorStore } from "../../../src/database/database-anchor-store.js";
import { DatabasePassportStore } from "../../../src/database/database-passport-store.js";
import { DatabaseNonceStore } from "../../../src/database/nonce-store.js";
import { openDatabase } from "../../../src/database/open-database.js";
import { RequestAdmission, type Admission, type AdmissionRequest } from "../../../src/database/request-admission.js";
import type { Database } from "../../../src/database/schema.js";
import { createPassportApp } from "../../../src/http/passport/app.js";
import { createPassportMetrics } from "../../../src/http/passport/metrics.js";
import { parseRange, type AddressRange } from "../../../src/http/peers.js";
import type { Prover } from "../../../src/passport/prover.js";
import { memorySigner } from "../../../src/passport/signature.js";
import { SignIn } from "../../../src/passport/sign-in.js";
import type { VerificationContext } from "../../../src/passport/verify.js";
import { AnchorRequests } from "../../../src/scoring/service/anchor-requests.js";
import { AnchorService } from "../../../src/scoring/service/anchor.js";
import { ApiKeys, type Scope } from "../../../src/scoring/service/api-keys.js";
import { PassportService } from "../../../src/scoring/service/passport-service.js";
import { RevocationLists } from "../../../src/scoring/service/revocation-lists.js";
import { Rescorer } from "../../../src/scoring/service/rescore.js";
import type { readVersion } from "../../../src/scoring/service/scorer-version.js";
import { silentLogger, type Logger } from "../../../src/shared/logger.js";
import { Secret } from "../../../src/shared/secret.js";
import type { TestEngine } from "../databases.js";
import { bytesOf, context, issued, NOW } from "./stamps.js";

export const REGISTRY = "0x5AFE000000000000000000000000000000001234";
export const SITE = "round.example.org";

export interface WorldOptions {
  readonly read?: typeof readVersion;
  readonly page?: number;
  readonly logger?: Logger;
  readonly trust?: (now: number) => Partial<Omit<VerificationContext, "bans" | "revocations">>;
  /** Issuers' revocation lists by name; a test may change them. */
  readonly lists?: Record<string, unknown>;
  readonly limits?: { key?: number; address?: number };
  readonly prove?: Prover;
  readonly admit?: (request: AdmissionRequest) => Promise<Admission>;
}

/** One process of the service on a database. Time stands still unless a test moves it. */
export async function passportProcess(db: Kysely<Database>, time: { now: number }, options: WorldOptions = {}) {
  const clock = { now: () => time.now * 1000 };
  const logger = options.logger ?? silentLogger;
  const store = new DatabasePassportStore(db, options.read);
  const verification = (now: number) => context({ now, ...options.trust?.(now) });
  const service = new PassportService({
    ...{ store, verification, clock, logger },
    ...(options.prove === undefined ? {} : { prove: options.prove }),
  });
  const rescorer = new Rescorer({ store, service, clock }, options.page === undefined ? {} : { page: options.page });
  const revocationLists = new RevocationLists({
    ...{ service, verification, clock, logger },
    sources: Object.keys(options.lists ?? {}),
    read: (source) => Promise.resolve(options.lists?.[source]),
  });
  const signer = memorySigner(bytesOf("operator"));
  const anchors = new AnchorService(
    {
      chainId: 1n,
      registry: REGISTRY,
      maxLifetime: 90 * 86_400,
      signatureLifetime: 3600,
      uri: "ipfs://{scorer}/{number}",
    },
    { store: new DatabaseAnchorStore(db), service, signer, clock },
  );
  const anchorRequests = new AnchorRequests({
    ...{ store: new DatabaseAnchorRequestStore(db), service, anchors, clock },
    maxLifetime: 90 * 86_400,
  });
  const nonces = new DatabaseNonceStore(db);
  const signIn = new SignIn(
    {
      ...{ domains: [SITE], chainIds: [], maxAge: 300_000, nonceLifetime: 300, sessionLifetime: 3600 },
      sessionSecret: new Secret<Uint8Array>(bytesOf("sessions")),
    },
    { nonces, contracts: null, clock, randomBytes },
  );
  const keyStore = new DatabaseApiKeyStore(db);
  const keys = new ApiKeys({ store: keyStore, clock, randomBytes });
  const admission = new RequestAdmission(db);
  const app = await createPassportApp(
    {
      limits: {
        key: { requests: options.limits?.key ?? 100_000, windowSeconds: 900 },
        address: { requests: options.limits?.address ?? 100_000, windowSeconds: 900 },
      },
      bodyLimit: 1_048_576,
      allowedPeers: [parseRange("127.0.0.0/8") as AddressRange],
      publicUrl: "",
      trustedProxies: [],
    },
    {
      ...{
        service,
        store,
        rescorer,
        revocationLists,
        anchors,
        anchorRequests,
        signIn,
        keys,
        consents: keyStore,
        clock,
        logger,
      },
      // Tests of routes do the work themselves; the queue has a test of its own.
      queue: { add: () => Promise.resolve() },
      admit: options.admit ?? ((request) => admission.admit(request)),
      ping: async () => void (await sql`select 1`.execute(db)),
      metrics: createPassportMetrics(),
    },
  );
  return { store, service, rescorer, anchors, signIn, keys, keyStore, nonces, app, signer };
}

export type PassportProcess = Awaited<ReturnType<typeof passportProcess>>;

/** A database of its own with one process on it. */
export async function createPassportWorld(engine: TestEngine, options: WorldOptions = {}) {
  const database = await engine.create();
  const db = await openDatabase(database.location);
  const time = { now: NOW };
  const first = await passportProcess(db, time, options);
  const others: Kysely<Database>[] = [];
  return {
    ...first,
    db,
    time,
    /** Another process on the same database; on PGlite, which has one session, on the same connection. */
    async another(more: WorldOptions = options): Promise<PassportProcess> {
      if (database.location.kind !== "server") return passportProcess(db, time, more);
      const own = await openDatabase(database.location);
      others.push(own);
      return passportProcess(own, time, more);
    },
    async close() {
      await first.app.close();
      for (const own of others) await own.destroy();
      await db.destroy();
      await database.drop();
    },
  };
}

export type PassportWorld = Awaited<ReturnType<typeof createPassportWorld>>;

export const rules = (changes: object = {}) => ({
  format: "touchstone-scorer-rules-v1",
  threshold: "20",
  weights: {
    "ETHDaysActive#50": "0.207",
    "githubContributionActivityGte#30": "1.879",
    "githubContributionActivityGte#60": "1.888",
    HolonymGovIdProvider: "16.026",
  },
  ...changes,
});
export const simpleRules = (changes: object = {}) =>
  rules({ threshold: "1", weights: { Google: "1", Discord: "0.5" }, ...changes });

export const scorerOf = (world: PassportWorld, document: object = simpleRules()) =>
  world.service.createScorer({ name: "round", author: "tests", reason: "first", rules: document });

/** The evidence `id` of a person, as an account's stamp. */
export const stampOf = (account: string, provider = "Google", id = account, now = NOW) =>
  issued({ account, provider, evidence: { id } }, undefined, now);

export async function keyOf(process: Pick<PassportProcess, "keys">, ...scopes: Scope[]) {
  const key = await process.keys.create("test", scopes, null);
  return { id: key.id, headers: { "x-api-key": key.text } };
}

/** A sign-in message as a wallet shows it. */
export const siweMessage = (address: string, nonce: string, changes: { domain?: string; issuedAt?: string } = {}) =>
  [
    `${changes.domain ?? SITE} wants you to sign in with your Ethereum account:`,
    address,
    "",
    "Show me my passport.",
    "",
    `URI: https://${changes.domain ?? SITE}/passport`,
    "Version: 1",
    "Chain ID: 1",
    `Nonce: ${nonce}`,
    `Issued At: ${changes.issuedAt ?? new Date(NOW * 1000).toISOString()}`,
  ].join("\n");

export const walletOf = (name: string) => new Wallet(`0x${Buffer.from(bytesOf(`wallet ${name}`)).toString("hex")}`);

/** Headers of a holder who has signed in. */
export async function holderHeaders({ signIn }: Pick<PassportProcess, "signIn">, wallet: Wallet) {
  const { nonce } = await signIn.nonce();
  const message = siweMessage(wallet.address, nonce);
  const { token } = await signIn.verify(message, await wallet.signMessage(message));
  return { authorization: `Bearer ${token}` };
}
