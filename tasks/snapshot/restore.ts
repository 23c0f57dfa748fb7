import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { fetchAndRestore } from "../../src/bin/fetch-and-restore.js";
import { type CertifiedSnapshot, findCertifiedSnapshot } from "../../src/nodes/client/certified-snapshot.js";
import { trustedChain } from "../../src/nodes/client/verify-source.js";
import { DomainError } from "../../src/shared/errors.js";
import { terminalProgress } from "../../src/shared/progress.js";
import { STREAMS } from "../../src/snapshots/record.js";
import { openChain, openSources } from "../certificate/sources.js";
import { parseNumber } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { databasePlace } from "./place.js";

interface RestoreArguments {
  from: string | undefined;
  data: string | undefined;
  digest: string | undefined;
  certificate: string | undefined;
  aggregator: string | undefined;
  file: string | undefined;
  registry: string | undefined;
  deploymentId: string | undefined;
  chunks: string | undefined;
  parallel: string | undefined;
  scoresOnly: boolean;
  json: boolean;
}

const restore: NewTaskActionFunction<RestoreArguments> = async (given, hre) =>
  run(async () => {
    const { data, chunks, parallel, scoresOnly, json } = given;
    // An aggregator serves snapshots, too.
    const from = given.from ?? given.aggregator;
    if (from === undefined) {
      throw new DomainError("tasks/missing-option", "Name a folder or mirrors, or --aggregator URL[,URL]");
    }
    const certified = await findCertified(given, hre);
    const digest = certified?.digest ?? given.digest;
    const location = databasePlace(data);
    const { manifest, loaded } = await fetchAndRestore({
      from,
      location,
      chunks: chunks ?? (location.kind === "folder" ? `${location.folder}.chunks` : "data/snapshot.chunks"),
      streams: scoresOnly ? ["scores"] : STREAMS,
      progress: terminalProgress(),
      ...(digest === undefined ? {} : { digest }),
      ...(parallel === undefined ? {} : { parallel: Number(parseNumber(parallel, "--parallel")) }),
    });
    const where = location.kind === "folder" ? location.folder : "the database of DATABASE_URL";
    const proof = certified === undefined ? {} : describeCertified(certified);
    printResult(json, { digest: manifest.digest, sequence: manifest.sequence, ...loaded, ...proof }, [
      ...(certified?.rejected ?? []).map(({ source, reason }) => `${source} is passed over: ${reason}`),
      `Snapshot ${manifest.digest} is restored into ${where}: ${loaded.records} entries, ${loaded.stamps} stamps`,
      verdict(given, certified),
    ]);
  });

/** The snapshot that a certificate names; undefined where none was asked for. */
async function findCertified(
  given: RestoreArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<CertifiedSnapshot | undefined> {
  const { certificate, digest } = given;
  if (certificate === undefined) {
    // Whoever names an aggregator wants what it certifies, and not whatever a mirror has.
    if (given.aggregator === undefined && given.file === undefined) return undefined;
    throw new DomainError("tasks/missing-option", "Name the certificate as well: --certificate HASH, or latest");
  }
  const sources = await openSources(given);
  const connection = await hre.network.create();
  const chain = await openChain(hre, connection, given);
  const found = await findCertifiedSnapshot(sources, await trustedChain(chain), {
    progress: terminalProgress(),
    ...(certificate === "latest" ? { registry: chain } : { hash: certificate }),
  });
  await connection.close();
  if (digest === undefined || digest === found.digest) return found;
  const message = `The certificate is about the snapshot ${found.digest}, not ${digest}.`;
  throw new DomainError("tasks/bad-choice", message, { digest, certified: found.digest });
}

const describeCertified = ({ certificate, scoresRoot, block, source, rejected }: CertifiedSnapshot) => ({
  certificate: { hash: certificate.hash, epoch: certificate.epoch, block, scoresRoot, source },
  rejected: rejected.map(({ source: name, reason }) => ({ source: name, reason })),
});

function verdict({ digest }: RestoreArguments, certified: CertifiedSnapshot | undefined): string {
  if (certified !== undefined) {
    const { certificate, block } = certified;
    return `It is what the stewards of epoch ${certificate.epoch} certified at block ${block}: certificate ${certificate.hash}`;
  }
  return digest === undefined
    ? "No digest was given: compare this one with the certificate's snapshot_digest before you rely on it"
    : "It is the snapshot that was asked for";
}

export default restore;
