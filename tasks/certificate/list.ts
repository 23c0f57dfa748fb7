import { errorResult, successfulResult } from "hardhat/utils/result";
import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { entityKey } from "../../src/certificates/entity.js";
import type { ListedCertificate } from "../../src/nodes/client/ports.js";
import { reasonOf } from "../../src/nodes/client/verify-source.js";
import { printResult } from "../output.js";
import { run } from "../run.js";
import { openSources, type SourceArguments } from "./sources.js";

interface ListArguments extends SourceArguments {
  json: boolean;
}

const list: NewTaskActionFunction<ListArguments> = async (given) =>
  run(async () => {
    const found = [];
    for (const source of await openSources(given)) {
      try {
        found.push({ source: source.name, certificates: (await source.list()).items.map(describe) });
      } catch (error) {
        found.push({ source: source.name, problem: reasonOf(error) });
      }
    }
    const lines = found.flatMap(({ source, problem, certificates = [] }) => [
      problem === undefined ? `${source}: the newest ${certificates.length}, not verified` : `${source}: ${problem}`,
      ...certificates.map(({ hash, epoch, subject }) => `${hash}  epoch ${epoch}  ${subject}`),
    ]);
    printResult(given.json, found, lines);
    return found.some(({ problem }) => problem === undefined) ? successfulResult() : errorResult();
  });

const describe = ({ hash, epoch, entity }: ListedCertificate) => ({
  hash,
  epoch,
  subject: entity === undefined ? "genesis" : entityKey(entity),
});

export default list;
