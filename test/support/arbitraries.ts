import { getAddress } from "ethers";
import fc from "fast-check";

import type { Claim } from "../../src/claims/typed-data.js";

export const arbitraryAddress = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => getAddress(`0x${Buffer.from(bytes).toString("hex")}`));

export const arbitraryClaim: fc.Arbitrary<Claim> = fc.record({
  userId: fc.integer({ min: 0, max: 0xffff_ffff }),
  account: arbitraryAddress,
  amount: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  delegatee: arbitraryAddress,
  submitter: arbitraryAddress,
  deadline: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
});

/** A private key of secp256k1. */
export const arbitraryKey = fc
  .bigInt({ min: 1n, max: 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4140n })
  .map((key) => `0x${key.toString(16).padStart(64, "0")}`);
