import { expect } from "chai";
import { AbiCoder, concat, id, keccak256 } from "ethers";

import {
  descriptionHash,
  encodeAction,
  parseActions,
  proposalId,
  reservedFor,
  timelockOperationId,
} from "../../../src/governance/proposal.js";
import { DomainError } from "../../../src/shared/errors.js";

const TARGET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("a proposal's action", () => {
  it("is raw calldata, or a signature with arguments", () => {
    const args = [TARGET, "5"];
    const encoded = encodeAction({ target: TARGET.toLowerCase(), signature: "transfer(address,uint256)", args });
    const words = AbiCoder.defaultAbiCoder().encode(["address", "uint256"], args);
    const calldata = concat([id("transfer(address,uint256)").slice(0, 10), words]);
    expect(encoded).to.deep.equal({ target: TARGET, value: 0n, calldata });
    expect(encodeAction({ target: TARGET, value: "7", calldata })).to.deep.equal({
      target: TARGET,
      value: 7n,
      calldata,
    });
  });

  it("may send ether alone", () => {
    expect(encodeAction({ target: TARGET, value: "1" }).calldata).to.equal("0x");
  });

  for (const [name, action] of Object.entries({
    "no target": { calldata: "0x" },
    "a target that is a name": { target: "vitalik.eth" },
    "a wrong checksum": { target: TARGET.replace("C51", "c51") },
    "a value in ether": { target: TARGET, value: "0.5" },
    "a negative value": { target: TARGET, value: "-1" },
    "odd calldata": { target: TARGET, calldata: "0xabc" },
    "calldata that is text": { target: TARGET, calldata: "transfer" },
    "both kinds of data": { target: TARGET, calldata: "0x", signature: "sweep()" },
    "no signature at all": { target: TARGET, signature: "sweep" },
    "too few arguments": { target: TARGET, signature: "transfer(address,uint256)", args: [TARGET] },
  })) {
    it(`is refused with ${name}`, () => {
      expect(refusal(() => encodeAction(action))).to.equal("governance/bad-action");
    });
  }

  it("comes in lists too, of at least one", () => {
    const list = [{ target: TARGET }, { target: TARGET, signature: "sweep()" }];
    expect(parseActions(JSON.stringify(list))).to.have.length(2);
    expect(refusal(() => parseActions("[]"))).to.equal("governance/empty-proposal");
    expect(refusal(() => parseActions("{}"))).to.equal("governance/empty-proposal");
    expect(refusal(() => parseActions("["))).to.equal("governance/bad-action");
    expect(refusal(() => parseActions("[7]"))).to.equal("governance/bad-action");
  });
});

describe("a proposal's ids", () => {
  const proposal = { actions: [encodeAction({ target: TARGET, value: "1" })], description: "Pay a grant" };

  it("follow from its content alone", () => {
    const other = { ...proposal, description: "Pay another grant" };
    expect(proposalId(proposal)).to.not.equal(proposalId(other));
    expect(timelockOperationId(TARGET, proposal)).to.not.equal(timelockOperationId(TARGET, other));
  });

  it("hash the description as UTF-8", () => {
    expect(descriptionHash({ description: "é" })).to.equal(keccak256("0xc3a9"));
  });

  it("can be kept for one proposer", () => {
    expect(reservedFor(TARGET, "Pay")).to.equal(`Pay #proposer=${TARGET.toLowerCase()}`);
  });
});
