import type { PassportClient } from "../../src/http/passport/passport-client.js";
import { DomainError } from "../../src/shared/errors.js";
import { printResult } from "../output.js";
import { describeScore, describeStamp } from "./describe.js";

interface Credentials {
  readonly scorer: number;
  readonly account: string;
  readonly credentials: readonly unknown[];
}

/** Submits credentials and prints what became of each. A stamp that does not count is a result, not a failure. */
export async function submitCredentials(
  client: PassportClient,
  { scorer, account, credentials }: Credentials,
  json: boolean,
): Promise<void> {
  if (credentials.length === 0) {
    throw new DomainError("tasks/nothing-to-submit", "The file holds no credentials.", { account });
  }
  const { results, score } = await client.submit(scorer, account, credentials);
  printResult(json, { results, score }, [...results.map(describeStamp), ...describeScore(score)]);
}
