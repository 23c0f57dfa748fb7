// A keeper of logs in tests, and those who believe it.
import { getAddress } from "ethers";

import { memorySigner } from "../../../src/passport/signature.js";
import { LogKeeper, TrustedKeepers, type LogDomain } from "../../../src/snapshots/keeper.js";
import { bytesOf, NOW } from "../passport/stamps.js";

export const LOG_KEY = `0x${Buffer.from(bytesOf("log keeper")).toString("hex")}`;
export const LOG_DOMAIN: LogDomain = { chainId: 31_337n, registry: getAddress(`0x${"5a".repeat(20)}`) };

const signer = memorySigner(bytesOf("log keeper"));
/** With its checksum, as settings have it. */
export const KEEPER = getAddress(signer.address);

/** Its clock stands long after whatever tests write. */
export const keeper = new LogKeeper(LOG_DOMAIN, signer, { now: () => (NOW + 1_000 * 86_400) * 1000 });
export const keepers = new TrustedKeepers(LOG_DOMAIN, [KEEPER]);

/** Somebody else who signs logs. */
export const stranger = new LogKeeper(LOG_DOMAIN, memorySigner(bytesOf("stranger")), { now: () => NOW * 1000 });
