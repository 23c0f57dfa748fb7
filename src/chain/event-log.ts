import type { Log, Provider, TopicFilter } from "ethers";

/** Which logs to read: a contract's, from a block up to another, or to the newest one when the reading starts. */
export interface LogQuery {
  readonly address: string;
  readonly topics: TopicFilter;
  readonly fromBlock: number;
  readonly toBlock?: number;
}

const LARGEST_RANGE = 10_000;

/**
 * Reads all logs of a query, oldest first, in ranges that providers accept. A range that a provider refuses, because it
 * or its answer is too large, is halved until a single block remains; then the refusal is passed on.
 */
export async function readLogs(provider: Provider, query: LogQuery, range = LARGEST_RANGE): Promise<Log[]> {
  const newest = query.toBlock ?? (await provider.getBlockNumber());
  const logs: Log[] = [];
  let from = query.fromBlock;
  let size = range;
  while (from <= newest) {
    const to = Math.min(newest, from + size - 1);
    try {
      const { address, topics } = query;
      logs.push(...(await provider.getLogs({ address, topics, fromBlock: from, toBlock: to })));
      from = to + 1;
    } catch (error) {
      if (size === 1) throw error;
      size = Math.ceil(size / 2);
    }
  }
  return logs;
}
