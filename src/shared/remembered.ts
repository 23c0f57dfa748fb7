import type { Clock } from "./clock.js";

/**
 * Loads a value at most once in `milliseconds`, whoever asks and however many at once. A failure is not remembered.
 */
export function remembered<Value>(
  load: () => Promise<Value>,
  milliseconds: number,
  clock: Clock,
): () => Promise<Value> {
  let held: { readonly value: Promise<Value>; readonly until: number } | undefined;
  return () => {
    const now = clock.now();
    if (held !== undefined && now < held.until) return held.value;
    const value = load();
    const mine = { value, until: now + milliseconds };
    held = mine;
    value.catch(() => {
      if (held === mine) held = undefined;
    });
    return value;
  };
}
