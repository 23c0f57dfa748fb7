import type { FastifyReply, FastifyRequest } from "fastify";

import type { Quota } from "../../database/request-admission.js";
import type { SignIn } from "../../passport/sign-in.js";
import type { ApiKey, ApiKeys, ApiKeyStore, Scope } from "../../scoring/service/api-keys.js";
import type { RateLimit } from "../admit-request.js";
import { RequestCounter, type RequestCounterPorts } from "../application/request-counter.js";
import { HttpError } from "../http-error.js";
import { rateLimitGroup } from "../peers.js";

/** Who may use a route: a key with the scope, or the holder of the account in the path. Absent on public routes. */
export interface RouteAccess {
  readonly scope?: Scope;
  readonly holder?: boolean;
}

/** Who calls. */
export interface Visitor {
  readonly key: ApiKey | null;
  /** Lower-case address of a signed-in holder. */
  readonly account: string | null;
}

export interface AccessPorts extends RequestCounterPorts {
  readonly keys: ApiKeys;
  readonly consents: Pick<ApiKeyStore, "hasConsent">;
  readonly signIn: SignIn;
}

export interface AccessLimits {
  /** Of a key without a number of its own. */
  readonly key: RateLimit;
  /** Of a client's address where there is no key, and of a holder. */
  readonly address: RateLimit;
}

const STRANGER: Visitor = { key: null, account: null };

const header = (request: FastifyRequest, name: string): string => {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
};

/** Says who calls and whether they may, and counts the call. */
export class Access {
  readonly #ports: AccessPorts;
  readonly #limits: AccessLimits;
  readonly #counter: RequestCounter;

  constructor(limits: AccessLimits, ports: AccessPorts) {
    this.#limits = limits;
    this.#ports = ports;
    this.#counter = new RequestCounter("passport", ports);
  }

  async admit(request: FastifyRequest, reply: FastifyReply, access: RouteAccess | undefined): Promise<Visitor> {
    const visitor = await this.#identify(request).catch(async (error: unknown) => {
      // Whoever shows a key that is none is a stranger, and each try costs a look into the database.
      if (error instanceof HttpError) await this.#count(STRANGER, request, reply);
      throw error;
    });
    await this.#count(visitor, request, reply);
    if (access !== undefined) authorise(visitor, request, access);
    return visitor;
  }

  async #identify(request: FastifyRequest): Promise<Visitor> {
    const authorization = header(request, "authorization");
    const bearer = /^Bearer (.+)$/.exec(authorization)?.[1];
    const keyText = header(request, "x-api-key") || (bearer === undefined ? authorization : "");
    const key = keyText === "" ? null : await this.#ports.keys.find(keyText);
    if (key === undefined) throw new HttpError("access/invalid-key");
    const account = bearer === undefined ? null : this.#ports.signIn.accountOf(bearer);
    if (account === undefined) throw new HttpError("access/invalid-session");
    return { key, account };
  }

  async #count(visitor: Visitor, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const quota = this.#quota(visitor, request);
    if (quota !== null) await this.#counter.count([quota], reply);
  }

  #quota({ key, account }: Visitor, request: FastifyRequest): Quota | null {
    if (key !== null) {
      if (key.scopes.includes("operator")) return null;
      const { requests, windowSeconds } = this.#limits.key;
      return { scope: `passport-key:${key.id}`, limit: key.requestsPerWindow ?? requests, windowSeconds };
    }
    const { requests: limit, windowSeconds } = this.#limits.address;
    const group = account ?? rateLimitGroup(request.ip) ?? "unknown";
    return { scope: `passport-address:${group}`, limit, windowSeconds };
  }

  /** Whether a caller may see an account's stamps: its holder, operators, and keys that the holder consented to. */
  async seesStamps({ key, account: holder }: Visitor, account: string): Promise<boolean> {
    if (holder === account) return true;
    if (key === null) return false;
    if (key.scopes.includes("operator")) return true;
    return key.scopes.includes("stamps") && (await this.#ports.consents.hasConsent(account, key.id));
  }
}

function authorise({ key, account }: Visitor, request: FastifyRequest, { scope, holder }: RouteAccess): void {
  const { address } = request.params as { address?: string };
  if (holder === true && account !== null && account === address?.toLowerCase()) return;
  if (scope !== undefined && key !== null && (key.scopes.includes(scope) || key.scopes.includes("operator"))) return;
  if (key !== null || account !== null)
    throw new HttpError("access/missing-permission", "", { scope: scope ?? "holder" });
  throw new HttpError("access/invalid-key");
}
