// The page about parameters: tables from deploy/parameters/*.json and from what the contracts themselves answer.
import { readFileSync } from "node:fs";
import path from "node:path";

import { format, resolveConfig } from "prettier";

/** A number of the contracts that no parameter changes: where it is, what it is, what it means. */
export interface ContractConstant {
  readonly contract: string;
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
}

const NETWORKS = ["localhost", "sepolia", "mainnet"] as const;

/** Every field of a parameter file; the page cannot be made while one of them is missing here. */
const MEANINGS: Readonly<Record<string, string>> = {
  "token.name": "the token's name, also in its EIP-712 domain",
  "token.symbol": "its symbol",
  "token.supply": "the whole supply, in tokens; it exists from the first block on",
  "token.mintingAllowedAfter": "earliest first mint; at least a day ahead",
  "allocation.vester": "tokens that vest to the Timelock",
  "allocation.treasury": "tokens that the Timelock has at once; `rest` is what list and vester leave",
  "distribution.start": "first second of the claim window",
  "distribution.duration": "its length; at least an hour",
  "distribution.signer": "the claim signer: it must be set, and not to the deployer",
  "distribution.signerKind": "`key`, or `contract` for an ERC-1271 signer",
  "distribution.guardian": "who may pause signed claims once; `null` for nobody",
  "distribution.gate":
    "what unbound claims ask of an account, `{ registry, scorer, minimum }` with points as text; then each account claims one; `null` for nothing",
  "governor.name": "the governor's name, as voting pages show it",
  "governor.votingDelay": "from a proposal to its vote",
  "governor.votingPeriod": "length of the vote",
  "governor.proposalThreshold": "votes that a proposer needs, in tokens",
  "governor.quorumPermille": "share of the supply that must vote for or abstain, in thousandths",
  "governor.voteExtension": "how long a vote goes on at least after its quorum was reached",
  "timelock.delay": "from queueing to execution",
  "vesting.start": "when vesting begins",
  "vesting.duration": "when everything has vested",
  "vesting.cliff": "until when nothing has",
  "passport.operator": "who signs the scores' roots: it must be set, and not to the deployer",
  "passport.operatorKind": "`key`, or `contract` for an ERC-1271 operator",
  "passport.manager": "who rotates the operator; `null` for the Timelock",
  "passport.maxRootAge": "how many later roots a score outlives that was brought in",
  "passport.maxLifetime": "how long after its root a score may expire; at most 366 days",
  "passport.minRootInterval": "how far apart certified roots are issued at least; at most `maxLifetime`",
  "staking.slasher": "who may slash; `null` for nobody yet",
  "staking.releaser": "who decides appeals; `null` for the Timelock",
  "staking.pauser": "who may pause; `null` for nobody yet",
  "staking.burnRecipient": "who receives what is burned: an account without a key",
  "staking.appealWindow": "from a slash to its burn time; 30 to 180 days",
  "certificates.genesis": "when epoch 1 begins, within a year",
  "certificates.epochLength": "how long an epoch lasts",
  "certificates.firstAnchorUntil":
    "up to which epoch the first chain of certificates may begin without a proposal; 0 for none",
  "certificates.k": "distinct winning indexes that a multisignature needs; 20 of 60 is a toy, for test networks alone",
  "certificates.m": "indexes that are drawn for each signature; at most 65,535",
  "certificates.phiF": "a whole stake's chance to win an index; at most 0.95",
  "certificates.minimumStake": "votes below which a steward is left out, in tokens",
  "certificates.minimumSharePermille": "share of the supply that has to be registered, in thousandths",
  "certificates.era": "name of the first era",
  "certificates.protocolVersion": "protocol version of its nodes",
};

const DURATIONS =
  /\.(duration|delay|cliff|maxLifetime|appealWindow|votingDelay|votingPeriod|voteExtension|epochLength)$/;

/** The page's text, formatted as `npm run format` would. */
export async function parametersPage(root: string, constants: readonly ContractConstant[]): Promise<string> {
  const files = NETWORKS.map((network) => flatten(readParameters(root, network)));
  const fields = [...new Set(files.flatMap((file) => [...file.keys()]))];
  const rows = fields.map((field) => {
    const meaning = MEANINGS[field];
    if (meaning === undefined) throw new Error(`scripts/docs/parameters-page.ts does not explain ${field}`);
    return [`\`${field}\``, ...files.map((file) => spell(field, file.get(field))), meaning];
  });
  const page = [
    "# Parameters",
    "",
    "Made by `npm run docs:parameters` from `deploy/parameters/` and the contracts; a test compares. Do not edit.",
    "",
    "## Per network",
    "",
    "One file per network, `deploy/parameters/<network>.json`, read by `protocol deploy` and refused with one sentence",
    "before anything is sent when it cannot be right. The files here are examples: a community decides its own. Amounts",
    'are whole tokens as text, durations seconds, times `2026-03-01T00:00:00Z` or `{ "afterDeployment": seconds }`.',
    "The list's total, the vester's and the treasury's part must add up to the supply, to the wei. The sections `passport`,",
    "`staking` and `certificates` may be left out; `passport deploy`, `staking deploy` and `certificate deploy` read them, after",
    "`protocol deploy`.",
    "",
    table(["parameter", ...NETWORKS, "meaning"], rows),
    "",
    "## Fixed by the contracts",
    "",
    table(
      ["contract", "constant", "value", "meaning"],
      constants.map(({ contract, name, value, meaning }) => [`\`${contract}\``, `\`${name}\``, value, meaning]),
    ),
    "",
  ].join("\n");
  return await format(page, { ...(await resolveConfig(path.join(root, "docs/parameters.md"))), parser: "markdown" });
}

/** Seconds with the largest whole unit beside them. */
export function duration(seconds: number): string {
  const units = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ] as const;
  const unit = units.find(([, length]) => seconds >= length && seconds % length === 0);
  if (unit === undefined) return `${seconds}`;
  const [name, length] = unit;
  const count = seconds / length;
  return `${seconds} (${count} ${name}${count === 1 ? "" : "s"})`;
}

function readParameters(root: string, network: string): object {
  const text = readFileSync(path.join(root, `deploy/parameters/${network}.json`), "utf8");
  const { format: _format, ...sections } = JSON.parse(text) as { format: string };
  return sections;
}

function flatten(sections: object): Map<string, unknown> {
  const fields = Object.entries(sections).flatMap(([section, content]) =>
    Object.entries(content as object).map(([name, value]) => [`${section}.${name}`, value as unknown] as const),
  );
  return new Map(fields);
}

function spell(field: string, value: unknown): string {
  if (value === null || value === undefined) return "-";
  if (typeof value === "object") {
    const { afterDeployment } = value as { afterDeployment: number };
    return afterDeployment === 0 ? "at deployment" : `deployment + ${duration(afterDeployment)}`;
  }
  if (typeof value === "number" && DURATIONS.test(field)) return duration(value);
  return String(value);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
