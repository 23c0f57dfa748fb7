// The virtual users of the load benchmark: each repeats one visit over a connection of its own and thinks between requests.
// autocannon sends and measures; it has sequences, but no time to think, which is put before each of its requests here.
import type { EventEmitter } from "node:events";

import autocannon from "autocannon";

import { type People, SUBMITS } from "./people.js";

export type Step = "nonce" | "session" | "submit" | "score";
export const STEPS: readonly Step[] = ["nonce", "session", "submit", "score"];
/** Requests of one visit. */
export const VISIT = 3 + SUBMITS;

export interface LoadPlan {
  readonly url: string;
  readonly scorer: number;
  readonly users: number;
  /** Milliseconds between an answer and the next request. */
  readonly think: number;
  /** Milliseconds over which the users arrive, so that they are not all at the same step; not measured. */
  readonly arrival: number;
  /** Milliseconds that are measured. */
  readonly duration: number;
  readonly onMeasuring: () => void;
}

export interface LoadFigures {
  /** Milliseconds of every answer, by step, failed ones included. */
  readonly latencies: Readonly<Record<Step, number[]>>;
  readonly succeeded: number;
  /** What the failed requests were answered, or why they were not, and how often. */
  readonly failures: ReadonlyMap<string, number>;
  /** Stamps that were acknowledged in the whole run, arrival included. */
  readonly acknowledged: number;
  /** Seconds. */
  readonly seconds: number;
}

interface Visit {
  person?: number;
  session?: string;
  token?: string;
  submit?: number;
  stamps?: number;
}
type Client = EventEmitter & { _doRequest?: () => void; destroyed?: boolean };

const TIMEOUT_SECONDS = 90;

export async function runUsers(people: People, plan: LoadPlan): Promise<LoadFigures> {
  const { users, think, arrival, duration } = plan;
  const latencies: Record<Step, number[]> = { nonce: [], session: [], submit: [], score: [] };
  const failures = new Map<string, number>();
  let [succeeded, acknowledged] = [0, 0];
  const begin = performance.now() + arrival;
  const end = begin + duration;
  const isMeasured = () => performance.now() >= begin && performance.now() < end;
  const fail = (reason: string) => isMeasured() && failures.set(reason, (failures.get(reason) ?? 0) + 1);

  // A client calls onResponse and tells of the response in the same turn.
  let judged: { step: Step; failure: string | null } = { step: "nonce", failure: null };
  const step = (
    name: Step,
    write: (visit: Visit) => { method: "GET" | "POST"; path: string; body?: string } | undefined,
    read: (body: string, visit: Visit) => string | null,
  ): autocannon.Request => ({
    setupRequest: ((request: autocannon.Request, context: object) => {
      const visit = context as Visit;
      const wanted = write(visit);
      if (wanted === undefined) return undefined;
      return { ...request, ...wanted, headers: headersOf(visit, wanted.body !== undefined) };
    }) as NonNullable<autocannon.Request["setupRequest"]>,
    onResponse: (status, body, context) => {
      const failure = status >= 200 && status < 300 ? read(body, context as Visit) : `${status} ${codeIn(body)}`;
      judged = { step: name, failure: failure === null ? null : `${name}: ${failure}` };
    },
  });

  const passport = (visit: Visit) => `/v1/scorers/${plan.scorer}/passports/${people.address(visit.person as number)}`;
  const submit = (index: number) =>
    step(
      "submit",
      (visit) => {
        if (visit.token === undefined) return undefined;
        const { body, stamps } = people.submission(visit.person as number, index);
        visit.stamps = stamps;
        return { method: "POST", path: `${passport(visit)}/stamps`, body };
      },
      (body, visit) => {
        const { results } = JSON.parse(body) as { results: { status: string }[] };
        const refused = results.find(({ status }) => status !== "counted");
        if (refused !== undefined || results.length !== visit.stamps)
          return `a stamp is ${refused?.status ?? "missing"}`;
        acknowledged += results.length;
        return null;
      },
    );
  const requests = [
    step(
      "nonce",
      (visit) => {
        visit.person = people.take();
        return { method: "POST", path: "/v1/nonces" };
      },
      (body, visit) => {
        const { nonce } = JSON.parse(body) as { nonce: string };
        void people.session(visit.person as number, nonce).then((session) => (visit.session = session));
        return null;
      },
    ),
    step(
      "session",
      ({ session }) => (session === undefined ? undefined : { method: "POST", path: "/v1/sessions", body: session }),
      (body, visit) => {
        visit.token = (JSON.parse(body) as { token: string }).token;
        return null;
      },
    ),
    ...Array.from({ length: SUBMITS }, (_, index) => submit(index)),
    step(
      "score",
      (visit) => (visit.token === undefined ? undefined : { method: "GET", path: passport(visit) }),
      (body) => ((JSON.parse(body) as { score: string | null }).score === null ? "no score" : null),
    ),
  ];

  let user = 0;
  const setupClient = (given: unknown) => {
    const client = given as Client;
    pace(client, think, (arrival * user++) / users);
    client.on("response", (_status: number, _bytes: number, milliseconds: number) => {
      if (!isMeasured()) return;
      latencies[judged.step].push(milliseconds);
      if (judged.failure === null) succeeded += 1;
      else fail(judged.failure);
    });
    client.on("timeout", () => fail(`no answer in ${TIMEOUT_SECONDS} seconds`));
    client.on("connError", (error: Error) => fail(`connection: ${error.message}`));
  };
  const measuring = setTimeout(plan.onMeasuring, arrival);
  await autocannon({
    url: plan.url,
    connections: users,
    duration: Math.ceil((arrival + duration) / 1000),
    timeout: TIMEOUT_SECONDS,
    requests,
    setupClient,
  });
  clearTimeout(measuring);
  return { latencies, succeeded, failures, acknowledged, seconds: duration / 1000 };
}

/** Every request of a client waits: the first for the user's arrival, the others for its thinking. */
function pace(client: Client, think: number, arrival: number): void {
  const send = client._doRequest?.bind(client);
  if (send === undefined)
    throw new Error("this autocannon sends its requests in another way than the one it was tried with");
  let wait = arrival;
  client._doRequest = () => {
    setTimeout(() => client.destroyed !== true && send(), wait);
    wait = think;
  };
}

/** Everybody has an address of their own, as behind a reverse proxy; the limits are on. */
function headersOf({ person = 0, token }: Visit, body: boolean) {
  return {
    "x-forwarded-for": `10.${(person >> 16) & 255}.${(person >> 8) & 255}.${person & 255}`,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body ? { "content-type": "application/json" } : {}),
  };
}

function codeIn(body: string): string {
  try {
    return String((JSON.parse(body) as { code?: unknown }).code);
  } catch {
    return "(no problem document)";
  }
}
