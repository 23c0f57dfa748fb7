import type { EraMarker, EraSource } from "../nodes/eras/era.js";
import { NodeError } from "../nodes/protocol/errors.js";
import type { EraMarkersGateway } from "./era-markers.js";
import { guarded } from "./steward-chain.js";

/** Reads the markers for a node of a registry; those of another registry end the node. */
export class EraMarkersView implements EraSource {
  readonly #gateway: EraMarkersGateway;
  readonly #registry: string;
  #checked = false;

  constructor(gateway: EraMarkersGateway, registry: string) {
    this.#gateway = gateway;
    this.#registry = registry;
  }

  markers(): Promise<readonly EraMarker[]> {
    return guarded(async () => {
      if (!this.#checked) await this.#check();
      return this.#gateway.markers();
    });
  }

  /** Once: a contract's registry is immutable. */
  async #check(): Promise<void> {
    const named = await this.#gateway.registry();
    if (named.toLowerCase() !== this.#registry.toLowerCase()) {
      const message = `The era markers at ${this.#gateway.address} are of the registry ${named}, and this node's is ${this.#registry}`;
      throw new NodeError("nodes/wrong-registry", message, { fate: "stop" });
    }
    this.#checked = true;
  }
}
