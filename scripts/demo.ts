// The walk-through: `npm start`, or `npx hardhat run scripts/demo.ts --network NAME` on any development chain.
import { writeFileSync } from "node:fs";
import path from "node:path";

import { toJson } from "../src/shared/json.js";
import { openChain } from "./demo/chain.js";
import { certificationChapters } from "./demo/certification.js";
import { tryCheats } from "./demo/cheats.js";
import { claimAndReload, claimBound, claimSigned, claimSponsored } from "./demo/claims.js";
import { openDesk } from "./demo/desk.js";
import { spendFromTreasury } from "./demo/governance.js";
import { passportChapters } from "./demo/passport.js";
import { Narrator, tokens } from "./demo/narrator.js";
import { buildExampleList, setStage } from "./demo/stage.js";
import { closeAndSweep } from "./demo/sweep.js";

const BOUND = [2, 4, 6, 8, 10, 12, 14];
const SIGNED = [1, 3, 5, 7, 9, 11];
const SPONSORED = [15, 16, 17, 18, 19, 20];
/** Claims with a signature too, and reloads the page before the claim is mined. */
const RELOADER = 13;
/** Nobody of these has claimed when the cheats are tried, except the one who tries to claim twice. */
const CHEATED = { unbound: 23, bound: 24, claimed: 2 };
const CHEATER = 21;
const LATECOMER = 26;
const GRANT = 25_000n * 10n ** 18n;

const started = Date.now();
const directory = path.resolve("data", `walk-through-${new Date(started).toISOString().replace(/[:.]/g, "-")}`);
const narrator = new Narrator(directory);
narrator.say(
  "A round, from a list to tokens in wallets, from stamps to a contract that knows people, and to certificates.",
);

const { connection, rpcUrl, close } = await openChain();
try {
  narrator.chapter("The list");
  const list = await buildExampleList(narrator, directory);

  narrator.chapter(`Deployment, to the chain at ${rpcUrl}`);
  const round = await setStage(narrator, connection, directory, list);

  narrator.chapter("The claim window opens: twenty claims, three ways");
  await round.chain.pass(Number(await round.distributor.start()) - (await round.chain.now()));
  const desk = await openDesk(round, rpcUrl, { list: list.out, artefacts: directory }, list.book);
  narrator.step("claim service", "listens, on a database of its own", desk.url);
  try {
    await claimBound(round, BOUND);
    await claimSigned(round, desk, SIGNED);
    await claimAndReload(round, desk, RELOADER);
    await claimSponsored(round, desk, SPONSORED);
    await desk.settle();
    const { status } = await desk.status(RELOADER);
    const events = await desk.exportAudit(path.join(directory, "claims-audit.ndjson"));
    narrator.step(
      "claim service",
      `now has the claim of user ${RELOADER} as ${status}`,
      `${events} events in its audit log`,
    );
  } finally {
    await desk.close();
  }

  narrator.chapter("Cheats: each is refused, and nothing moves");
  const cheats = await tryCheats(round, { ...CHEATED, cheater: await round.person(CHEATER) });

  narrator.chapter("Governance: the stewards spend from the treasury");
  const grant = await spendFromTreasury(round, GRANT);

  narrator.chapter("The window closes");
  const swept = await closeAndSweep(round, LATECOMER);

  const { stage, sybil, ...passports } = await passportChapters(round, rpcUrl, directory);
  const { findings, ...certified } = await certificationChapters(stage, {
    rpcUrl,
    artefacts: directory,
    sybil,
  }).finally(() => stage.service.close());

  const claims = BOUND.length + SIGNED.length + 1 + SPONSORED.length;
  const paid = BigInt(list.manifest.total) - swept;
  const seconds = (Date.now() - started) / 1000;
  const summary = {
    claims,
    paid,
    cheats,
    grant: grant.amount,
    swept,
    total: list.manifest.total,
    passports,
    certified,
    findings: { ...findings, version: undefined },
    seconds,
  };
  writeFileSync(path.join(directory, "summary.json"), `${toJson(summary)}\n`);
  narrator.say(
    [
      "",
      "Summary",
      `   ${claims} people claimed ${tokens(paid)} tokens: ${BOUND.length} by their bound leaf, ${SIGNED.length + 1} signed, ` +
        `${SPONSORED.length} sponsored in one batch`,
      `   ${cheats} cheats were refused and moved nothing`,
      `   ${tokens(grant.amount)} tokens were granted by vote, ${tokens(swept)} went back to the Timelock`,
      `   claimed and swept is the list's total: ${paid + swept === BigInt(list.manifest.total)}`,
      `   ${passports.scored.toLocaleString("en")} passports were anchored in one transaction, ` +
        `${passports.perPassport.toFixed(1)} gas each; the human was let in, the Sybil was not`,
      `   ${findings.found} of ${findings.inFarms} accounts of three farms were found among ${findings.donors.toLocaleString("en")} donors, ` +
        `${findings.wronged} of ${findings.people.toLocaleString("en")} people were flagged; new weights cost the farm its score`,
      `   ${certified.signers} of five stewards certified epoch ${certified.epoch}; a mirror restored it and answered without a chain`,
      `   artefacts: ${path.relative(process.cwd(), directory)}`,
      `   took ${seconds.toFixed(1)} s`,
    ].join("\n"),
  );
} finally {
  await close();
}
