import { errorResult, successfulResult } from "hardhat/utils/result";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { shortHash } from "../../src/mithril/certificate.js";
import { readCertificates } from "../../src/mithril/read-certificates.js";
import { readStakeDistributions, verifyStakeDistribution } from "../../src/mithril/stake-distribution.js";
import { readText } from "../files.js";
import { required } from "../options.js";
import { printResult } from "../output.js";
import { run } from "../run.js";

interface DistributionArguments {
  readonly file: string;
  readonly certificates: string | undefined;
  readonly json: boolean;
}

const distribution: NewTaskActionFunction<DistributionArguments> = async ({ file, certificates: given, json }) =>
  run(async () => {
    const certificateFile = required(given, "--certificates");
    const certificates = readCertificates(await readText(certificateFile, "The file of certificates"), certificateFile);
    const distributions = readStakeDistributions(await readText(file, "The file of stake distributions"), file);
    const verdicts = distributions.map((item) => verifyStakeDistribution(item, certificates));
    const results = verdicts.map(({ distribution: { hash, epoch, certificateHash, signers }, ...verdict }) => ({
      hash,
      epoch,
      certificateHash,
      signers: signers.length,
      ...verdict,
    }));
    const good = results.filter(({ problems }) => problems.length === 0).length;
    printResult(json, { ok: good === results.length, file, certificates: certificateFile, distributions: results }, [
      ...results.map(({ hash, epoch, certificateHash, signers, proven, totalStake, problems }) =>
        [
          `${shortHash(hash)}  epoch ${epoch}  ${proven} of ${signers} keys proven  total stake ${totalStake ?? "unknown"}`,
          `certificate ${shortHash(certificateHash)}`,
          problems.length === 0 ? "ok" : `FAILED ${problems.join("; ")}`,
        ].join("  "),
      ),
      `${file}: ${good} of ${results.length} stake distributions are what their certificates name`,
      `the certificates themselves: npx hardhat mithril verify ${certificateFile}`,
    ]);
    return good === results.length ? successfulResult() : errorResult();
  });

export default distribution;
