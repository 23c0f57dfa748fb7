import { SybilError } from "../../errors.js";
import { FARM_KINDS, type FarmPlan } from "./traits.js";

/**
 * Reads `kind:accounts` with commas between, as `copy:40,names:30`; a third part `adaptive` makes one farm adaptive, `adaptive` all of
 * them. Throws `sybil/bad-setting`.
 */
export function parseFarms(text: string, adaptive = false): FarmPlan[] {
  if (text === "") return [];
  return text.split(",").map((part) => {
    const [name = "", count = "", variant] = part.trim().split(":");
    const kind = FARM_KINDS.find((known) => known === name);
    const right = /^[1-9]\d{0,5}$/.test(count) && (variant === undefined || variant === "adaptive");
    if (kind === undefined || !right || part.split(":").length > 3) {
      const kinds = FARM_KINDS.join(", ");
      const what = `"${part}" is no farm: it takes kind:accounts or kind:accounts:adaptive, kind being one of ${kinds}`;
      throw new SybilError("sybil/bad-setting", what);
    }
    return { kind, accounts: Number(count), adaptive: adaptive || variant === "adaptive" };
  });
}
