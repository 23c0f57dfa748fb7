import { setTimeout as wait } from "node:timers/promises";

import { certificateFromJson, entityFromJson } from "../../certificates/certificate-json.js";
import type { Certificate } from "../../certificates/certificate.js";
import type { LeaderSource } from "../../nodes/aggregator/ports.js";
import { ClientError, type ClientErrorCode } from "../../nodes/client/errors.js";
import type { CertificatePage, CertificateSource, ListedCertificate } from "../../nodes/client/ports.js";
import { listAll } from "../../nodes/client/walk.js";
import { API_VERSION, API_VERSION_HEADER, requireCompatible } from "../../nodes/protocol/api-version.js";
import { NodeError } from "../../nodes/protocol/errors.js";
import type { SoftwareShare, SoftwareSource } from "../../nodes/watcher/ports.js";
import { DocumentReader } from "../../shared/document.js";
import { DomainError } from "../../shared/errors.js";
import { fetchJson, malformed } from "./fetch-json.js";
import { askPatiently, type Sleep } from "./patience.js";

export interface HttpAggregatorSettings {
  /** Such as http://127.0.0.1:8791, with or without a path. */
  readonly url: string;
  /** For an answer, and for the whole list of an epoch. */
  readonly timeoutMilliseconds?: number;
  /** Waits where the aggregator asks for patience; null takes that for no answer. */
  readonly sleep?: Sleep | null;
}

const read = new DocumentReader<ClientErrorCode>("client/malformed-answer");
const HASH = /^[0-9a-f]{64}$/;
const PAGE = 100;
/** More certificates than an epoch ever has: whoever lists more, lists without end. */
const MOST_OF_AN_EPOCH = 2_000;
/** Signatures of some thousand stewards, as hex of their JSON. */
const MAX_CERTIFICATE_BYTES = 2 ** 25;
const MAX_PAGE_BYTES = 2 ** 21;
const MAX_EPOCH_BYTES = 2 ** 23;
const MAX_VERSIONS = 1_000;

/** An aggregator over HTTP. Bounds what it sends and parses it; whether it is right, the caller finds out. */
export class HttpAggregator implements CertificateSource, SoftwareSource, LeaderSource {
  readonly name: string;
  readonly #url: string;
  readonly #timeoutMilliseconds: number;
  readonly #sleep: Sleep | null;

  constructor({ url, timeoutMilliseconds = 30_000, sleep = (time) => wait(time) }: HttpAggregatorSettings) {
    this.#sleep = sleep;
    this.#url = url.replace(/\/+$/, "");
    this.#timeoutMilliseconds = timeoutMilliseconds;
    const { host, pathname } = new URL(this.#url);
    this.name = `${host}${pathname === "/" ? "" : pathname}`;
  }

  list(before?: string): Promise<CertificatePage> {
    return this.#list({ before });
  }

  async listEpoch(epoch: bigint): Promise<ListedCertificate[]> {
    const signal = AbortSignal.timeout(this.#timeoutMilliseconds);
    const ofEpoch = {
      name: this.name,
      list: (before?: string) => this.#list({ before, epoch: epoch.toString() }, signal),
    };
    return (await listAll(ofEpoch, undefined, MOST_OF_AN_EPOCH)).reverse();
  }

  async #list(query: { before: string | undefined; epoch?: string }, signal?: AbortSignal): Promise<CertificatePage> {
    const parameters = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [`&${name}=${encodeURIComponent(value)}`],
    );
    const answer = await this.#get(`/v1/certificates?limit=${PAGE}${parameters.join("")}`, MAX_PAGE_BYTES, signal);
    if (answer === undefined) throw malformed(this.name, "has no list of certificates: it is no aggregator");
    return this.#parsed(() => {
      const { items, next } = read.record(answer, "the page");
      const list = read.array(items, "items");
      if (list.length > PAGE) read.fail("items", `has more than ${PAGE} certificates`);
      return {
        items: list.map((item, at) => parseItem(item, `items[${at}]`)),
        next: next === null ? undefined : read.string(next, "next", /^[1-9][0-9]{0,14}$/),
      };
    });
  }

  async certificate(hash: string): Promise<Certificate | undefined> {
    const answer = await this.#get(`/v1/certificates/${encodeURIComponent(hash)}`, MAX_CERTIFICATE_BYTES);
    if (answer === undefined) return undefined;
    return this.#parsed(() => certificateFromJson(read.record(answer, "the answer").certificate, "certificate"));
  }

  async software(epoch: bigint): Promise<SoftwareShare[] | undefined> {
    const answer = await this.#get(`/v1/epochs/${epoch}`, MAX_EPOCH_BYTES);
    if (answer === undefined) return undefined;
    return this.#parsed(() => {
      const { software } = read.record(answer, "the epoch");
      if (software === undefined) return undefined; // nobody signs in it
      const rows = read.array(software, "software");
      if (rows.length > MAX_VERSIONS) read.fail("software", `has more than ${MAX_VERSIONS} versions`);
      return rows.map((row, at) => parseShare(row, `software[${at}]`));
    });
  }

  /** Undefined where it says that there is no such thing. */
  async #get(path: string, maxBytes: number, signal?: AbortSignal): Promise<unknown> {
    const ask = () =>
      fetchJson({
        url: this.#url + path,
        peer: this.name,
        headers: { [API_VERSION_HEADER]: API_VERSION },
        maxBytes,
        signal: signal ?? AbortSignal.timeout(this.#timeoutMilliseconds),
      });
    const { status, headers, body } = await (this.#sleep === null ? ask() : askPatiently(ask, this.#sleep));
    try {
      requireCompatible(headers.get(API_VERSION_HEADER), this.name);
    } catch (cause) {
      if (!(cause instanceof NodeError)) throw cause;
      throw new ClientError("client/unavailable", cause.message, { peer: this.name }, { cause });
    }
    if (status === 404) return undefined;
    if (status === 200) return body;
    throw new ClientError("client/unavailable", `${this.name} answers ${status}`, { peer: this.name, status });
  }

  /** What is wrong with an answer is the aggregator's fault, whatever reader found it. */
  #parsed<T>(parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (error instanceof DomainError) throw malformed(this.name, `sends something else: ${error.message}`, error);
      throw error;
    }
  }
}

/** Newer aggregators may say more about a certificate. */
function parseItem(value: unknown, path: string): ListedCertificate {
  const { sequence, hash, epoch, entity } = read.record(value, path);
  return {
    sequence: BigInt(read.integer(sequence, `${path}.sequence`, 1)),
    hash: read.string(hash, `${path}.hash`, HASH),
    epoch: BigInt(read.string(epoch, `${path}.epoch`, /^(0|[1-9][0-9]{0,18})$/)),
    entity: entity === null ? undefined : entityFromJson(entity, `${path}.entity`),
  };
}

function parseShare(value: unknown, path: string): SoftwareShare {
  const { software, share } = read.record(value, path);
  if (typeof share !== "number" || !(share >= 0 && share <= 1)) read.fail(`${path}.share`, "is no share");
  return {
    software: software === null ? undefined : read.string(software, `${path}.software`, /^[\w.+-]{1,40}$/),
    share: share as number,
  };
}
