import type { Logger } from "../../shared/logger.js";
import {
  describeUnknown,
  eraAt,
  PROTOCOL_VERSIONS,
  reportEras,
  type EraMarker,
  type EraReport,
  type EraSource,
} from "./era.js";

/** Follows the eras for one node: warns before its program is out of date, and says when it is. */
export class EraWatch {
  readonly #source: EraSource;
  readonly #logger: Logger;
  readonly #versions: readonly number[];
  #report: EraReport | undefined;
  /** What was told last: it is told again when it changes. */
  #told = "";

  /** `versions` are the protocol versions that the program has. */
  constructor(source: EraSource, logger: Logger, versions: readonly number[] = PROTOCOL_VERSIONS) {
    this.#source = source;
    this.#logger = logger;
    this.#versions = versions;
  }

  /** What the last look showed; undefined before the first. */
  get report(): EraReport | undefined {
    return this.#report;
  }

  get versions(): readonly number[] {
    return this.#versions;
  }

  /** The era of an epoch, if this program does not have its rules. Throws what the source throws. */
  async unknownAt(epoch: bigint): Promise<EraMarker | undefined> {
    const era = eraAt(await this.#source.markers(), epoch);
    return era === undefined || this.#versions.includes(era.protocolVersion) ? undefined : era;
  }

  /** Looks at the eras of the clock's epoch, and logs what an operator has to do: once, and again when it changes. */
  async look(epoch: bigint): Promise<EraReport> {
    const report = reportEras(await this.#source.markers(), epoch, this.#versions);
    const unknown = report.eras.filter(({ known }) => !known);
    const sentences = unknown.map((era) => describeUnknown(era, this.#versions));
    if (sentences.join("\n") !== this.#told) {
      for (const [place, { marker, stage }] of unknown.entries()) {
        const fields = { era: marker.name, protocolVersion: marker.protocolVersion, detail: sentences[place] };
        if (stage === "active") this.#logger.error(fields, "the rules in force are not known to this program");
        else this.#logger.warn(fields, "rules are coming that are not known to this program");
      }
      if (sentences.length === 0) this.#logger.info({ epoch: epoch.toString() }, "all eras are known to this program");
      this.#told = sentences.join("\n");
    }
    this.#report = report;
    return report;
  }
}
