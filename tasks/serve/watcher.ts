import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { errorResult, successfulResult } from "hardhat/utils/result";
import type { NewTaskActionFunction } from "hardhat/types/tasks";
import { pino } from "pino";

import { serveUntilSignal } from "../../src/bin/serve.js";
import { registryName, startWatcher, watchOnce } from "../../src/bin/start-watcher.js";
import { parseWatcherConfig } from "../../src/config/watcher.js";
import { watchedToWire } from "../../src/http/watcher/app.js";
import { DomainError } from "../../src/shared/errors.js";
import { givenOrDeployed } from "../deployment.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { deployedEras } from "./eras.js";

interface WatchArguments {
  registry: string | undefined;
  aggregator: string | undefined;
  deploymentId: string | undefined;
  once: boolean;
  json: boolean;
}

const watch: NewTaskActionFunction<WatchArguments> = async (given, hre) =>
  run(async () => {
    const config = parseWatcherConfig(await environmentOf(given, hre));
    // Standard output belongs to the task's result.
    const logger = pino(pino.destination(2));
    if (!given.once) {
      const node = await startWatcher(config, { logger });
      const { registry, chainId, aggregators } = config;
      printResult(given.json, { url: node.url, registry, chainId, aggregators }, [
        `The watcher of ${registry} (chain ${chainId}) is at ${node.url}; it watches ${aggregators.join(", ")}`,
      ]);
      await serveUntilSignal(node, logger);
      return successfulResult();
    }
    const watched = await watchOnce(config, { logger });
    if (watched === undefined) {
      throw new DomainError("watcher/too-early", "The registry's first epoch has not begun: there is nothing to watch");
    }
    const report = watchedToWire(watched, registryName(config));
    // What did not answer was not watched.
    const ok = report.alarms.length === 0 && report.aggregators.every(({ reached }) => reached);
    printResult(given.json, { ok, ...report }, [
      ...report.aggregators.map(({ aggregator, reached, problem }) =>
        reached ? `${aggregator}: watched` : `${aggregator}: ${problem ?? "does not answer"}`,
      ),
      ...report.aggregators.flatMap(({ aggregator, software }) =>
        software.map(
          (one) =>
            `${aggregator}: version ${one.software ?? "unknown"} by ${(one.share * 100).toFixed(2)} % of the stake`,
        ),
      ),
      ...report.alarms.map(({ kind, epoch, message }) => `ALARM ${kind} in epoch ${epoch}: ${message}`),
      ok ? `epoch ${report.epoch}: no alarm` : `epoch ${report.epoch}: ${report.alarms.length} alarms`,
    ]);
    return ok ? successfulResult() : errorResult();
  });

/** The WATCHER_ variables; what they leave out comes from the command line, the network and the deployment. */
async function environmentOf(given: WatchArguments, hre: HardhatRuntimeEnvironment) {
  const environment: Record<string, string | undefined> = { ...process.env };
  if (given.aggregator !== undefined) environment["WATCHER_AGGREGATORS"] = given.aggregator;
  const connection = await hre.network.create();
  const { networkConfig } = connection;
  if (networkConfig.type === "http") environment["WATCHER_RPC_URL"] ??= await networkConfig.url.getUrl();
  if (given.registry !== undefined || environment["WATCHER_REGISTRY"] === undefined) {
    const deployed = [hre, connection, "CertificateRegistry", given.deploymentId] as const;
    environment["WATCHER_REGISTRY"] = await givenOrDeployed(given.registry, ...deployed);
  }
  if (environment["WATCHER_REGISTRY"] !== undefined) {
    environment["WATCHER_ERAS"] ??= await deployedEras(
      hre,
      connection,
      environment["WATCHER_REGISTRY"],
      given.deploymentId,
    );
  }
  if (environment["WATCHER_RPC_URL"] !== undefined) {
    environment["WATCHER_CHAIN_ID"] ??= (await connection.ethers.provider.getNetwork()).chainId.toString();
  }
  await connection.close();
  return environment;
}

export default watch;
