import { network } from "hardhat";
import { measure } from "./measure.js";
import { deployComposite, deployTouchstone } from "../claim-gas/systems.js";
for (const d of [deployTouchstone]) {
const c = await network.create({ override: { initialDate: "2026-12-01T00:00:00Z" } });
await measure(c.ethers, d, 17);
}
