import { expect } from "chai";
import { AbiCoder, concat, type Signer } from "ethers";

import type { Certificate } from "../../../src/certificates/certificate.js";
import type { CertificateRegistryGateway } from "../../../src/chain/certificate-registry.js";
import { certificateSender } from "../../../src/chain/steward-chain.js";
import { network, stepAll } from "../../support/nodes/network.js";

describe("what becomes of a certificate that is sent", () => {
  let certificate: Certificate;

  before(async () => {
    const { chain, signers, aggregators } = network();
    for (let epoch = 1; epoch <= 3; epoch++) {
      await stepAll([...aggregators, ...signers], 8);
      if (epoch < 3) chain.nextEpoch();
    }
    certificate = aggregators[0]!.store.certificates.find((each) => !each.certificate.isGenesis)!.certificate;
  });

  /** The registry's node refuses the transaction with an error; the registry holds what `certified` says. */
  function send(error: Error, certified: unknown[] = [], epoch = 3n) {
    const answers = [...certified];
    const gateway = {
      clock: () => Promise.resolve({ epoch }),
      certifiedEpoch: () => Promise.resolve(answers.length > 1 ? answers.shift() : answers[0]),
      certify: () => Promise.resolve({ call: { to: "0x", data: "0x", value: 0n, summary: "certify" } }),
    } as unknown as CertificateRegistryGateway;
    const signer = { estimateGas: () => Promise.reject(error) } as unknown as Signer;
    return certificateSender(gateway, signer)
      .send(certificate)
      .catch((failure: { code?: string }) => failure.code);
  }

  const revert = Object.assign(new Error("execution reverted"), {
    data: concat(["0x08c379a0", AbiCoder.defaultAbiCoder().encode(["string"], ["no"])]),
  });

  it("is told apart: refused for good, overtaken, too old, or not known", async () => {
    expect(await send(revert)).to.equal("nodes/certificate-refused");
    expect(await send(revert, [undefined, { snapshot: undefined }]), "somebody was faster").to.equal("anchored");
    expect(await send(revert, [], 5n), "its epoch is over").to.equal("superseded");
    expect(await send(new Error("insufficient funds"))).to.equal("nodes/chain-unavailable");
  });
});
