import { expect } from "chai";

import type { VerifiedStamp } from "../../../src/passport/verify.js";
import { acceptStamp, scorePassport, settleStamp } from "../../../src/scoring/service/commands.js";
import { replayPassports, type LogEntry } from "../../../src/scoring/service/replay.js";
import { readVersion } from "../../../src/scoring/service/scorer-version.js";
import { PassportWorkspace } from "../../../src/scoring/service/workspace.js";
import { accountOf } from "../../support/passport/stamps.js";
import { AT, DAY } from "../../support/scoring.js";

const rules = { format: "touchstone-scorer-rules-v1", threshold: "1", weights: { Google: "1" } };
const version = readVersion({ scorerId: 1, version: 1, rules: JSON.stringify(rules) });
// In the order of their addresses.
const [first = "", second = "", third = ""] = ["a", "b", "c"].map((name) => accountOf(name).toLowerCase()).sort();

const stampOf = (account: string, linkKeys: readonly string[], expiresAt: number): VerifiedStamp => ({
  digest: `${account} ${linkKeys.join()} ${expiresAt}`,
  form: "touchstone",
  provider: "Google",
  account,
  issuer: "did:ethr:0x",
  keyVersion: 0,
  nullifiers: linkKeys,
  linkKeys,
  issuedAt: AT,
  expiresAt,
});

function createWorkspace() {
  const workspace = new PassportWorkspace();
  workspace.nextSequence();
  workspace.loadVersion(version);
  return workspace;
}

/** What the log of a workspace leads to. */
function replayed(workspace: PassportWorkspace): PassportWorkspace {
  const log: LogEntry[] = [
    { kind: "version", sequence: 1, version },
    ...workspace.stampEvents.map((event) => ({ kind: "stamp" as const, sequence: event.sequence, event })),
    ...workspace.scoreEvents.map((event) => ({ kind: "score" as const, sequence: event.sequence, event })),
  ];
  return replayPassports(log.sort((a, b) => a.sequence - b.sequence));
}

const linksOf = (workspace: PassportWorkspace) =>
  Object.fromEntries(workspace.links().map(({ key, account, expiresAt }) => [key, [account, expiresAt]]));

describe("commands on passports", () => {
  const submit = (workspace: PassportWorkspace, stamp: VerifiedStamp, now: number) => {
    acceptStamp(workspace, 1, stamp, {}, now);
    return scorePassport(workspace, 1, stamp.account, now, "submitted");
  };

  it("passport/longest-waiting-is-next: a nullifier that is free again goes by acceptance, not by address, also in a replay", () => {
    const workspace = createWorkspace();
    submit(workspace, stampOf(second, ["k"], AT + DAY), AT);
    const waiting = stampOf(third, ["k"], AT + 90 * DAY);
    submit(workspace, waiting, AT + 1);
    submit(workspace, stampOf(first, ["k"], AT + 80 * DAY), AT + 2);
    const later = AT + 2 * DAY;
    for (const account of [second, third, first]) {
      for (const { stamp, sequence } of workspace.stamps(1, account)) {
        settleStamp(workspace, 1, { ...stamp, sequence }, later);
      }
    }
    for (const account of [first, second, third]) scorePassport(workspace, 1, account, later, "rescored");
    expect(linksOf(workspace)).to.deep.equal({ k: [third, AT + 90 * DAY] });
    expect(workspace.score(1, third)?.passing).to.equal(true);
    expect(linksOf(replayed(workspace))).to.deep.equal(linksOf(workspace));
    expect(replayed(workspace).scoreEvents).to.deep.equal(workspace.scoreEvents);
  });

  it("passport/links-that-move-are-logged: also where no score changes", () => {
    const workspace = createWorkspace();
    submit(workspace, stampOf(first, ["old"], AT + 10 * DAY), AT);
    // The second account's stamp is from the time of two keys: its other nullifier goes to the owner, as long as the owner's.
    submit(workspace, stampOf(second, ["old", "new"], AT + 90 * DAY), AT + 1);
    submit(workspace, stampOf(first, ["old"], AT + 50 * DAY), AT + 2);
    scorePassport(workspace, 1, second, AT + 3, "rescored");
    const events = workspace.scoreEvents.length;
    scorePassport(workspace, 1, second, AT + 11 * DAY, "rescored");
    expect(workspace.scoreEvents).to.have.length(events);
    expect(linksOf(workspace)).to.deep.equal({ old: [first, AT + 50 * DAY], new: [first, AT + 50 * DAY] });
    expect(linksOf(replayed(workspace))).to.deep.equal(linksOf(workspace));
  });

  it("takes everything back when a command fails", () => {
    const workspace = createWorkspace();
    submit(workspace, stampOf(first, ["k"], AT + DAY), AT);
    const before = JSON.stringify([workspace.sequence, linksOf(workspace), workspace.scores(), workspace.stampEvents]);
    expect(() =>
      workspace.attempt(() => {
        submit(workspace, stampOf(second, ["k", "l"], AT + DAY), AT + 1);
        submit(workspace, stampOf(first, ["m"], AT + 2 * DAY), AT + 1);
        throw new Error("no");
      }),
    ).to.throw("no");
    expect(
      JSON.stringify([workspace.sequence, linksOf(workspace), workspace.scores(), workspace.stampEvents]),
    ).to.equal(before);
    expect(workspace.stamps(1, second)).to.deep.equal([]);
    expect(workspace.changedLinkRows().map(({ key }) => key)).to.deep.equal(["k"]);
  });
});
