import { recheckStamp, verificationMethodOf } from "../../../passport/recheck.js";
import type { VerificationContext } from "../../../passport/verify.js";
import type { FlatPassport } from "./flat-passport.js";
import { NoticeFilter } from "./notice-filter.js";
import { stampOfPacked, unpackPassport, type StampKind } from "./passport.js";

interface Window {
  readonly from: number;
  readonly until: number;
}
const NEVER: Window = { from: Infinity, until: -Infinity };

/** `recheckStamp` for the stamps of packed passports, as yes or no: what many stamps have in common is asked once. */
export function packedRecheck(context: VerificationContext): (account: string, passport: FlatPassport) => boolean {
  const { issuers, bans, revocations } = context;
  const notices = NoticeFilter.of(bans, revocations);
  const windows = new Map<StampKind, (Window | undefined)[]>();
  const windowOf = (passport: FlatPassport, place: number): Window => {
    const { issuer: did, form, keyVersion } = passport.kinds[place] as StampKind;
    const verificationMethod = verificationMethodOf(did, keyVersion);
    const question = { did, form, provider: passport.provider(place), nullifiers: passport.nullifiers(place) };
    return issuers.window({ ...question, verificationMethod }) ?? NEVER;
  };
  const stands = (passport: FlatPassport, place: number): boolean => {
    const kind = passport.kinds[place] as StampKind;
    let providers = windows.get(kind);
    if (providers === undefined) windows.set(kind, (providers = []));
    const window = (providers[passport.providers[place] as number] ??= windowOf(passport, place));
    const issued = passport.issued[place] as number;
    return issued >= window.from && issued < window.until;
  };
  return (account, passport) => {
    if (notices.mayConcern(account, passport)) {
      return unpackPassport(passport.bytes).every(
        (stamp) => recheckStamp(stampOfPacked(account, stamp), context) === null,
      );
    }
    for (let place = 0; place < passport.count; place++) if (!stands(passport, place)) return false;
    return true;
  };
}
