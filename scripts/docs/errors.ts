// Writes docs/errors.md: `npm run docs:errors`. The service's answers come from its own table; what tasks say comes from
// the table below, which `npm run rules` compares with the codes that the sources use.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { format, resolveConfig } from "prettier";

import { PROBLEMS } from "../../src/http/problems.js";

/** Codes of tasks and start-up: what each means, and what to do. */
export const TASK_ERRORS: Readonly<Record<string, readonly [meaning: string, remedy: string]>> = {
  "list/bad-option": ["an option contradicts another or cannot be read", "correct the option that the message names"],
  "list/empty": ["no bytes, or a header without rows", "check that the export finished"],
  "list/byte-order-mark": ["the file begins with a byte order mark", "save it as UTF-8 without one"],
  "list/line-ending": ["a line ends with CR LF or holds a lone CR", "convert the file to LF, so that its hash is one"],
  "list/encoding": ["a byte that is not printable ASCII", "remove it; ids and amounts are digits"],
  "list/quote": ["a quote inside a cell, or one that is not closed", "remove the quotes: no cell needs them"],
  "list/line-too-long": ["a line is longer than any row can be", "look for a missing line end"],
  "list/blank-line": ["a line without cells", "remove it"],
  "list/cell-count": ["a row with too few or too many cells", "correct the row"],
  "list/missing-header": ["a required column is not in the header", "add it, or name the columns with `--columns`"],
  "list/unknown-header": ["a column that is not used", "remove it, or name the columns with `--columns`"],
  "list/duplicate-header": ["a column appears twice", "remove one"],
  "list/bad-user-id": ["an id that is not plain digits", "correct it: no sign, space, point or leading zero"],
  "list/user-id-too-large": ["an id above 2³² − 1", "renumber: ids are `uint32` on-chain"],
  "list/duplicate-user-id": ["two rows have one id", "merge them; the message names both lines"],
  "list/bad-amount": ["an amount that is not plain digits", "write wei, or use `--unit token` for decimals"],
  "list/zero-amount": ["an amount of zero", "remove the row: nothing could be claimed"],
  "list/amount-too-large": ["an amount above 2⁹⁶ − 1", "check the unit"],
  "list/total-too-large": ["the amounts sum to more than 2⁹⁶ − 1", "check the unit"],
  "list/over-funding": ["the amounts sum to more than `--funding`", "correct the list or the funding"],
  "list/bad-address": ["not 20 bytes of hex", "correct the address"],
  "list/bad-checksum": [
    "a mixed-case address whose EIP-55 checksum is wrong",
    "copy the address again from its source",
  ],
  "list/zero-address": ["the zero address", "leave the cell empty if the address is unknown"],
  "list/format-mismatch": ["the format cannot express this list", "use standard-v1, or change the columns"],
  "list/unreadable": ["the list cannot be opened", "check path and permissions"],
  "merkle/unknown-user": ["the user is not on the list", "check the id against the published list"],
  "merkle/output-exists": ["the output folder holds something else", "choose another folder"],
  "merkle/unwritable": ["the file system refused", "check space and permissions"],
  "merkle/bad-file": ["a file is missing, damaged, or disagrees with itself", "restore it, or build the list again"],
  "merkle/duplicate-leaf": ["two rows of an imported file are the same", "ask whoever made the file"],
  "merkle/not-servable": ["the folder is in a format for reading only", "build it as standard-v1"],
  "deployment/bad-parameters": ["a parameter file cannot be used", "correct the field that the message names"],
  "deployment/bad-manifest": ["the list's manifest cannot be used", "give `--list` a folder of `distribution build`"],
  "deployment/supply-mismatch": ["list, vester and treasury do not add up to the supply", "correct the allocation"],
  "deployment/bad-time": ["a time lies where the contracts would refuse it", "correct the field"],
  "deployment/deployer-keeps-power": ["the deployer is named as signer or guardian", "name another account"],
  "deployment/other-chain": ["the folder belongs to another chain", "use another `--deployment-id`"],
  "deployment/differs": ["another plan was begun in this folder", "resume with the same list and parameters"],
  "deployment/not-deployed": ["nothing is recorded for this network", "deploy first, or give the address as an option"],
  "governance/bad-action": ["an action cannot be read or encoded", "correct what the message names"],
  "governance/empty-proposal": ["a proposal without actions", "give at least one"],
  "governance/unknown-proposal": ["the governor never saw this proposal", "check id and network"],
  "governance/wrong-state": ["the proposal is in another state", "see `governance status`"],
  "inspection/no-contract": ["nothing is deployed at an address", "check address and network"],
  "inspection/no-events": ["the Timelock's events were not found", "give an earlier `--from-block`"],
  "campaign/not-ended": ["the claim window has not ended", "sweep later; the message says when"],
  "chain/not-the-owner": ["neither the sender nor the governor's Timelock owns it", "send from the owner"],
  "chain/refused": ["the contract would revert; nothing was sent", "see the contract error below"],
  "chain/reverted": ["the transaction was mined and reverted", "see the contract error below"],
  "staking/bad-argument": ["an option about stakes cannot be read", "correct what the message names"],
  "staking/bad-amount": ["no amount of whole tokens above zero", "write digits, with at most the token's decimals"],
  "staking/needs-allowance": ["no permit could be signed and the allowance is too low", "approve the contract first"],
  "staking/no-slash": ["this evidence holds nothing of that stake", "see `staking status`"],
  "passport/anchor-malformed": ["a file with a signed root cannot be used", "ask whoever signed it"],
  "passport/proof-malformed": ["a file with leaves and proofs cannot be used", "fetch it again from the service"],
  "passport/unknown-scorer": ["nobody made this scorer in this registry", "check id and registry"],
  "passport/other-root": ["listed scores are not those of the root on-chain", "fetch the scores of this root's number"],
  "passport/file-malformed": ["a file with credentials cannot be used", "export it again, or ask its issuer"],
  "passport/other-account": ["an exported passport is another account's", "import it for the account that it names"],
  "passport/service-unreachable": ["no passport service answers", "check its URL and that it runs"],
  "passport/history-too-long": [
    "an account has too many transactions to look at",
    "raise the limit, or use an indexer",
  ],
  "passport/issuers-malformed": ["a registry of trusted issuers cannot be read", "correct what the message names"],
  "passport/revocations-malformed": ["a revocation list cannot be read", "fetch it again from its issuer"],
  "passport/revocations-unsigned": ["a revocation list is not signed by its issuer", "fetch it again from its issuer"],
  "passport/revocations-stale": ["a revocation list is older than the one in use", "use the newer one"],
  "passport/allow-list-malformed": ["an allow-list cannot be read", "ask its owner"],
  "passport/allow-list-unsigned": ["an allow-list is not signed by its owner", "ask its owner"],
  "passport/nullifier-keys": ["nullifier keys that would break de-duplication", "see the rule that the message names"],
  "passport/no-nullifier-key": ["no nullifier key has started yet", "check the keys' start times"],
  "passport/reserved-evidence": ["a provider set a member of the evidence that is ours", "rename it in the provider"],
  "passport/signing-key": ["a key that cannot sign", "use 32 bytes below the group's order"],
  "passport/provider": ["two providers of one name, or a name that no credential can carry", "rename the provider"],
  "passport/github-unavailable": ["GitHub is down or answers nonsense", "try again later"],
  "passport/github-refused": ["GitHub refuses the token, the code or the app", "sign in again; check the app's keys"],
  "legacy/ambiguous-map": ["a map of old stamps names a provider or a bit twice", "use another copy of the map"],
  "legacy/malformed-attestation": ["an old attestation does not decode", "check which contract it was read from"],
  "json/not-canonical": ["a value has more than one spelling", "write it as a decimal string"],
  "scoring/points": ["a number of points is no plain decimal", "write digits, with at most four decimals"],
  "scoring/off-grid": ["points with a fifth decimal", "allow rounding, or correct the table"],
  "scoring/rules-malformed": ["a scorer's rules cannot be read", "correct what the message names"],
  "scoring/gate-syntax": ["a gate expression cannot be read", "correct it where the message says"],
  "scoring/weights-malformed": ["a table of weights cannot be read", "correct what the message names"],
  "scoring/not-your-link": ["a link is not there, or not the caller's", "see the score's explanation"],
  "config/missing": ["a variable is not set", "set it"],
  "config/invalid": ["a variable cannot be used", "correct it; its value is not shown, since it may be secret"],
  "config/unknown": ["a variable that nobody reads", "look for a typing error"],
  "database/folder-in-use": ["another process holds the PGlite folder", "stop it, or use `DATABASE_URL`"],
  "claims/service-unreachable": ["the claim service does not answer", "check its URL and that it runs"],
  "tasks/no-account": ["there is no account to send from", "configure one, or correct `--from`"],
  "tasks/missing-option": ["a required option is missing", "give it"],
  "tasks/bad-choice": ["an option has none of its values", "choose one of those that the message lists"],
  "tasks/bad-address": ["an option is no address", "correct it; mixed case needs a right checksum"],
  "tasks/bad-number": ["an option is no whole number", "write plain digits"],
  "scoring/bad-leaf": ["a score, an expiry or an account that no leaf can hold", "correct it; nothing is cut to fit"],
  "scoring/duplicate-account": ["an account stands twice among the scores", "keep one of the two rows"],
  "scoring/empty-tree": ["there are no scores to anchor", "score somebody first"],
  "tasks/missing-variable": ["a variable that the task needs is not set", "set it in the environment or the keystore"],
  "tasks/nothing-to-submit": ["a file holds no credentials", "check that it is the right file"],
  "tasks/unreadable-file": ["a file cannot be read", "check path and permissions"],
};

/** Code-like strings of the sources that are no errors: names of checks, rules and types. */
const NO_ERRORS =
  /^(data|hardhat|kysely|application|text|node|vester|token|timelock|governor|distributor|deployer|protocol|registry|decoder|scorer|stakes)\//;

/** The codes that the sources use and no table explains. */
export function unexplainedCodes(root: string): string[] {
  const sources = ["src", "tasks"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(path.join(root, folder, file), "utf8")),
  );
  const codes = new Set(
    sources.flatMap((text) => [...text.matchAll(/"([a-z]+\/[a-z]+(?:-[a-z]+)*)"/g)].map((m) => m[1] ?? "")),
  );
  return [...codes].filter((code) => !NO_ERRORS.test(code) && !(code in PROBLEMS) && !(code in TASK_ERRORS)).sort();
}

/** The custom errors that our contracts declare, each with the notice above it. */
function contractErrors(root: string): string[] {
  return readdirSync(path.join(root, "contracts"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".sol") && !file.startsWith("mocks"))
    .sort()
    .flatMap((file) => {
      const source = readFileSync(path.join(root, "contracts", file), "utf8");
      const declarations = source.matchAll(/((?:^ *\/\/\/.*\n)*)^ *error (\w+)\(([^)]*)\);/gm);
      return [...declarations].map(([, comment = "", name = "", parameters = ""]) => {
        const notice = comment
          .replace(/^ *\/\/\/ ?(@notice )?/gm, "")
          .trim()
          .replace(/\s+/g, " ");
        return `| \`${name}(${parameters.trim()})\` | ${path.basename(file, ".sol")} | ${notice} |`;
      });
    });
}

const anchor = (code: string) => `<a id="${code.replace("/", "-")}"></a>\`${code}\``;

export async function errorsPage(root: string): Promise<string> {
  const service = Object.entries(PROBLEMS).map(
    ([code, { status, title, remedy }]) => `| ${anchor(code)} | ${status} | ${title} | ${remedy} |`,
  );
  const tasks = Object.entries(TASK_ERRORS).map(
    ([code, [meaning, remedy]]) => `| ${anchor(code)} | ${meaning} | ${remedy} |`,
  );
  const text = [
    "# Errors",
    "",
    "Codes are stable; wording is not. This page is generated (`npm run docs:errors`).",
    "",
    "## What the services answer",
    "",
    "Every failure is a problem document (RFC 9457) with one of these codes.",
    "",
    "| code | status | meaning | what to do |",
    "|---|---|---|---|",
    ...service,
    "",
    "## What tasks and start-up say",
    "",
    "Tasks print one sentence with the code and exit 1; nothing was written or sent unless the sentence says so.",
    "",
    "| code | meaning | what to do |",
    "|---|---|---|",
    ...tasks,
    "",
    "## What contracts revert with",
    "",
    "The arguments say what was offered and what was expected.",
    "",
    "| error | declared in | |",
    "|---|---|---|",
    ...contractErrors(root),
    "",
  ].join("\n");
  const file = path.join(root, "docs/errors.md");
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

if (import.meta.filename === process.argv[1]) {
  const root = path.resolve(import.meta.dirname, "../..");
  writeFileSync(path.join(root, "docs/errors.md"), await errorsPage(root));
}
