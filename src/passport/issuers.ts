// Whom a community believes, about what, and when. A flat list of names cannot say that an issuer attests one kind of stamp
// only, that a key was stolen last Tuesday, or that old credentials stay good after an issuer retired.
import { DocumentReader } from "../shared/document.js";
import { NULLIFIER_REALM } from "./nullifiers/realm.js";
import { FORMS, type StampForm } from "./credential/forms.js";

export const ISSUERS_FORMAT = "touchstone-issuers-v1";

/** A signing key of an issuer. Times are seconds since the epoch and bound the credential's issuance: `[from, until)`. */
export interface IssuerKey {
  /** 0 is the key behind the DID itself (`#controller`); later ones sign as `#key-<version>` and only in our own form. */
  readonly version: number;
  /** Lower-case. */
  readonly address: string;
  readonly from: number;
  readonly until: number | null;
  /** A stolen key can date its credentials back, so nothing that it signed counts. */
  readonly compromised: boolean;
  /** Since when it is in other hands, seconds; null where nobody knows. What it revoked before still counts. */
  readonly compromisedAt: number | null;
}

export interface TrustedIssuer {
  readonly did: string;
  readonly keys: readonly IssuerKey[];
  /** The forms it is believed in; `legacy` has to be named. */
  readonly forms: readonly StampForm[];
  /** Provider names, exact or ending in `*`; null is every provider. */
  readonly providers: readonly string[] | null;
  /** Accepted key versions of its nullifiers, without the leading v; null is every version. */
  readonly nullifierVersions: readonly string[] | null;
  /** Issuers that share their nullifier keys share a realm; nobody can occupy a nullifier of another realm. */
  readonly realm: string;
  readonly from: number;
  readonly until: number | null;
}

/** Why an issuer is not believed about a credential. */
export type IssuerRefusal =
  | "unknown-issuer"
  | "form-not-allowed"
  | "provider-not-allowed"
  | "outside-issuer-window"
  | "unknown-key"
  | "outside-key-window"
  | "compromised-key"
  | "nullifier-version-not-allowed";

interface IssuerQuestion {
  readonly did: string;
  readonly form: StampForm;
  readonly provider: string;
  readonly nullifiers: readonly string[];
  readonly verificationMethod: string;
  readonly issuedAt: number;
}

const within = (time: number, window: { from: number; until: number | null }) =>
  time >= window.from && (window.until === null || time < window.until);

const KEY_FRAGMENT = /^(?:controller|key-([1-9][0-9]{0,8}))$/;

function keyVersion(did: string, form: StampForm, verificationMethod: string): number | undefined {
  const match = KEY_FRAGMENT.exec(verificationMethod.slice(did.length + 1));
  if (match === null) return undefined;
  if (match[1] === undefined) return 0;
  return form === "touchstone" ? Number(match[1]) : undefined;
}

export class IssuerRegistry {
  readonly #issuers: ReadonlyMap<string, TrustedIssuer>;

  constructor(issuers: readonly TrustedIssuer[]) {
    this.#issuers = new Map(issuers.map((issuer) => [issuer.did, issuer]));
  }

  get issuers(): readonly TrustedIssuer[] {
    return [...this.#issuers.values()];
  }

  /** The key that must have signed, and the realm of the nullifiers; or why the issuer is not believed. */
  resolve(question: IssuerQuestion): { readonly key: IssuerKey; readonly realm: string } | IssuerRefusal {
    const issuer = this.#issuers.get(question.did);
    if (issuer === undefined) return "unknown-issuer";
    if (!issuer.forms.includes(question.form)) return "form-not-allowed";
    if (issuer.providers !== null && !issuer.providers.some((pattern) => matches(pattern, question.provider))) {
      return "provider-not-allowed";
    }
    if (!within(question.issuedAt, issuer)) return "outside-issuer-window";
    const version = keyVersion(question.did, question.form, question.verificationMethod);
    const key = issuer.keys.find((candidate) => candidate.version === version);
    if (key === undefined) return "unknown-key";
    if (key.compromised) return "compromised-key";
    if (!within(question.issuedAt, key)) return "outside-key-window";
    const versions = issuer.nullifierVersions;
    if (versions !== null && question.nullifiers.some((text) => !versions.includes(text.slice(1, text.indexOf(":"))))) {
      return "nullifier-version-not-allowed";
    }
    return { key, realm: issuer.realm };
  }

  /** When a credential must have been issued for {@link resolve} to believe it, or undefined when there is no such time. */
  window(question: Omit<IssuerQuestion, "issuedAt">): { readonly from: number; readonly until: number } | undefined {
    const issuer = this.#issuers.get(question.did);
    const version = keyVersion(question.did, question.form, question.verificationMethod);
    const key = issuer?.keys.find((candidate) => candidate.version === version);
    if (issuer === undefined || key === undefined) return undefined;
    const from = Math.max(issuer.from, key.from);
    const until = Math.min(issuer.until ?? Infinity, key.until ?? Infinity);
    return from < until && typeof this.resolve({ ...question, issuedAt: from }) !== "string"
      ? { from, until }
      : undefined;
  }
}

const matches = (pattern: string, provider: string) =>
  pattern.endsWith("*") ? provider.startsWith(pattern.slice(0, -1)) : provider === pattern;

const reader = new DocumentReader("passport/issuers-malformed");
const DID = /^did:ethr:(0x[0-9a-f]{40})$/;

function readWindow(value: Readonly<Record<string, unknown>>, path: string): { from: number; until: number | null } {
  const from = value.from === undefined ? 0 : reader.integer(value.from, `${path}.from`);
  const until = value.until === undefined || value.until === null ? null : reader.integer(value.until, `${path}.until`);
  if (until !== null && until <= from) reader.fail(`${path}.until`, "is not after from");
  return { from, until };
}

function readKey(value: unknown, path: string): IssuerKey {
  const key = reader.object(value, path, ["version", "address"], ["from", "until", "compromised", "compromisedAt"]);
  const compromisedAt =
    key.compromisedAt === undefined ? null : reader.integer(key.compromisedAt, `${path}.compromisedAt`);
  const compromised =
    key.compromised === undefined ? compromisedAt !== null : reader.boolean(key.compromised, `${path}.compromised`);
  if (compromisedAt !== null && !compromised) reader.fail(`${path}.compromisedAt`, "goes with a compromised key");
  return {
    version: reader.integer(key.version, `${path}.version`, 0, 999_999_999),
    address: reader.string(key.address, `${path}.address`, /^0x[0-9a-f]{40}$/),
    ...readWindow(key, path),
    compromised,
    compromisedAt,
  };
}

function readKeys(value: unknown, address: string, path: string): readonly IssuerKey[] {
  if (value === undefined)
    return [{ version: 0, address, from: 0, until: null, compromised: false, compromisedAt: null }];
  const keys = reader.array(value, path).map((key, index) => readKey(key, `${path}[${index}]`));
  if (keys.length === 0) reader.fail(path, "is empty");
  if (new Set(keys.map(({ version }) => version)).size !== keys.length) reader.fail(path, "holds one version twice");
  const own = keys.find(({ version }) => version === 0);
  if (own !== undefined && own.address !== address) reader.fail(path, "version 0 is not the address in the DID");
  return keys;
}

function readIssuer(value: unknown, path: string): TrustedIssuer {
  const optional = ["keys", "forms", "providers", "nullifierVersions", "realm", "from", "until"];
  const issuer = reader.object(value, path, ["did"], optional);
  const did = reader.string(issuer.did, `${path}.did`, DID);
  const forms = issuer.forms === undefined ? ["touchstone"] : reader.strings(issuer.forms, `${path}.forms`);
  const list = (name: "providers" | "nullifierVersions", pattern: RegExp) =>
    issuer[name] === undefined || issuer[name] === null
      ? null
      : reader.strings(issuer[name], `${path}.${name}`, pattern);
  return {
    did,
    keys: readKeys(issuer.keys, DID.exec(did)?.[1] ?? "", `${path}.keys`),
    forms: forms.map((form) => reader.literal(form, `${path}.forms`, ...(Object.keys(FORMS) as StampForm[]))),
    providers: list("providers", /^[!-~][ -~]*$/),
    nullifierVersions: list("nullifierVersions", /^[0-9]+(\.[0-9]+)*$/),
    realm: issuer.realm === undefined ? did : reader.string(issuer.realm, `${path}.realm`, NULLIFIER_REALM),
    ...readWindow(issuer, path),
  };
}

/** Reads a `touchstone-issuers-v1` document. */
export function parseIssuers(value: unknown): IssuerRegistry {
  const document = reader.object(value, "issuers", ["format", "issuers"]);
  reader.literal(document.format, "issuers.format", ISSUERS_FORMAT);
  const issuers = reader
    .array(document.issuers, "issuers.issuers")
    .map((issuer, index) => readIssuer(issuer, `issuers[${index}]`));
  if (new Set(issuers.map(({ did }) => did)).size !== issuers.length) reader.fail("issuers", "names one DID twice");
  return new IssuerRegistry(issuers);
}
