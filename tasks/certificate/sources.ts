import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { RegistryView } from "../../src/chain/steward-chain.js";
import { parseAggregatorUrl } from "../../src/config/watcher.js";
import { HttpAggregator } from "../../src/http/aggregator-client/http-aggregator.js";
import { fileSource, readCertificateFile } from "../../src/nodes/client/file-source.js";
import type { CertificateSource } from "../../src/nodes/client/ports.js";
import { DomainError } from "../../src/shared/errors.js";
import type { ChainConnection } from "../deployment.js";
import { readText } from "../files.js";
import { openRegistry, type RegistryArguments } from "./open.js";

export interface SourceArguments {
  aggregator: string | undefined;
  file?: string | undefined;
}

/** URLs of aggregators that were typed, separated by commas. */
export function aggregatorUrls(text: string): string[] {
  return text.split(",").map((item) => {
    const url = parseAggregatorUrl(item.trim());
    if (url !== undefined) return url;
    throw new DomainError("tasks/bad-url", `--aggregator must be http or https URLs, not "${item.trim()}".`, { item });
  });
}

/** The aggregators and the file that were named, in this order; at least one. */
export async function openSources({ aggregator, file }: SourceArguments): Promise<CertificateSource[]> {
  const sources: CertificateSource[] =
    aggregator === undefined ? [] : aggregatorUrls(aggregator).map((url) => new HttpAggregator({ url }));
  if (file !== undefined) {
    const text = await readText(file, "The file of certificates");
    sources.push(fileSource(readCertificateFile(parseJson(text, file), file), file));
  }
  if (sources.length > 0) return sources;
  throw new DomainError("tasks/missing-option", "Name whom to ask: --aggregator URL[,URL]");
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DomainError("certificates/malformed", `${file}: is no JSON`, { file }, { cause });
  }
}

/** The registry that was named, or the deployed one, as nodes see it. */
export async function openChain(
  hre: HardhatRuntimeEnvironment,
  connection: ChainConnection,
  given: RegistryArguments,
): Promise<RegistryView> {
  const { provider } = connection.ethers;
  const gateway = await openRegistry(hre, connection, given);
  return new RegistryView((await provider.getNetwork()).chainId, gateway, provider);
}
