import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { expect } from "chai";

import { genesisKeyByName, parseGenesisKey, verifyGenesisSignature } from "../../../src/mithril/genesis-key.js";
import { GENESIS_KEY, GENESIS_SECRET } from "../../support/mithril-chain.js";

describe("a genesis key", () => {
  it("mithril/genesis-key-forms: hex, a list, or the hex of a list", () => {
    const list = JSON.stringify([...GENESIS_KEY.bytes]);
    for (const text of [bytesToHex(GENESIS_KEY.bytes), list, bytesToHex(utf8ToBytes(list)), ` ${list}\n`]) {
      expect(parseGenesisKey(text, "a key").bytes).to.deep.equal(GENESIS_KEY.bytes);
    }
  });

  it("is refused in any other form, with one code", () => {
    const list = [...GENESIS_KEY.bytes];
    const noPoint = "02".padEnd(64, "0");
    for (const text of [
      "",
      "12",
      "[1,2]",
      JSON.stringify([...list, 1]),
      JSON.stringify([300, ...list.slice(1)]),
      noPoint,
    ]) {
      expect(() => parseGenesisKey(text, "a key"))
        .to.throw()
        .with.property("code", "mithril/genesis-key");
    }
  });

  it("is found by name for a network that publishes one, and for no mixture", () => {
    expect(genesisKeyByName(["mainnet", "mainnet"])?.origin).to.include("mainnet");
    expect(genesisKeyByName(["devnet"])?.origin).to.include("anyone");
    expect(genesisKeyByName(["mainnet", "devnet"])).to.equal(undefined);
    expect(genesisKeyByName(["constructor"])).to.equal(undefined);
    expect(genesisKeyByName([])).to.equal(undefined);
  });

  it("mithril/genesis-key-of-small-order-signs-nothing", () => {
    const message = utf8ToBytes("any message");
    // The neutral element: with it, R = 0 and s = 0 satisfy the equation for every message.
    const neutral = { bytes: hexToBytes("01".padEnd(64, "0")), origin: "nobody" };
    const forged = hexToBytes("01".padEnd(128, "0"));
    expect(verifyGenesisSignature(forged, message, neutral)).to.equal(false);
    expect(verifyGenesisSignature(ed25519.sign(message, GENESIS_SECRET), message, GENESIS_KEY)).to.equal(true);
    expect(verifyGenesisSignature(forged.subarray(1), message, GENESIS_KEY)).to.equal(false);
  });
});
