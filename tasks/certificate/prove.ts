import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { ClientError } from "../../src/nodes/client/errors.js";
import { findCertifiedSnapshot } from "../../src/nodes/client/certified-snapshot.js";
import { proveCertifiedScore, replayCertified } from "../../src/nodes/client/prove-score.js";
import { trustedChain } from "../../src/nodes/client/verify-source.js";
import { DomainError } from "../../src/shared/errors.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { SnapshotFolder } from "../../src/snapshots/files/snapshot-folder.js";
import { givenOrDeployed } from "../deployment.js";
import { checkedAddress, parseNumber, required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import type { RegistryArguments } from "./open.js";
import { openChain, openSources, type SourceArguments } from "./sources.js";

interface ProveArguments extends SourceArguments, RegistryArguments {
  folder: string;
  certificate: string | undefined;
  scorers: string | undefined;
  scorer: string | undefined;
  account: string | undefined;
  passportRegistry: string | undefined;
  maxLifetime: string | undefined;
  json: boolean;
}

/** What the stewards' nodes certify with unless they are told otherwise: 90 days. */
const LIFETIME = "7776000";

const prove: NewTaskActionFunction<ProveArguments> = async (given, hre) =>
  run(async () => {
    const scorers = parseScorers(required(given.scorers, "--scorers"));
    const account = checkedAddress(required(given.account, "--account"));
    const maxLifetime = Number(parseNumber(given.maxLifetime ?? LIFETIME, "--max-lifetime"));
    const scorerId = given.scorer === undefined ? onlyOne(scorers) : parseNumber(given.scorer, "--scorer");
    const sources = await openSources(given);
    const connection = await hre.network.create();
    const chain = await openChain(hre, connection, given);
    const deployed = [hre, connection, "PassportRegistry", given.deploymentId] as const;
    const address = await givenOrDeployed(given.passportRegistry, ...deployed);
    const agreed = { scorers, registry: { chainId: chain.registry.chainId, address }, maxLifetime };
    const progress = terminalProgress();
    const { certificate: hash } = given;
    const { certificate, block: number } = await findCertifiedSnapshot(sources, await trustedChain(chain), {
      progress,
      ...(hash === undefined || hash === "latest" ? { registry: chain } : { hash }),
    });
    const block = await chain.block(number);
    if (block === undefined) {
      throw new ClientError("client/scores-differ", `The chain has no block ${number}, which is certified`, { number });
    }
    const folder = new SnapshotFolder(given.folder);
    const scores = await replayCertified(folder, certificate, block, agreed, progress);
    const proof = proveCertifiedScore(certificate, scores, scorerId, account);
    const { anchor } = proof.anchorCertified;
    const { score, expiresAt } = proof.submitScore;
    printResult(given.json, { certificate: certificate.hash, ...proof }, [
      `certificate ${certificate.hash} of epoch ${certificate.epoch}`,
      `scorer      ${scorerId}: root ${anchor.root} over ${anchor.count} accounts`,
      `score       ${score / 10_000} until ${new Date(Number(expiresAt) * 1000).toISOString()}`,
      `proofs      ${proof.anchorCertified.proof.length} hashes for the root, ${proof.submitScore.proof.length} for the score (--json prints them)`,
    ]);
  });

/** `1:5,2:9`: scorers by their number in the log, with their id in the registry. */
function parseScorers(text: string): Map<number, bigint> {
  const scorers = new Map<number, bigint>();
  for (const item of text.split(",")) {
    const match = /^([1-9][0-9]{0,14}):([0-9]{1,77})$/.exec(item.trim());
    if (match === null || scorers.has(Number(match[1]))) {
      const message = `--scorers must be NUMBER:ID pairs such as 1:5,2:9, each number once, not "${text}".`;
      throw new DomainError("tasks/bad-number", message, { text });
    }
    scorers.set(Number(match[1]), BigInt(match[2] as string));
  }
  return scorers;
}

function onlyOne(scorers: ReadonlyMap<number, bigint>): bigint {
  const [only, another] = [...scorers.values()];
  if (only !== undefined && another === undefined) return only;
  throw new DomainError("tasks/missing-option", "Name the scorer of the score by its id in the registry: --scorer ID");
}

export default prove;
