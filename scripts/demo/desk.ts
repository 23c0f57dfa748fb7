import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import { pino } from "pino";

import { startClaimService } from "../../src/bin/start-claim-service.js";
import { parseClaimServiceConfig } from "../../src/config/claim-service.js";
import { ClaimClient, type WireClaim } from "../../src/http/claim-client.js";
import type { AllocationBook } from "../../src/merkle/allocation.js";
import { Secret } from "../../src/shared/secret.js";
import type { ClaimDesk } from "./claims.js";
import type { Round } from "./round.js";

const CONFIRMATIONS = 3;

/** The claim service of this round, and the front end that talks to it. */
export interface OpenDesk extends ClaimDesk {
  readonly url: string;
  /** Mines what makes the claims final and lets the service see it. */
  settle(): Promise<void>;
  /** Writes the service's audit log; returns how many events it has. */
  exportAudit(file: string): Promise<number>;
  close(): Promise<void>;
}

/** Starts the claim service in this process, on PGlite in the round's folder, listening on the loopback address. */
export async function openDesk(
  round: Round,
  rpcUrl: string,
  folders: { readonly list: string; readonly artefacts: string },
  book: AllocationBook,
): Promise<OpenDesk> {
  const secret = randomBytes(32).toString("hex");
  const operatorSecret = randomBytes(32).toString("hex");
  const config = parseClaimServiceConfig({
    CLAIMS_RPC_URL: rpcUrl,
    CLAIMS_CHAIN_ID: round.domain.chainId.toString(),
    CLAIMS_DISTRIBUTOR: round.domain.verifyingContract,
    CLAIMS_LIST: folders.list,
    CLAIMS_DATA: path.join(folders.artefacts, "claims-database"),
    CLAIMS_PORT: "0",
    CLAIMS_SIGNER_KEY: round.claimSigner.privateKey,
    CLAIMS_SECRET: secret,
    CLAIMS_OPERATOR_SECRET: operatorSecret,
    CLAIMS_CONFIRMATIONS: CONFIRMATIONS.toString(),
    CLAIMS_POLL_MILLISECONDS: "200",
    CLAIMS_STALE_SECONDS: "86400",
    CLAIMS_MAX_HEAD_AGE: "0",
  });
  const logger = pino(createWriteStream(path.join(folders.artefacts, "claim-service.log")));
  // The chain's clock runs ahead of this machine's: the walk-through moves it. The service lives in the chain's time.
  const ahead = (await round.chain.now()) * 1_000 - Date.now();
  const clock = { now: () => Date.now() + ahead };
  const service = await startClaimService(config, { book, logger, clock });
  const bytes = (hex: string) => new Secret(Uint8Array.from(Buffer.from(hex, "hex")));
  const client = new ClaimClient({ url: service.url, secret: bytes(secret), now: clock.now });
  const operator = new ClaimClient({
    url: service.url,
    secret: bytes(operatorSecret),
    role: "operator",
    now: clock.now,
  });
  return {
    url: service.url,
    request: async (userId, account, delegatee) => fromWire(await client.claim({ userId, account, delegatee })),
    async requestSponsored({ userId, account, delegatee, submitter, deadline }, accountSignature) {
      const request = { userId, account, delegatee, submitter, deadline: deadline.toString(), accountSignature };
      return fromWire(await client.claim(request));
    },
    async report(userId, transactionHash) {
      await client.report(userId, transactionHash);
    },
    status: (userId) => client.state(userId),
    async settle() {
      for (let block = 0; block < CONFIRMATIONS; block += 1) await round.chain.send("evm_mine", []);
      await service.follower.step();
    },
    async exportAudit(file) {
      const log = await operator.audit();
      await writeFile(file, log);
      return log.split("\n").filter((line) => line !== "").length;
    },
    close: () => service.close(),
  };
}

function fromWire({ claim, proof, signature }: WireClaim) {
  return {
    claim: { ...claim, amount: BigInt(claim.amount), deadline: BigInt(claim.deadline) },
    proof,
    ...(signature === undefined ? {} : { signature }),
  };
}
