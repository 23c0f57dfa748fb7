import type { NewTaskActionFunction } from "hardhat/types/tasks";

import { describeUnknown, PROTOCOL_VERSIONS, reportEras } from "../../../src/nodes/eras/era.js";
import { isoTime, printResult } from "../../output.js";
import { run } from "../../run.js";
import { openEraMarkers, type ErasArguments } from "./open.js";

interface ShowArguments extends ErasArguments {
  json: boolean;
}

const eras: NewTaskActionFunction<ShowArguments> = async (given, hre) =>
  run(async () => {
    const connection = await hre.network.create();
    const { markers, registry } = await openEraMarkers(hre, connection, given);
    const { genesis, epochLength, epoch: now } = await registry.clock();
    const startOf = (epoch: bigint) => genesis + (epoch - 1n) * epochLength;
    const { eras: staged } = reportEras(await markers.markers(), now);
    const rows = staged.map(({ marker: { name, protocolVersion, epoch }, stage, known }) => {
      return { name, protocolVersion, epoch, startsAt: epoch === undefined ? undefined : startOf(epoch), stage, known };
    });
    const unknown = staged.filter(({ known }) => !known);
    const facts = { eras: markers.address, registry: registry.address, epoch: now, versions: PROTOCOL_VERSIONS };
    printResult(given.json, { ...facts, list: rows }, [
      `epoch ${now}; this program has the rules of protocol version ${PROTOCOL_VERSIONS.join(", ")}`,
      ...rows.map(({ name, protocolVersion, epoch, startsAt, stage }) =>
        [
          `${stage.padEnd(9)} ${name}, protocol version ${protocolVersion}`,
          ...(epoch === undefined || startsAt === undefined ? [] : [`from epoch ${epoch} on, ${isoTime(startsAt)}`]),
        ].join(", "),
      ),
      ...unknown.map((era) => describeUnknown(era)),
    ]);
  });

export default eras;
