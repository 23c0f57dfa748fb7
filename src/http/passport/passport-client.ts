import type { Scope } from "../../scoring/service/api-keys.js";
import { DomainError } from "../../shared/errors.js";
import { Secret } from "../../shared/secret.js";
import { isProblemCode, type Problem } from "../problems.js";
import type { PreviewSummary } from "../../scoring/service/preview.js";
import type {
  banToWire,
  explanationToWire,
  preparedToWire,
  proofToWire,
  rescoreToWire,
  resultToWire,
  scorerToWire,
  scoreToWire,
} from "./wire.js";

export type WireScorer = ReturnType<typeof scorerToWire>;
export type WireScore = ReturnType<typeof scoreToWire>;
export type WireStampResult = ReturnType<typeof resultToWire>;
export type WireExplanation = ReturnType<typeof explanationToWire>;
export type WireBan = ReturnType<typeof banToWire>;
export type WireAnchor = ReturnType<typeof preparedToWire>;
export type WireProof = ReturnType<typeof proofToWire>;
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

/** A ban as an operator writes it; see `BanEntry`. */
export interface NewBan {
  readonly kind: string;
  readonly subject: string;
  readonly provider?: string;
  readonly until?: number;
  readonly reason: string;
}

/** What a holder who asks for a root is told. */
export type WireAnchorAnswer =
  | { readonly status: "anchored"; readonly number: number; readonly proof: WireProof }
  | { readonly status: "next"; readonly number: number; readonly proof: null };

/** A verdict that proposed rules would turn. */
export interface WireFlip {
  readonly address: string;
  readonly before: { readonly sum: string; readonly passing: boolean };
  readonly after: { readonly sum: string; readonly passing: boolean };
}

export interface WireReload {
  readonly lists: number;
  readonly added: number;
  readonly rescored: number;
  readonly refused: readonly { readonly source: string; readonly code: string; readonly message: string }[];
}

export interface PassportClientSettings {
  /** Such as http://127.0.0.1:8788, without a path. */
  readonly url: string;
  /** An API key, or the token of a holder's session; null for who has yet to sign in. */
  readonly access: { readonly apiKey: Secret } | { readonly session: Secret } | null;
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

  /** How far a rescore is. Scope `operator`. */
  rescoreState(scorer: number, rescore: number): Promise<WireRescore> {
    return this.#call("GET", `/v1/scorers/${scorer}/rescores/${rescore}`);
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

  /** Scope `operator`: the scorer's id in the registry, once. */
  linkRegistry(scorer: number, registryId: bigint): Promise<WireScorer> {
    return this.#call("PUT", `/v1/scorers/${scorer}/registry`, { registryId: registryId.toString() });
  }

  /** Scope `operator`: the next root, or that of a number, built and signed. */
  prepareAnchor(scorer: number, number?: number): Promise<WireAnchor> {
    return this.#call("POST", `/v1/scorers/${scorer}/anchors`, number === undefined ? {} : { number });
  }

  /** A holder's: the proof of the score as it is now, or the number of the root that will have it. */
  requestAnchor(scorer: number, account: string): Promise<WireAnchorAnswer> {
    return this.#call("POST", `${passport(scorer, account)}/anchor`, {});
  }

  /** Scope `operator`: a credential, by its digest. */
  revoke(digest: string, reason: string): Promise<{ rescored: number }> {
    return this.#call("POST", "/v1/revocations", { digest, reason });
  }

  /** Scope `operator`. */
  reloadRevocations(): Promise<WireReload> {
    return this.#call("POST", "/v1/revocation-lists/reload", {});
  }

  /** Scope `bans`, as for the next two. */
  ban(ban: NewBan): Promise<{ id: number; rescored: number }> {
    return this.#call("POST", "/v1/bans", ban);
  }

  liftBan(id: number, reason: string): Promise<{ id: number; rescored: number }> {
    return this.#call("POST", `/v1/bans/${id}/release`, { reason });
  }

  /** All in force, or those of an account, which its holder may read too. */
  async bans(account?: string): Promise<WireBan[]> {
    const path = account === undefined ? "/v1/bans" : `/v1/passports/${account}/bans`;
    return (await this.#call<{ bans: WireBan[] }>("GET", path)).bans;
  }

  /** A holder's: whether a key may read the account's stamps. */
  setConsent(account: string, key: string, given: boolean): Promise<{ consent: boolean }> {
    return this.#call(given ? "PUT" : "DELETE", `/v1/passports/${account}/consents/${key}`);
  }

  /** Scope `scorers`: what rules would change. Every flip is handed on as it arrives; the counts come last. */
  async preview(scorer: number, rules: unknown, visit: (flip: WireFlip) => void): Promise<PreviewSummary> {
    const answer = await this.#ask("POST", `/v1/scorers/${scorer}/previews`, { rules }, PREVIEW_MILLISECONDS);
    let summary: PreviewSummary | undefined;
    for await (const line of linesOf(answer)) {
      const value = JSON.parse(line) as WireFlip | { summary: PreviewSummary };
      if ("summary" in value) summary = value.summary;
      else visit(value);
    }
    if (summary !== undefined) return summary;
    throw this.#unreachable(new Error("the answer has no end"));
  }

  /** Signs in with what `sign` makes of the service's nonce; gives the session's token. */
  async signIn(sign: (nonce: string) => Promise<{ message: string; signature: string }>): Promise<Secret> {
    const { nonce } = await this.#call<{ nonce: string }>("POST", "/v1/nonces", {});
    const { token } = await this.#call<{ token: string }>("POST", "/v1/sessions", await sign(nonce));
    return new Secret(token);
  }

  /** Scope `operator`. */
  createKey(name: string, scopes: readonly Scope[]): Promise<NewKey> {
    return this.#call("POST", "/v1/keys", { name, scopes });
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.#ask(method, path, body, this.#settings.timeoutMilliseconds ?? 30_000);
    try {
      return (await answer.json()) as T;
    } catch (cause) {
      throw this.#unreachable(cause);
    }
  }

  /** An answer that is no problem. */
  async #ask(method: string, path: string, body: object | undefined, milliseconds: number): Promise<Response> {
    const { url } = this.#settings;
    try {
      const answer = await fetch(url + path, {
        method,
        headers: { ...this.#headers(), ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A key goes to the service that it was meant for.
        redirect: "error",
        signal: AbortSignal.timeout(milliseconds),
      });
      if (answer.ok) return answer;
      const value = (await answer.json()) as unknown;
      if (isProblemCode((value as Partial<Problem> | null)?.code)) throw new PassportProblemError(value as Problem);
      throw new Error(`an answer ${answer.status} that is no problem of the service`);
    } catch (cause) {
      if (cause instanceof PassportProblemError) throw cause;
      throw this.#unreachable(cause);
    }
  }

  #unreachable(cause: unknown): DomainError {
    const { url } = this.#settings;
    const message = `No passport service answers at ${url}`;
    return new DomainError("passport/service-unreachable", message, { url }, { cause });
  }

  #headers(): Record<string, string> {
    const { access } = this.#settings;
    if (access === null) return {};
    if ("apiKey" in access) return { "x-api-key": access.apiKey.expose() };
    return { authorization: `Bearer ${access.session.expose()}` };
  }
}

/** Both sets of rules are run over everybody. */
const PREVIEW_MILLISECONDS = 3_600_000;

async function* linesOf(answer: Response): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts.filter((line) => line !== "");
  }
}

const passport = (scorer: number, account: string): string => `/v1/scorers/${scorer}/passports/${account}`;
