/** How long a peer may keep its readers waiting, and how often, in milliseconds. */
const MOST_PATIENCE = 120_000;
const MOST_REQUESTS = 5;

export type Sleep = (milliseconds: number) => Promise<void>;

/**
 * Asks again while the answer is 429, after as long as the peer says (RFC 9110, Retry-After in seconds). What it says otherwise is
 * given back, and so is a 429 of one who asks for too much patience.
 */
export async function askPatiently<Answer extends { readonly status: number; readonly headers: Headers }>(
  ask: () => Promise<Answer>,
  sleep: Sleep,
): Promise<Answer> {
  for (let request = 1; ; request++) {
    const answer = await ask();
    if (answer.status !== 429 || request === MOST_REQUESTS) return answer;
    const seconds = Number(/^[0-9]{1,4}$/.exec(answer.headers.get("retry-after") ?? "")?.[0] ?? "1");
    if (seconds * 1000 > MOST_PATIENCE) return answer;
    await sleep(seconds * 1000);
  }
}
