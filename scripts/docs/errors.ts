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
  "sybil/bad-round": ["the document of a round cannot be used", "correct the member that the message names"],
  "sybil/unreadable": ["a table, or a database of passports, cannot be opened", "check path and permissions"],
  "sybil/empty-table": ["a header without rows, or nothing", "check that the export finished"],
  "sybil/bad-table": ["a line that is no line of the table", "correct the line that the message names"],
  "sybil/missing-column": ["a column is missing", "add it"],
  "sybil/unknown-column": ["a column that is not used", "remove it, or correct its name"],
  "sybil/bad-cell": ["a cell that cannot be read", "correct it; a missing value is `NA` where one may be missing"],
  "sybil/duplicate-row": ["two rows of one donor", "merge them; the message names both lines"],
  "sybil/bad-setting": ["nothing can be computed from these rows or settings", "see the message"],
  "sybil/bad-heuristics": [
    "a configuration of heuristics with an unknown rule, feature or member, or a threshold out of range",
    "correct the member that the message names",
  ],
  "sybil/bad-summary": [
    "the summary of the round before this one is damaged",
    "take it from that round's result again",
  ],
  "sybil/unwritable": ["the file system refused", "check space and permissions"],
  "sybil/output-exists": ["the output folder holds something, or the form is there already", "choose another place"],
  "sybil/goal-out-of-reach": [
    "no threshold lets so many people pass and so few Sybils",
    "ask for less of one: the message says what can be had",
  ],
  "sybil/database-unavailable": [
    "the database of queued searches, or of a round's passports, does not answer",
    "check the URL and that the server runs; run the same again, it goes on from what is stored",
  ],
  "sybil/damaged-search": [
    "what the database has of a search is not what was stored",
    "run the search again, it is stored anew; if it happens again, check the server's disk and who may write to it",
  ],
  "sybil/other-input": ["a result was computed from another input than the search has", "a fault of ours: report it"],
  "funding/bad-donation": ["a donation that is no positive sum", "correct the row"],
  "funding/bad-recipient": ["a project has no recipient, or two share one", "correct the file of recipients"],
  "funding/bad-clusters": ["a donor is in one cluster twice", "remove the row"],
  "funding/bad-setting": ["a setting is out of range, or one is missing", "correct what the message names"],
  "funding/too-many-clusters": ["more clusters than the rules take", "merge clusters"],
  "funding/no-token": [
    "the address that donations are read from holds no ERC-20 token",
    "correct --token or --network",
  ],
  "funding/chain-moved": [
    "the last block was replaced while donations were read",
    "read again, with more --confirmations",
  ],
  "deployment/bad-parameters": ["a parameter file cannot be used", "correct the field that the message names"],
  "deployment/bad-manifest": ["the list's manifest cannot be used", "give `--list` a folder of `distribution build`"],
  "deployment/supply-mismatch": ["list, vester and treasury do not add up to the supply", "correct the allocation"],
  "deployment/bad-time": ["a time lies where the contracts would refuse it", "correct the field"],
  "deployment/deployer-keeps-power": ["the deployer is named as signer or guardian", "name another account"],
  "deployment/other-chain": ["the folder belongs to another chain", "use another `--deployment-id`"],
  "deployment/differs": ["another plan was begun in this folder", "resume with the same list and parameters"],
  "deployment/not-deployed": ["nothing is recorded for this network", "deploy first, or give the address as an option"],
  "certificates/malformed": ["a certificate's document cannot be read", "ask whoever sent it"],
  "certificates/bad-value": [
    "a value that no message part, entry or certificate can hold",
    "correct it; nothing is cut",
  ],
  "certificates/duplicate-scorer": ["a scorer has two entries under one scores root", "keep one of them"],
  "certificates/no-scorers": ["there are no scorers to certify scores of", "certify the stake distribution alone"],
  "nodes/certificate-postponed": [
    "the registry does not take a certificate now: the chain's node may lag, or a gap waits for a permission",
    "nothing at first: it is sent again less and less often; if it lasts, the message names the contract's error",
  ],
  "nodes/certificate-refused": [
    "the registry refuses a certificate of a quorum, for good",
    "compare parameters, log and settings of the stewards with the registry; the message names the contract's error",
  ],
  "nodes/wrong-certificate": [
    "the leader shows a certificate that does not hold against the registry",
    "follow another leader; tell its operator",
  ],
  "p2p/bad-key": [
    "the gossip node's identity cannot be read, or others may read it",
    "correct path and permissions; a new file is a new identity, which peers have to be told",
  ],
  "p2p/cannot-listen": [
    "the gossip node's address cannot be used",
    "check `NODE_GOSSIP_LISTEN`: another process may have it",
  ],
  "nodes/peer-unavailable": ["another node does not answer", "check its URL and that it runs; it is tried again"],
  "nodes/log-unavailable": ["no mirror gives the passport log", "check `MIRRORS`; other certificates go on meanwhile"],
  "nodes/log-mismatch": [
    "the log that mirrors offer does not hold",
    "compare it with other mirrors; nothing is signed of it",
  ],
  "nodes/log-untrusted": [
    "no keeper of the log signed the snapshot that mirrors offer",
    "compare `LOG_KEEPERS` and `PASSPORT_REGISTRY` with what the passport service logs at its start; else name other mirrors",
  ],
  "nodes/store-damaged": [
    "what the node stored cannot be read",
    "restore the database, or follow a leader with a new one",
  ],
  "nodes/store-newer": ["the database is of a newer program", "install the newer program"],
  "nodes/unknown-protocol": ["the current era's rules are not known to this program", "install the newer program"],
  "nodes/wrong-registry": [
    "registrations and votes give another key than the registry sealed",
    "check registry, chain id and start block; else node and contract disagree about the scheme",
  ],
  "nodes/registration-refused": [
    "an account cannot register a key in this epoch: too little stake when it began, or no place left",
    "see that the account has its votes before an epoch begins; the next epoch is tried by itself",
  ],
  "nodes/signature-refused": [
    "an aggregator looked at a signature and does not want it",
    "compare registry, log, issuers and step of both; the message has its reason",
  ],
  "nodes/wrong-passphrase": ["the passphrase does not open the signing keys", "give the one with which they were made"],
  "nodes/key-damaged": [
    "a signing key's file was changed, is of another epoch, or can be read by others",
    "do what the message says; without the key nothing is signed in its epoch",
  ],
  "mithril/malformed": ["a file does not hold what it should", "correct or fetch again what the message names"],
  "mithril/genesis-key": ["a genesis key cannot be read", "give hex, a `.vkey` file, or a network's name"],
  "mithril/no-genesis-key": [
    "strict verification lacks the genesis key",
    "give `--genesis-key`, from a source you trust",
  ],
  "mithril/no-certificate": [
    "the certificate of a stake distribution is not there",
    "add it to the certificates' file",
  ],
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
  "chain/not-mined": [
    "a transaction was sent and not mined in time, or another one of the account took its place",
    "look at the chain whether it was mined since; then repeat the command, which sends nothing that is done already",
  ],
  "certificate/bad-parameters": [
    "the registry would refuse these parameters",
    "correct the value that the message names",
  ],
  "certificate/too-early": [
    "parameters change two epochs ahead at least",
    "name a later epoch; a vote takes time besides",
  ],
  "eras/bad-name": ["an era's name is no short word", "1 to 31 visible ASCII characters, no spaces"],
  "eras/announced": ["an era of this name has another version", "choose another name"],
  "eras/not-announced": [
    "no era of this name is announced",
    "announce it with `--protocol-version`, let operators upgrade",
  ],
  "eras/too-early": ["an era cannot begin then", "name a coming epoch, after all activated eras"],
  "certificate/unknown-phi": ["the registry's phi_f stands for no short decimal", "check which registry it is"],
  "certificate/key-file": ["a file with a signing key cannot be used", "name another file, or restore it"],
  "certificate/no-multisignature": ["a genesis certificate has nothing to verify on-chain", "bring the next one"],
  "staking/bad-argument": ["an option about stakes cannot be read", "correct what the message names"],
  "staking/bad-amount": ["no amount of whole tokens above zero", "write digits, with at most the token's decimals"],
  "staking/needs-allowance": ["no permit could be signed and the allowance is too low", "approve the contract first"],
  "staking/no-slash": ["this evidence holds nothing of that stake", "see `staking status`"],
  "client/unavailable": ["an aggregator does not answer", "name another one besides: each is asked"],
  "client/malformed-answer": ["an aggregator sends something else than was asked for", "ask another one"],
  "client/no-certificate": [
    "nobody gives a certificate that verifies back to the registry's anchors",
    "the message says what is wrong with each; name other aggregators, and check which registry it is",
  ],
  "client/without-scores": ["a certificate is about stakes alone", "name one of scores, or `latest`"],
  "client/scores-differ": [
    "a snapshot does not give the scores that are certified",
    "download the certified one, and give scorers and lifetime as the stewards certify them",
  ],
  "client/no-score": ["the certificate covers no score of this scorer or account", "check both"],
  "watcher/too-early": ["the registry's first epoch has not begun", "watch later"],
  "watcher/webhook-failed": ["the webhook of alarms does not take one", "mend it; the alarm is sent again"],
  "snapshots/malformed-manifest": ["a manifest cannot be used", "fetch it again, or ask another mirror"],
  "snapshots/malformed-chunk": ["a chunk is not in the format, or contradicts the log", "ask another mirror"],
  "snapshots/wrong-chunk": ["a chunk is not the one that the manifest names", "fetch it again: `snapshot restore`"],
  "snapshots/wrong-digest": ["the snapshot is not the one that was asked for", "ask another mirror"],
  "snapshots/other-log": ["the folder was sealed from another database", "use an empty folder"],
  "snapshots/empty-log": ["nothing has happened yet", "create a scorer first"],
  "snapshots/unsealable": ["the log holds what the format cannot say", "a fault of ours: report the sequence"],
  "snapshots/bad-credential": ["a credential of the log does not verify", "do not sign it; compare the issuers' file"],
  "snapshots/scores-differ": [
    "the log's scores do not follow from its stamps",
    "do not sign it; ask the service's operator",
  ],
  "snapshots/bad-time": [
    "an entry of the log is dated before those in front of it, or after its snapshot",
    "do not use it; ask the service's operator about its clock",
  ],
  "snapshots/unsigned": [
    "no keeper signed the snapshot",
    "take snapshots with `PASSPORT_SNAPSHOTS`, which signs them, or follow a certificate",
  ],
  "snapshots/foreign-keeper": [
    "somebody signed the snapshot who is no keeper of this log",
    "compare the keepers' addresses and the registry; else name another mirror",
  ],
  "snapshots/database-not-empty": ["the database to restore into is in use", "name an empty one"],
  "snapshots/mirror-failed": ["no mirror gives what the manifest promises", "try again, or name another mirror"],
  "snapshots/invalid-request": ["what was asked of a snapshot cannot be", "correct what the message names"],
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
  "scoring/not-governed": [
    "nobody votes on the rules of this scorer: its authority is no RulesAuthority of the registry",
    "appoint one with `scorer govern`, or just add the version",
  ],
  "passport/rules-not-approved": [
    "governance approved other rules for the scorer than those of the root, or none",
    "put the rules to the vote with `scorer approve`, then rescore and have the root built again",
  ],
  "passport/revocations-malformed": ["a revocation list cannot be read", "fetch it again from its issuer"],
  "passport/revocations-unsigned": ["a revocation list is not signed by its issuer", "fetch it again from its issuer"],
  "passport/revocations-compromised": [
    "a revocation list is signed by a compromised key, and not from before the compromise",
    "let the issuer sign it with its new key; `compromisedAt` of the key says until when its lists count",
  ],
  "passport/allow-list-malformed": ["an allow-list cannot be read", "ask its owner"],
  "passport/allow-list-unsigned": ["an allow-list is not signed by its owner", "ask its owner"],
  "passport/nullifier-keys": ["nullifier keys that would break de-duplication", "see the rule that the message names"],
  "passport/no-nullifier-key": ["no nullifier key has started yet", "check the keys' start times"],
  "passport/reserved-evidence": ["a provider set a member of the evidence that is ours", "rename it in the provider"],
  "passport/signing-key": ["a key that cannot sign", "use 32 bytes below the group's order"],
  "passport/provider": ["two providers of one name, or a name that no credential can carry", "rename the provider"],
  "passport/github-unavailable": ["GitHub is down or answers nonsense", "try again later"],
  "passport/no-stamps": [
    "a round's verdicts give no account a stamp",
    "name `private/accounts.csv` of the report as `verdicts`: pseudonyms are no addresses",
  ],
  "passport/issuer-malformed": ["an issuer's document cannot be used", "correct the member that the message names"],
  "passport/issuer-key": [
    "a variable holds no key of 32 bytes, or not the right one",
    "set it; nullifiers need a key of their own",
  ],
  "passport/provider-unreachable": ["what a provider looks at does not answer", "try again later"],
  "passport/github-refused": ["GitHub refuses the token, the code or the app", "sign in again; check the app's keys"],
  "legacy/ambiguous-map": ["a map of old stamps names a provider or a bit twice", "use another copy of the map"],
  "legacy/malformed-attestation": ["an old attestation does not decode", "check which contract it was read from"],
  "json/not-canonical": ["a value has more than one spelling", "write it as a decimal string"],
  "json/malformed": ["a document is not JSON, or names a member twice", "fetch it again from its source"],
  "stm/bad-parameters": ["k, m, phi_f or a share is out of range", "correct what the message names"],
  "stm/bad-signing-key": ["key material or a signing key of the wrong length or range", "use 32 random bytes"],
  "stm/bad-point": ["bytes are no canonical point of the curve's subgroup", "ask whoever sent the key or signature"],
  "stm/bad-proof-of-possession": ["a proof of possession is not of its key", "make it again with the key's secret"],
  "stm/bad-binding": [
    "a key is not bound to this steward, registry and epoch",
    "sign the binding for this registration",
  ],
  "stm/bad-stake": ["a stake is zero, too large, or above the total", "leave out parties without stake"],
  "stm/stake-overflow": ["the stakes sum to more than 64 bits", "use a larger unit of stake"],
  "stm/duplicate-key": ["one verification key is registered twice", "keep one registration per key"],
  "stm/empty-registration": ["nobody is registered", "wait for registrations"],
  "stm/unknown-signer": ["the signing key is not registered for this epoch", "register it, or use the epoch's key"],
  "stm/bad-aggregate-key": ["root, number of leaves or total stake cannot be right", "fetch the key again"],
  "stm/index-out-of-range": ["a signature claims a lottery that does not exist", "refuse its sender's proof"],
  "stm/lottery-lost": ["a signature claims a lottery that it did not win", "refuse its sender's proof"],
  "stm/duplicate-index": ["a proof counts a lottery twice", "refuse its sender's proof"],
  "stm/not-enough-signatures": [
    "fewer lotteries than the quorum were won",
    "wait for more signatures, or the next round",
  ],
  "stm/bad-path": ["signers are not those of the aggregate key", "check that key and proof are of one epoch"],
  "stm/bad-signature": ["signatures do not verify", "check that message, key and proof belong together"],
  "stm/malformed": ["an encoded key, signature or proof cannot be read", "fetch it again from its source"],
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
  "tasks/bad-url": ["an option is no http or https URL", "correct it; several are separated by commas"],
  "tasks/bad-number": ["an option is no whole number", "write plain digits"],
  "scoring/bad-leaf": ["a score, an expiry or an account that no leaf can hold", "correct it; nothing is cut to fit"],
  "scoring/duplicate-account": ["an account stands twice among the scores", "keep one of the two rows"],
  "scoring/empty-tree": ["there are no scores to anchor", "score somebody first"],
  "tasks/missing-variable": ["a variable that the task needs is not set", "set it in the environment or the keystore"],
  "tasks/nothing-to-submit": ["a file holds no credentials", "check that it is the right file"],
  "tasks/output-is-input": ["`--out` names a file that the task reads", "choose another file to write"],
  "tasks/unreadable-file": ["a file cannot be read", "check path and permissions"],
};

/** Code-like strings of the sources that are no errors: names of checks, rules and types. */
const NO_ERRORS =
  /^(data|hardhat|echarts|typebox|kysely|application|text|node|vester|token|timelock|governor|distributor|deployer|protocol|registry|decoder|scorer|stakes|rules|stewards|markers)\//;

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
