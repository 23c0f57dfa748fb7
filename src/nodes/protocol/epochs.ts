// Who registers, seals and signs when (certification.md, 2.3): a key that is registered in epoch e is sealed in e + 1, when the
// votes of e are known, and signs in e + 2.

export const SIGNING_OFFSET = 2n;

/** In which epoch the keys were registered that sign in `epoch`; below 1 for the first two epochs, in which nobody signs. */
export const registrationEpochOf = (signing: bigint): bigint => signing - SIGNING_OFFSET;

/** In which epoch a key signs that is registered in `epoch`. */
export const signingEpochOf = (registration: bigint): bigint => registration + SIGNING_OFFSET;

/** Whether a key of `registration` is of no use any more at `now`: the certificate of an epoch has one epoch of grace. */
export const isSpent = (registration: bigint, now: bigint): boolean => signingEpochOf(registration) + 1n < now;
