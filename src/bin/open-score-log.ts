import { readFile } from "node:fs/promises";

import type { ScoreLogConfig } from "../config/score-log.js";
import { HttpMirror } from "../http/snapshots/http-mirror.js";
import type { StewardChain } from "../nodes/protocol/chain.js";
import { newestCertified } from "../nodes/protocol/newest-certified.js";
import { ScoreLog } from "../nodes/score-log/score-log.js";
import { parseIssuers } from "../passport/issuers.js";
import type { VerificationSource } from "../scoring/service/ports.js";
import type { Logger } from "../shared/logger.js";
import { SnapshotFolder } from "../snapshots/files/snapshot-folder.js";
import { TrustedKeepers } from "../snapshots/keeper.js";

/** A node's own copy of the log, as configured; `chain` says what is certified. */
export async function openScoreLog(config: ScoreLogConfig, chain: StewardChain, logger: Logger): Promise<ScoreLog> {
  const { mirrors, folder, scorers, maxLifetime, keepers, passportRegistry: registry } = config;
  const trust = await readTrust(config);
  const { chainId } = chain.registry;
  return new ScoreLog(
    { scorers, registry: { chainId, address: registry }, maxLifetime },
    {
      mirrors: mirrors.map(({ url, token }) => {
        const headers = token === null ? {} : { authorization: `Bearer ${token.expose()}` };
        return new HttpMirror({ url, headers });
      }),
      folder: new SnapshotFolder(folder),
      keepers: new TrustedKeepers({ chainId, registry }, keepers),
      certified: () => newestCertified(chain),
      trust,
      logger,
    },
  );
}

/** Whose stamps count. Bans and revocations are entries of the log itself. */
async function readTrust({ issuersFile }: ScoreLogConfig): Promise<VerificationSource> {
  const issuers = parseIssuers(JSON.parse(await readFile(issuersFile, "utf8")));
  return (now) => ({ now, issuers });
}
