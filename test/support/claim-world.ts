import { accountOfKey } from "../../src/claims/signature.js";
import type { ClaimServiceParts } from "../../src/bin/start-claim-service.js";
import type { AllocationBook } from "../../src/merkle/allocation.js";
import { deployCampaign, type Campaign, type CampaignOptions } from "./campaign.js";
import { serviceEnvironment, startTestService, type TestService } from "./claim-service.js";
import type { TestDatabase, TestEngine } from "./databases.js";
import { developmentWallet } from "./development-wallet.js";
import { worldBook } from "./claim-world-book.js";
import { startRpcChain, type RpcChain } from "./rpc-chain.js";
import { SIGNER_KEY } from "./secrets.js";

export const signerAccount = accountOfKey(Buffer.from(SIGNER_KEY.slice(2), "hex")) as string;

/** A chain with a campaign, and a database: everything that a claim service needs. */
export interface ClaimWorld {
  readonly chain: RpcChain;
  readonly book: AllocationBook;
  readonly campaign: Campaign;
  readonly database: TestDatabase;
  readonly environment: Record<string, string>;
  /** Starts a service of this process; `close` of the world stops it, too. */
  start(environment?: Record<string, string>, parts?: Partial<ClaimServiceParts>): Promise<TestService>;
  close(): Promise<void>;
}

/** `prepare` runs on the chain before the campaign is deployed, and says what differs in it. */
export async function createClaimWorld(
  engine: TestEngine,
  prepare: (chain: RpcChain) => Promise<Partial<CampaignOptions>> = () => Promise.resolve({}),
): Promise<ClaimWorld> {
  const chain = await startRpcChain();
  const book = worldBook();
  const campaign = await deployCampaign(chain.deployer, book, { signer: signerAccount, ...(await prepare(chain)) });
  const database = await engine.create();
  const environment = serviceEnvironment(chain.url, campaign, database.environment);
  const services: TestService[] = [];
  return {
    chain,
    book,
    campaign,
    database,
    environment,
    async start(changes = {}, parts = {}) {
      const service = await startTestService({ ...environment, ...changes }, book, parts);
      services.push(service);
      return service;
    },
    async close() {
      for (const service of services) await service.close();
      await database.drop();
      await chain.close();
    },
  };
}

/** An account for user `userId`: users have accounts of their own, from the development mnemonic. */
export const accountOf = (userId: number): string => developmentWallet(userId).address;
