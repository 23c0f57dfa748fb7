import type { Provider } from "ethers";

import { EraMarkersGateway } from "../chain/era-markers.js";
import { EraMarkersView } from "../chain/era-view.js";
import { EraWatch } from "../nodes/eras/era-watch.js";
import type { Logger } from "../shared/logger.js";

export interface EraConfig {
  readonly registry: string;
  /** The contract with the era markers; null for a network that has none. */
  readonly eras: string | null;
}

/** What a node follows the eras with; null, and a warning, where no markers are configured. */
export function openEras({ registry, eras }: EraConfig, provider: Provider, logger: Logger): EraWatch | null {
  if (eras !== null) return new EraWatch(new EraMarkersView(new EraMarkersGateway(eras, provider), registry), logger);
  logger.warn({ registry }, "no era markers are configured: this node will not notice when its program is out of date");
  return null;
}
