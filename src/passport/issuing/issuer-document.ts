// What a community hands out as an issuer: the keys it signs with (their names, never the keys), and its providers.
import { getAddress, isAddress } from "ethers";

import { DocumentReader, type JsonObject } from "../../shared/document.js";
import { parseUnits } from "../../shared/decimal.js";
import { parseInstant } from "../credential/dates.js";
import type { CostEstimate } from "../providers/provider.js";

export const ISSUER_FORMAT = "touchstone-issuer-v1";

/** `passport/issuer-malformed`: an issuer's document does not parse. */
export type IssuerDocumentErrorCode = "passport/issuer-malformed";

/** What every provider is called and costs. */
interface Named {
  readonly name: string;
  readonly cost: CostEstimate;
}

/** One provider as it is configured; amounts are wei or the token's units. */
export type ProviderSettings = Named &
  (
    | { readonly kind: "native-balance"; readonly minimum: bigint }
    | { readonly kind: "token-balance"; readonly token: string; readonly minimum: bigint }
    | { readonly kind: "gas-spent"; readonly minimum: bigint }
    | { readonly kind: "transactions"; readonly minimum: number }
    | { readonly kind: "account-age"; readonly minimum: number }
    | { readonly kind: "votes"; readonly governor: string; readonly minimum: number }
    | { readonly kind: "nft"; readonly collection: string; readonly title: string; readonly fungible: boolean }
    | { readonly kind: "ens" }
    | { readonly kind: "self-stake"; readonly staking: string }
    | { readonly kind: "allow-list"; readonly file: string; readonly owner: string; readonly fungible: boolean }
    | {
        readonly kind: "github";
        readonly baseUrl: string;
        readonly apiUrl: string;
        readonly clientId: string;
        readonly days: number;
      }
    | { readonly kind: "sybil-analysis"; readonly round: string; readonly verdicts: string }
  );

export interface IssuerSettings {
  /** The variable that holds the signing key, and its version: 0 is the key behind the DID. */
  readonly key: { readonly variable: string; readonly version: number };
  /** Undefined: the DID of the key's own address, which is right for version 0 alone. */
  readonly did: string | undefined;
  readonly nullifierKeys: readonly { readonly version: number; readonly from: number; readonly variable: string }[];
  readonly providers: readonly ProviderSettings[];
}

const read = new DocumentReader<IssuerDocumentErrorCode>("passport/issuer-malformed");
const VARIABLE = /^[A-Z][A-Z0-9_]{0,99}$/;
const FILE = /^[^\0]{1,4096}$/;

/** Parses an issuer's document. Throws `passport/issuer-malformed`, which names the member. */
export function parseIssuerDocument(value: unknown): IssuerSettings {
  const document = read.object(value, "issuer", ["format", "key", "nullifierKeys", "providers"], ["did"]);
  read.literal(document.format, "issuer.format", ISSUER_FORMAT);
  const key = read.object(document.key, "issuer.key", ["variable"], ["version"]);
  const version = key.version === undefined ? 0 : read.integer(key.version, "issuer.key.version", 0, 999_999_999);
  const did =
    document.did === undefined ? undefined : read.string(document.did, "issuer.did", /^did:ethr:0x[0-9a-f]{40}$/);
  if (version > 0 && did === undefined) {
    read.fail("issuer.did", "is missing, and a key of a version above 0 is not the one behind the DID");
  }
  const names = new Set<string>();
  const providers = read.array(document.providers, "issuer.providers").map((one, at) => {
    const settings = parseProvider(one, `issuer.providers[${at}]`);
    if (names.has(settings.name)) read.fail(`issuer.providers[${at}].name`, `${settings.name} is there twice`);
    names.add(settings.name);
    return settings;
  });
  requireOneGithub(providers);
  return {
    key: { variable: read.string(key.variable, "issuer.key.variable", VARIABLE), version },
    did,
    nullifierKeys: read.array(document.nullifierKeys, "issuer.nullifierKeys").map(parseNullifierKey),
    providers,
  };
}

/** A holder signs in once, and every entry sees the token: it must not reach another host or app than the one that it is for. */
function requireOneGithub(providers: readonly ProviderSettings[]): void {
  let first: Extract<ProviderSettings, { kind: "github" }> | undefined;
  for (const [at, one] of providers.entries()) {
    if (one.kind !== "github") continue;
    first ??= one;
    for (const member of ["baseUrl", "apiUrl", "clientId"] as const) {
      if (one[member] === first[member]) continue;
      read.fail(
        `issuer.providers[${at}].${member}`,
        `differs from that of ${first.name}: all github providers share one sign-in`,
      );
    }
  }
}

function parseNullifierKey(value: unknown, at: number): IssuerSettings["nullifierKeys"][number] {
  const path = `issuer.nullifierKeys[${at}]`;
  const key = read.object(value, path, ["version", "from", "variable"]);
  const from = parseInstant(read.string(key.from, `${path}.from`));
  if (from === undefined) return read.fail(`${path}.from`, "is no time such as 2026-01-01T00:00:00.000Z");
  const version = read.integer(key.version, `${path}.version`, 1);
  return { version, from, variable: read.string(key.variable, `${path}.variable`, VARIABLE) };
}

function parseProvider(value: unknown, path: string): ProviderSettings {
  const kind = read.literal(read.record(value, path).kind, `${path}.kind`, ...KINDS);
  const { required, optional = [], parse } = PARSERS[kind];
  const own = kind === "self-stake" || kind === "sybil-analysis" || kind === "allow-list" ? [] : ["name"];
  const members = read.object(value, path, ["kind", "cost", ...own, ...required], optional);
  const name = own.length === 0 ? "" : read.string(members.name, `${path}.name`, /^[^"\\\s]{1,100}$/);
  const settings = parse(members, path);
  return {
    name: settings.name ?? name,
    cost: parseCost(members.cost, `${path}.cost`),
    ...settings,
  } as ProviderSettings;
}

interface Parser {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  parse(members: JsonObject, path: string): Readonly<Record<string, unknown>> & { readonly name?: string };
}

const address = (value: unknown, path: string): string => {
  const text = read.string(value, path);
  return isAddress(text) ? getAddress(text) : read.fail(path, "is no address");
};
const units = (value: unknown, path: string, decimals: number): bigint =>
  parseUnits(read.string(value, path), decimals) ?? read.fail(path, `is no amount with up to ${decimals} decimals`);
/** Tokens travel there: https, unless it is this machine. */
const url = (value: unknown, path: string): string => {
  const text = read.string(value, path, /^https?:\/\/[^\s?#@\\]+[^\s?#/@\\]$/);
  if (!URL.canParse(text)) return read.fail(path, "is no URL");
  const { protocol, hostname } = new URL(text);
  if (protocol === "https:" || LOOPBACK.test(hostname)) return text;
  return read.fail(path, "must be https, except on loopback");
};
/** As `URL` writes hosts: IPv4 in full, IPv6 in brackets. */
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const ETHER = 18;

const KINDS = [
  ...(["native-balance", "token-balance", "gas-spent", "transactions", "account-age", "votes", "nft", "ens"] as const),
  ...(["self-stake", "allow-list", "github", "sybil-analysis"] as const),
];

const PARSERS: Readonly<Record<(typeof KINDS)[number], Parser>> = {
  "native-balance": ether("native-balance"),
  "gas-spent": ether("gas-spent"),
  "token-balance": {
    required: ["token", "minimum"],
    optional: ["decimals"],
    parse: ({ token, minimum, decimals = ETHER }, path) => ({
      kind: "token-balance",
      token: address(token, `${path}.token`),
      minimum: units(minimum, `${path}.minimum`, read.integer(decimals, `${path}.decimals`, 0, 77)),
    }),
  },
  transactions: counted("transactions"),
  "account-age": counted("account-age"),
  votes: {
    required: ["governor", "minimum"],
    parse: ({ governor, minimum }, path) => ({
      kind: "votes",
      governor: address(governor, `${path}.governor`),
      minimum: read.integer(minimum, `${path}.minimum`, 1),
    }),
  },
  nft: {
    required: ["collection", "title", "fungible"],
    parse: ({ collection, title, fungible }, path) => ({
      kind: "nft",
      collection: address(collection, `${path}.collection`),
      title: read.string(title, `${path}.title`, /^.{1,100}$/),
      fungible: read.boolean(fungible, `${path}.fungible`),
    }),
  },
  ens: { required: [], parse: () => ({ kind: "ens" }) },
  "self-stake": {
    required: ["staking", "tier"],
    parse: ({ staking, tier }, path) => ({
      kind: "self-stake",
      name: read.literal(tier, `${path}.tier`, "SelfStakingBronze", "SelfStakingSilver", "SelfStakingGold"),
      staking: address(staking, `${path}.staking`),
    }),
  },
  "allow-list": {
    required: ["list", "file", "owner", "fungible"],
    parse: ({ list, file, owner, fungible }, path) => ({
      kind: "allow-list",
      name: `AllowList#${read.string(list, `${path}.list`, /^[a-z0-9][a-z0-9-]{0,63}$/)}`,
      file: read.string(file, `${path}.file`, FILE),
      owner: address(owner, `${path}.owner`).toLowerCase(),
      fungible: read.boolean(fungible, `${path}.fungible`),
    }),
  },
  github: {
    required: ["clientId", "days"],
    optional: ["baseUrl", "apiUrl"],
    parse: ({ clientId, days, baseUrl, apiUrl }, path) => ({
      kind: "github",
      clientId: read.string(clientId, `${path}.clientId`, /^[\w.-]{1,100}$/),
      days: read.integer(days, `${path}.days`, 1, 365),
      baseUrl: baseUrl === undefined ? "https://github.com" : url(baseUrl, `${path}.baseUrl`),
      apiUrl: apiUrl === undefined ? "https://api.github.com" : url(apiUrl, `${path}.apiUrl`),
    }),
  },
  "sybil-analysis": {
    required: ["round", "verdicts"],
    parse: ({ round, verdicts }, path) => {
      const name = read.string(round, `${path}.round`, /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
      const file = read.string(verdicts, `${path}.verdicts`, FILE);
      return { kind: "sybil-analysis", name: `SybilAnalysis#${name}`, round: name, verdicts: file };
    },
  },
};

function ether(kind: "native-balance" | "gas-spent"): Parser {
  const parse = ({ minimum }: JsonObject, path: string) => ({
    kind,
    minimum: units(minimum, `${path}.minimum`, ETHER),
  });
  return { required: ["minimum"], parse };
}

function counted(kind: "transactions" | "account-age"): Parser {
  const parse = ({ minimum }: JsonObject, path: string) => ({
    kind,
    minimum: read.integer(minimum, `${path}.minimum`, 1),
  });
  return { required: ["minimum"], parse };
}

function parseCost(value: unknown, path: string): CostEstimate {
  const cost = read.object(value, path, ["label", "cents", "needs"]);
  return {
    label: read.literal(cost.label, `${path}.label`, "free", "low", "medium", "high"),
    cents: read.integer(cost.cents, `${path}.cents`),
    needs: read.strings(cost.needs, `${path}.needs`),
  };
}
