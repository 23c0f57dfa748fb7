import { decodeBytes32String, encodeBytes32String, type Provider } from "ethers";

import { EraMarkers__factory, type EraMarkers } from "../../typechain-types/index.js";
import type { EraMarker } from "../nodes/eras/era.js";
import { DomainError } from "../shared/errors.js";
import type { Step } from "./call.js";
import { epochAfter, type EpochClock } from "./certificate-registry.js";
import { decidedIn } from "./parameter-change.js";

/**
 * `eras/bad-name`: no name of an era. `eras/not-announced`: an era is announced before it is activated. `eras/announced`: its
 * name is taken by another version. `eras/too-early`: an era begins in a coming epoch, after all that were activated before it.
 */
export type EraErrorCode = "eras/bad-name" | "eras/not-announced" | "eras/announced" | "eras/too-early";

/** Reads an `EraMarkers` contract and prepares governance's calls to it. */
export class EraMarkersGateway {
  readonly address: string;
  readonly #contract: EraMarkers;

  constructor(address: string, provider: Provider) {
    this.address = address;
    this.#contract = EraMarkers__factory.connect(address, provider);
  }

  /** The certificate registry whose epochs are meant. */
  registry(): Promise<string> {
    return this.#contract.registry();
  }

  /** In the order of their announcement. */
  async markers(): Promise<EraMarker[]> {
    const markers = await this.#contract.markers();
    return markers.map(({ name, protocolVersion, epoch }) => {
      return { name: textOf(name), protocolVersion: Number(protocolVersion), epoch: epoch === 0n ? undefined : epoch };
    });
  }

  /** Announces an era; only the Timelock may. Throws `eras/bad-name` and `eras/announced`. */
  async announce(name: string, protocolVersion: number): Promise<Step> {
    const bytes = bytesOf(name);
    const known = (await this.markers()).find((marker) => marker.name === name);
    if (known !== undefined) {
      if (known.protocolVersion === protocolVersion) return { done: `era "${name}" is announced` };
      const message = `Era "${name}" is announced with protocol version ${known.protocolVersion}, which nobody can change; choose another name for version ${protocolVersion}.`;
      throw new DomainError<EraErrorCode>("eras/announced", message, { name });
    }
    const data = this.#contract.interface.encodeFunctionData("announce", [bytes, protocolVersion]);
    return this.#step(data, `announce era "${name}" of protocol version ${protocolVersion}`);
  }

  /**
   * Lets an announced era begin with `epoch`, or moves it there; only the Timelock may. `seconds` is how long it takes at least until
   * the call is made. Throws `eras/bad-name`, `eras/not-announced` and `eras/too-early`.
   */
  async activate(name: string, epoch: bigint, clock: EpochClock, seconds = 0n): Promise<Step> {
    const bytes = bytesOf(name);
    const markers = await this.markers();
    const own = markers.find((marker) => marker.name === name);
    if (own === undefined) {
      const message = `No era "${name}" is announced; announce it with its protocol version first.`;
      throw new DomainError<EraErrorCode>("eras/not-announced", message, { name });
    }
    if (own.epoch === epoch) return { done: `era "${name}" begins with epoch ${epoch}` };
    const decided = epochAfter(clock, seconds);
    if (own.epoch !== undefined && own.epoch <= decided) {
      const message = `Era "${name}" begins with epoch ${own.epoch} and cannot be moved any more: ${decidedIn(clock, decided)}.`;
      throw new DomainError<EraErrorCode>("eras/too-early", message, { name, epoch });
    }
    const earliest = earliestEpoch(markers, name, decided);
    if (epoch < earliest) {
      const message = `Era "${name}" can begin with epoch ${earliest} at the earliest, not with ${epoch}: ${decidedIn(clock, decided)}, and eras begin in the order in which they are activated.`;
      throw new DomainError<EraErrorCode>("eras/too-early", message, { name, epoch, earliest });
    }
    const data = this.#contract.interface.encodeFunctionData("activate", [bytes, epoch]);
    return this.#step(data, `let era "${name}" of protocol version ${own.protocolVersion} begin with epoch ${epoch}`);
  }

  #step(data: string, summary: string): Step {
    return { call: { to: this.address, data, value: 0n, summary } };
  }
}

/** As the contract has it: in a coming epoch, and after every other activated era. */
function earliestEpoch(markers: readonly EraMarker[], name: string, decided: bigint): bigint {
  return markers.reduce(
    (earliest, { name: other, epoch }) =>
      other !== name && epoch !== undefined && epoch >= earliest ? epoch + 1n : earliest,
    decided + 1n,
  );
}

/** Up to 31 bytes of visible ASCII: it is shown in logs, alarms and metrics. */
function bytesOf(name: string): string {
  if (/^[\x21-\x7e]{1,31}$/.test(name)) return encodeBytes32String(name);
  const message = `"${name}" is no name of an era: it has 1 to 31 visible ASCII characters without spaces.`;
  throw new DomainError<EraErrorCode>("eras/bad-name", message, { name });
}

/** A name that another program gave, which need not be text, is shown in hex. */
function textOf(bytes: string): string {
  try {
    const text = decodeBytes32String(bytes);
    return /^[\x20-\x7e]+$/.test(text) ? text : bytes;
  } catch {
    return bytes;
  }
}
