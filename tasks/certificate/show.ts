import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { certificateToJson } from "../../src/certificates/certificate-json.js";
import type { Certificate } from "../../src/certificates/certificate.js";
import { ClientError } from "../../src/nodes/client/errors.js";
import { subjectOf } from "../../src/nodes/client/report.js";
import { reasonOf } from "../../src/nodes/client/verify-source.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openSources, type SourceArguments } from "./sources.js";

interface ShowArguments extends SourceArguments {
  hash: string;
  json: boolean;
}

const show: NewTaskActionFunction<ShowArguments> = async (given) =>
  run(async () => {
    const { hash } = given;
    const problems: string[] = [];
    for (const source of await openSources(given)) {
      try {
        const certificate = await source.certificate(hash);
        if (certificate?.hash === hash) {
          // The document is what `certificate anchor` and `certificate verify --file` read.
          printResult(given.json, certificateToJson(certificate), describe(certificate, source.name));
          return;
        }
        problems.push(`${source.name}: it has no such certificate`);
      } catch (error) {
        problems.push(`${source.name}: ${reasonOf(error)}`);
      }
    }
    throw new ClientError("client/no-certificate", `Nobody gives the certificate ${hash}: ${problems.join("; ")}`);
  });

function describe(certificate: Certificate, source: string): string[] {
  const { hash, previousHash, epoch, metadata, content, parameters } = certificate;
  const scores = content.kind === "genesis" ? undefined : content.message.scores;
  return [
    `certificate ${hash}, not verified, from ${source}`,
    `subject     ${subjectOf(certificate)}, epoch ${epoch}`,
    `follows     ${previousHash}`,
    `parameters  k ${parameters.k}, m ${parameters.m}, phi_f ${parameters.phiF}`,
    ...(scores === undefined
      ? []
      : [`scores root ${scores.scoresRoot}`, `snapshot    ${scores.snapshotDigest} at block ${scores.snapshotBlock}`]),
    ...metadata.signers.map(({ steward, stake }) => `signer      ${steward} with ${stake}`),
  ];
}

export default show;
