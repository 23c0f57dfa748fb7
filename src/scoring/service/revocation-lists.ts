import { parseRevocations } from "../../passport/revocations.js";
import { unixSeconds, type Clock } from "../../shared/clock.js";
import { DomainError } from "../../shared/errors.js";
import type { Logger } from "../../shared/logger.js";
import type { PassportService } from "./passport-service.js";
import type { VerificationSource } from "./ports.js";

export interface RevocationListPorts {
  /** Where issuers publish their lists: names, and what is there now. */
  readonly sources: readonly string[];
  readonly read: (source: string) => Promise<unknown>;
  readonly service: PassportService;
  readonly verification: VerificationSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a look at all lists came to. */
export interface RevocationReload {
  readonly lists: number;
  /** Entries that were not known. */
  readonly added: number;
  readonly rescored: number;
  readonly refused: readonly { readonly source: string; readonly error: DomainError }[];
}

/**
 * The issuers' signed lists: read at the start, on a timer, and when an operator says so. What they revoke goes into the log and
 * stays there, whatever a later list says; a list that cannot be read or believed takes nothing away from the others.
 */
export class RevocationLists {
  readonly #ports: RevocationListPorts;

  constructor(ports: RevocationListPorts) {
    this.#ports = ports;
  }

  async reload(): Promise<RevocationReload> {
    const { sources, logger } = this.#ports;
    const report = { lists: 0, added: 0, rescored: 0, refused: [] as { source: string; error: DomainError }[] };
    for (const source of sources) {
      try {
        const { added, rescored } = await this.#take(source);
        report.lists += 1;
        report.added += added;
        report.rescored += rescored;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        logger.warn({ source, code: error.code, message: error.message }, "a revocation list was not taken");
        report.refused.push({ source, error });
      }
    }
    if (report.added > 0) logger.info({ added: report.added, rescored: report.rescored }, "issuers revoked");
    return report;
  }

  async #take(source: string): Promise<{ added: number; rescored: number }> {
    const { read, service, verification, clock } = this.#ports;
    const list = await read(source).catch((cause: unknown) => {
      throw new DomainError("passport/revocations-malformed", `${source} cannot be read`, { source }, { cause });
    });
    const { issuer } = (list ?? {}) as { issuer?: unknown };
    const { issuers } = verification(unixSeconds(clock)).issuers;
    return service.addRevocations(parseRevocations(list, issuers.find(({ did }) => did === issuer)?.keys ?? []));
  }
}
