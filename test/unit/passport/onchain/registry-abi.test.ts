import { expect } from "chai";
import { Interface, type FunctionFragment } from "ethers";

import {
  IPassportDecoder__factory,
  IPassportRegistry__factory,
  PassportDecoder__factory,
  PassportRegistry__factory,
} from "../../../../typechain-types/index.js";

const contracts = {
  PassportRegistry: new Interface(PassportRegistry__factory.abi),
  PassportDecoder: new Interface(PassportDecoder__factory.abi),
};
const functionsOf = (abi: Interface) => abi.fragments.filter((one): one is FunctionFragment => one.type === "function");
const signatures = (abi: Interface) => functionsOf(abi).map((one) => one.format("sighash"));

describe("the registry's interface", () => {
  it("registry/nothing-payable-in-abi: no function, no fallback and no receive takes ether", () => {
    for (const abi of Object.values(contracts)) {
      expect(functionsOf(abi).filter(({ payable }) => payable)).to.deep.equal([]);
      expect([abi.fallback, abi.receive]).to.deep.equal([null, false]);
    }
  });

  it("registry/interface-is-complete: what is documented exists, and what exists is documented", () => {
    // ERC-5267's own function is OpenZeppelin's.
    const registry = signatures(contracts.PassportRegistry).filter((one) => one !== "eip712Domain()");
    expect(registry).to.have.members(signatures(new Interface(IPassportRegistry__factory.abi)));
    const decoder = signatures(contracts.PassportDecoder);
    expect(decoder).to.have.members(signatures(new Interface(IPassportDecoder__factory.abi)));
  });

  it("registry/no-provider-strings: the only text is a root's address, and it is not stored", () => {
    const texts = functionsOf(contracts.PassportRegistry).filter((one) =>
      /string|bytes(?!\d)/.test(one.format("full")),
    );
    expect(texts.map(({ name }) => name)).to.have.members(["anchor", "hashAnchor", "eip712Domain"]);
    for (const one of functionsOf(contracts.PassportDecoder)) expect(one.format("full")).not.to.match(/string/);
  });

  it("registry/full-width-ids-in-abi: scorer ids have 256 bits everywhere but in the ecosystem's own function", () => {
    const withIds = functionsOf(contracts.PassportRegistry).flatMap(({ inputs, outputs }) =>
      [...inputs, ...outputs]
        .flatMap((one) => [one, ...(one.components ?? [])])
        .filter(({ name }) => name === "scorerId"),
    );
    expect(withIds.length).to.be.greaterThan(15);
    expect(withIds.filter(({ type }) => type !== "uint256")).to.deep.equal([]);
    expect(contracts.PassportDecoder.getFunction("getScore(uint32,address)")?.selector).to.equal("0xdaadd662");
    expect(contracts.PassportDecoder.getFunction("getScore(address)")?.selector).to.equal("0xd47875d0");
  });
});
