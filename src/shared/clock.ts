/** The time, as a port: pure code takes it, entry points give the system's. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that never goes back, nor below a time in milliseconds, whatever is done to the machine's. */
export function steadyClock(clock: Clock, notBefore = 0): Clock {
  let newest = notBefore;
  return { now: () => (newest = Math.max(newest, clock.now())) };
}

/** Whole seconds since the epoch, the unit of everything on-chain. */
export const unixSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000);
