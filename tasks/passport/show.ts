import type { NewTaskActionFunction } from "hardhat/types/tasks";

import type { AnchoredScore, ScorerState } from "../../src/chain/passport-registry.js";
import { formatUnits } from "../../src/shared/decimal.js";
import { checkedAddress, parseNumber } from "../options.js";
import { isoTime, printResult } from "../output.js";
import { run } from "../run.js";
import { openRegistry, type RegistryArguments } from "./open.js";

interface ShowArguments extends RegistryArguments {
  account: string | undefined;
  scorer: string | undefined;
  json: boolean;
}

const show: NewTaskActionFunction<ShowArguments> = async (given, hre) =>
  run(async () => {
    const scorerId = parseNumber(given.scorer ?? "1", "--scorer");
    const connection = await hre.network.create();
    const registry = await openRegistry(hre, connection, given);
    const scorer = await registry.scorer(scorerId);
    const score =
      given.account === undefined ? undefined : await registry.scoreOf(scorerId, checkedAddress(given.account));
    const lines = [...describeScorer(scorer), ...(score === undefined ? [] : describeScore(score, scorer))];
    printResult(given.json, { registry: registry.address, scorer, score }, lines);
  });

const points = (units: number | bigint) => formatUnits(BigInt(units), 4);

function describeScorer(scorer: ScorerState): string[] {
  const root =
    scorer.number === 0
      ? "no root yet"
      : `root ${scorer.number} of ${isoTime(scorer.issuedAt)}, human from ${points(scorer.threshold)}`;
  return [
    `Scorer ${scorer.scorerId}: ${root}`,
    `  authority  ${scorer.authority} (${scorer.kind}), manager ${scorer.manager}`,
    ...(scorer.kind === "certificates" ? [`  roots      issued ${scorer.minRootInterval} seconds apart at least`] : []),
    `  scores     of root ${scorer.floor} and later count, ${scorer.maxRootAge} roots and ${scorer.maxLifetime} seconds at most`,
  ];
}

const STANDINGS: Readonly<Record<AnchoredScore["standing"], string>> = {
  unknown: "nobody brought a leaf in",
  dropped: "the score was dropped",
  expired: "the leaf has expired",
  "too-old": "the leaf's root is below the floor",
  counts: "the leaf counts",
};

function describeScore({ account, score, human, leaf, standing }: AnchoredScore, { number }: ScorerState): string[] {
  const lines = [`${account}: ${points(score)}, ${human ? "human" : "not human"}; ${STANDINGS[standing]}`];
  if (leaf === undefined) return lines;
  const behind = number - leaf.rootNumber;
  const age = behind === 0 ? "the current root" : `${behind} root(s) behind`;
  const expiry = leaf.score === 0 ? "" : `, until ${spellTime(leaf.expiresAt)}`;
  return [...lines, `  leaf       ${points(leaf.score)} of root ${leaf.rootNumber}, ${age}${expiry}`];
}

/** A leaf may name a time that no calendar has. */
const spellTime = (seconds: bigint) => (seconds > 8_640_000_000_000n ? "for ever" : isoTime(seconds));

export default show;
