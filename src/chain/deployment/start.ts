import type { Provider } from "ethers";

import { InvariantError } from "../../shared/errors.js";
import type { DeploymentContext } from "./plan.js";
import { keepRecord, RECORD_FORMAT, startingPoint, type DeploymentRecord } from "./record.js";

/** A deployment that may begin, or go on where it was interrupted. */
export interface DeploymentStart {
  readonly chainId: number;
  /** What a plan is made for; the same when an interrupted deployment is resumed. */
  readonly context: DeploymentContext;
  /** Keeps the plan for later runs, before the first transaction; throws when another one was begun. */
  keep(plan: unknown): Promise<void>;
}

/** Looks at chain and folder; `directory` is undefined where nothing is kept, as on an in-process chain. */
export async function startDeployment(
  provider: Provider,
  deployer: string,
  directory: string | undefined,
): Promise<DeploymentStart> {
  const [{ chainId }, genesis, latest] = await Promise.all([
    provider.getNetwork(),
    provider.getBlock(0),
    provider.getBlock("latest"),
  ]);
  if (!genesis?.hash || latest === null) throw new InvariantError("a chain has a first and a newest block");
  const here = {
    chainId: Number(chainId),
    genesis: genesis.hash,
    deployer,
    fromBlock: latest.number,
    now: latest.timestamp,
  };
  const { fromBlock, now } = directory === undefined ? here : await startingPoint(directory, here);
  return {
    chainId: here.chainId,
    context: { now, deployer },
    async keep(plan) {
      if (directory === undefined) return;
      const record: DeploymentRecord = { format: RECORD_FORMAT, ...here, fromBlock, now, plan };
      await keepRecord(directory, record);
    },
  };
}
