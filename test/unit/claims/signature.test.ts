import { expect } from "chai";
import { getBytes, hexlify, Signature, SigningKey, Wallet } from "ethers";
import fc from "fast-check";

import { accountOfKey, recoverSigner, signDigest } from "../../../src/claims/signature.js";
import { arbitraryKey } from "../../support/arbitraries.js";

const arbitraryDigest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const ORDER = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;

describe("claim signatures", () => {
  it("are the ones that ethers makes, in the compact form", () => {
    fc.assert(
      fc.property(arbitraryKey, arbitraryDigest, (key, digest) => {
        const ours = hexlify(signDigest(digest, getBytes(key)));
        expect(ours).to.equal(new SigningKey(key).sign(digest).compactSerialized);
      }),
      { numRuns: 50 },
    );
  });

  it("lead back to the account, in 64 bytes and in 65", () => {
    fc.assert(
      fc.property(arbitraryKey, arbitraryDigest, (key, digest) => {
        const { address } = new Wallet(key);
        const signature = new SigningKey(key).sign(digest);
        expect(accountOfKey(getBytes(key))).to.equal(address);
        expect(recoverSigner(digest, getBytes(signature.serialized))).to.equal(address);
        expect(recoverSigner(digest, getBytes(signature.compactSerialized))).to.equal(address);
      }),
      { numRuns: 50 },
    );
  });

  it("are refused in their malleable form, with another v, or in another length", () => {
    const digest = new Uint8Array(32).fill(7);
    const { serialized, s, r, yParity } = new SigningKey(`0x${"11".repeat(32)}`).sign(digest);
    const flipped = `0x${(ORDER - BigInt(s)).toString(16).padStart(64, "0")}`;
    const twin = `${r}${flipped.slice(2)}${yParity === 0 ? "1c" : "1b"}`;
    const bytes = getBytes(serialized);
    expect(recoverSigner(digest, getBytes(twin))).to.equal(undefined);
    for (const v of [0, 1, 26, 29, 255]) {
      const other = Uint8Array.from(bytes);
      other[64] = v;
      expect(recoverSigner(digest, other), String(v)).to.equal(undefined);
    }
    for (const length of [0, 63, 66]) expect(recoverSigner(digest, new Uint8Array(length))).to.equal(undefined);
    expect(recoverSigner(digest, new Uint8Array(64)), "r and s zero").to.equal(undefined);
    expect(recoverSigner(digest, new Uint8Array(65).fill(255))).to.equal(undefined);
  });

  it("come from keys only", () => {
    expect(accountOfKey(new Uint8Array(32))).to.equal(undefined);
    expect(accountOfKey(new Uint8Array(31).fill(1))).to.equal(undefined);
    expect(accountOfKey(getBytes(`0x${ORDER.toString(16)}`))).to.equal(undefined);
    expect(Signature.from(hexlify(signDigest(new Uint8Array(32).fill(1), new Uint8Array(32).fill(1)))).s).to.be.a(
      "string",
    );
  });
});
