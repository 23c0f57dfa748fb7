import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { PassportClient } from "../../src/http/passport/passport-client.js";
import { parseNumber, required } from "../options.js";
import { findSecretVariable, secretVariable } from "../variables.js";

export interface ServiceArguments {
  service: string | undefined;
  json: boolean;
}

/** The service that was named, with an API key; a holder's session is enough where there is no key. */
export async function openService(
  hre: HardhatRuntimeEnvironment,
  { service }: Pick<ServiceArguments, "service">,
): Promise<PassportClient> {
  const url = required(service, "--service");
  const apiKey = await findSecretVariable(hre, "PASSPORT_API_KEY");
  if (apiKey !== undefined) return new PassportClient({ url, access: { apiKey } });
  const session = await findSecretVariable(hre, "PASSPORT_SESSION");
  if (session !== undefined) return new PassportClient({ url, access: { session } });
  return new PassportClient({ url, access: { apiKey: await secretVariable(hre, "PASSPORT_API_KEY") } });
}

export const scorerNumber = (text: string): number => Number(parseNumber(text, "The scorer"));
