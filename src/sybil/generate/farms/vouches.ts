import type { MadeAccount, MadeVouch } from "../account.js";
import { addVouchedStamps, datesFrom } from "../people/holdings.js";
import type { Random } from "../random.js";
import type { FarmTraits } from "./traits.js";

/** How many others each of a ring vouches for: enough for the stamp that asks for two voices. */
const RING = 3;
/** A circle stays below the size at which groups begin to count. */
const CIRCLE = 7;

/** Vouches within a farm, and the stamps that they make. */
export function vouchWithin(
  members: readonly MadeAccount[],
  strangers: readonly MadeAccount[],
  traits: FarmTraits,
  closedAt: number,
  random: Random,
): MadeVouch[] {
  const vouches: MadeVouch[] = [];
  if (traits.vouches === "none" || members.length < 2) return vouches;
  const size = traits.vouches === "ring" ? members.length : Math.min(CIRCLE, members.length);
  for (let start = 0; start < members.length; start += size) {
    const circle = members.slice(start, start + size);
    circle.forEach((from, at) => {
      const next = Math.min(RING, circle.length - 1);
      for (let step = 1; step <= next; step++) {
        const amount = traits.vouches === "ring" ? 10 : random.pick([10, 11, 12, 15, 20]);
        vouches.push({ from, to: circle[(at + step) % circle.length] as MadeAccount, amount });
      }
      if (traits.vouches === "circles" && strangers.length > 0 && random.chance(0.3)) {
        vouches.push({ from, to: random.pick(strangers), amount: 5 });
      }
    });
  }
  for (const member of members) {
    const amounts = vouches.filter(({ to }) => to === member).map(({ amount }) => amount);
    addVouchedStamps(member, amounts, datesFrom(random.between(0.1, traits.stampedWithin), closedAt));
  }
  return vouches;
}
