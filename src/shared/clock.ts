/** The time, as a port: pure code takes it, entry points give the system's. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Whole seconds since the epoch, the unit of everything on-chain. */
export const unixSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000);
