import type { Scope } from "../../scoring/service/api-keys.js";
import { DomainError } from "../../shared/errors.js";
import type { Secret } from "../../shared/secret.js";
import { isProblemCode, type Problem } from "../problems.js";
import type { explanationToWire, rescoreToWire, resultToWire, scorerToWire, scoreToWire } from "./wire.js";

export type WireScorer = ReturnType<typeof scorerToWire>;
export type WireScore = ReturnType<typeof scoreToWire>;
export type WireStampResult = ReturnType<typeof resultToWire>;
export type WireExplanation = ReturnType<typeof explanationToWire>;
export type WireRescore = ReturnType<typeof rescoreToWire>;

/** A scorer that was made or changed, with how strong its gate is against money. */
export interface WrittenScorer extends WireScorer {
  readonly gate: { readonly class: string; readonly warnings: readonly string[] } | null;
}

export interface WireSubmission {
  /** In the order of the credentials. */
  readonly results: readonly WireStampResult[];
  readonly score: WireScore;
}

export interface NewScorer {
  readonly name: string;
  readonly description?: string;
  readonly reason: string;
  /** A `touchstone-scorer-rules-v1` document. */
  readonly rules: unknown;
}

export interface NewKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The text; it is told this once. */
  readonly key: string;
}

export interface PassportClientSettings {
  /** Such as http://127.0.0.1:8788, without a path. */
  readonly url: string;
  /** An API key, or the token of a holder's session. */
  readonly access: { readonly apiKey: Secret } | { readonly session: Secret };
  readonly timeoutMilliseconds?: number;
}

/** The service answered with a problem; its code is the problem's. */
export class PassportProblemError extends DomainError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code, problem.detail, problem);
    this.problem = problem;
  }
}

const PAGE = 1_000;
/** What the service takes in one request. */
const CREDENTIALS = 100;

interface StampPage {
  readonly next: string | null;
  readonly items: readonly { readonly credential: unknown }[];
}

/** Calls a passport service as an integrator, an operator or a holder does. Failures are the service's codes. */
export class PassportClient {
  readonly #settings: PassportClientSettings;

  constructor(settings: PassportClientSettings) {
    this.#settings = { ...settings, url: settings.url.replace(/\/+$/, "") };
  }

  /** Scope `scorers`, as for versions. */
  createScorer(scorer: NewScorer): Promise<WrittenScorer> {
    return this.#call("POST", "/v1/scorers", scorer);
  }

  addVersion(scorer: number, version: { rules: unknown; reason: string }): Promise<WrittenScorer> {
    return this.#call("POST", `/v1/scorers/${scorer}/versions`, version);
  }

  /** All scorers, page by page. */
  async scorers(): Promise<WireScorer[]> {
    const found: WireScorer[] = [];
    for (;;) {
      const path = `/v1/scorers?after=${found.at(-1)?.id ?? 0}&limit=${PAGE}`;
      const { scorers } = await this.#call<{ scorers: WireScorer[] }>("GET", path);
      found.push(...scorers);
      if (scorers.length < PAGE) return found;
    }
  }

  /** Scope `operator`; it goes on in the background. */
  rescore(scorer: number, reason: string): Promise<WireRescore> {
    return this.#call("POST", `/v1/scorers/${scorer}/rescores`, { reason });
  }

  /** Submits credentials, as many requests as they need. At least one: a score comes with them. */
  async submit(scorer: number, account: string, credentials: readonly unknown[]): Promise<WireSubmission> {
    const results: WireStampResult[] = [];
    for (let from = 0; ; from += CREDENTIALS) {
      const body = { credentials: credentials.slice(from, from + CREDENTIALS) };
      const answer = await this.#call<WireSubmission>("POST", `${passport(scorer, account)}/stamps`, body);
      results.push(...answer.results);
      if (from + CREDENTIALS >= credentials.length) return { results, score: answer.score };
    }
  }

  score(scorer: number, account: string): Promise<WireScore> {
    return this.#call("GET", passport(scorer, account));
  }

  /** Needs the holder's consent, or the holder. */
  explain(scorer: number, account: string): Promise<WireExplanation> {
    return this.#call("GET", `${passport(scorer, account)}/explanation`);
  }

  /** Everything an account has submitted, as it was sent, oldest first. Needs the holder's consent, or the holder. */
  async credentials(account: string): Promise<unknown[]> {
    const found: unknown[] = [];
    for (let query = `limit=${PAGE}`; ;) {
      const { items, next } = await this.#call<StampPage>("GET", `/v2/stamps/${account}?${query}`);
      found.push(...items.map(({ credential }) => credential));
      if (next === null) return found;
      // The link's host is the service's public one, which need not be how we came here.
      query = next.slice(next.indexOf("?") + 1);
    }
  }

  /** Scope `operator`. */
  createKey(name: string, scopes: readonly Scope[]): Promise<NewKey> {
    return this.#call("POST", "/v1/keys", { name, scopes });
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const { url, timeoutMilliseconds = 30_000 } = this.#settings;
    try {
      const answer = await fetch(url + path, {
        method,
        headers: { ...this.#headers(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A key goes to the service that it was meant for.
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      const value = (await answer.json()) as T;
      if (answer.ok) return value;
      if (isProblemCode((value as Partial<Problem> | null)?.code)) throw new PassportProblemError(value as Problem);
      throw new Error(`an answer ${answer.status} that is no problem of the service`);
    } catch (cause) {
      if (cause instanceof PassportProblemError) throw cause;
      const message = `No passport service answers at ${url}`;
      throw new DomainError("passport/service-unreachable", message, { url }, { cause });
    }
  }

  #headers(): Record<string, string> {
    const { access } = this.#settings;
    if ("apiKey" in access) return { "x-api-key": access.apiKey.expose() };
    return { authorization: `Bearer ${access.session.expose()}` };
  }
}

const passport = (scorer: number, account: string): string => `/v1/scorers/${scorer}/passports/${account}`;
