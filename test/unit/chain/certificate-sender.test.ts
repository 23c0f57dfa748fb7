import { expect } from "chai";
import { AbiCoder, concat, makeError, type Interface, type Signer } from "ethers";

import type { Certificate } from "../../../src/certificates/certificate.js";
import type { CertificateRegistryGateway } from "../../../src/chain/certificate-registry.js";
import { certificateSender } from "../../../src/chain/steward-chain.js";
import { CertificateRegistry__factory, StmVerifier__factory } from "../../../typechain-types/index.js";
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
  const send = (error: Error, certified: unknown[] = [], epoch = 3n) =>
    sendBy({ estimateGas: () => Promise.reject(error) }, certified, epoch);

  function sendBy(account: object, certified: unknown[] = [], epoch = 3n) {
    const answers = [...certified];
    const gateway = {
      clock: () => Promise.resolve({ epoch }),
      certifiedEpoch: () => Promise.resolve(answers.length > 1 ? answers.shift() : answers[0]),
      certify: () => Promise.resolve({ call: { to: "0x", data: "0x", value: 0n, summary: "certify" } }),
    } as unknown as CertificateRegistryGateway;
    return certificateSender(gateway, account as Signer)
      .send(certificate)
      .catch((failure: { code?: string }) => failure.code);
  }

  const revert = Object.assign(new Error("execution reverted"), {
    data: concat(["0x08c379a0", AbiCoder.defaultAbiCoder().encode(["string"], ["no"])]),
  });

  /** What the registry's node answers with the error of a contract. */
  const refusal = (contract: Interface, name: string, args: unknown[] = []) =>
    Object.assign(new Error("execution reverted"), { data: contract.encodeErrorResult(name, args) });
  const registry = CertificateRegistry__factory.createInterface();
  const verifier = StmVerifier__factory.createInterface();

  it("is told apart: refused for good, overtaken, too old, or not known", async () => {
    expect(await send(refusal(verifier, "StmSignatureInvalid"))).to.equal("nodes/certificate-refused");
    expect(await send(revert, [undefined, { snapshot: undefined }]), "somebody was faster").to.equal("anchored");
    expect(await send(revert, [], 5n), "its epoch is over").to.equal("superseded");
    expect(await send(new Error("insufficient funds"))).to.equal("nodes/chain-unavailable");
  });

  it("certificate/refusal-that-may-pass: what the chain is not ready for is not refused for good", async () => {
    const bytes = `0x${"11".repeat(32)}`;
    for (const [error, code] of [
      [refusal(registry, "CertificateKeyNotSealed", [2]), "nodes/certificate-postponed"],
      [refusal(registry, "CertificateWrongEpoch", [3, 2, 1]), "nodes/certificate-postponed"],
      [refusal(registry, "CertificateGap", [3, 1]), "nodes/certificate-postponed"],
      [refusal(registry, "CertificatesNotStarted", [1]), "nodes/certificate-postponed"],
      [revert, "nodes/certificate-postponed"],
      // A node that keeps the reason to itself.
      [Object.assign(new Error("missing revert data"), { code: "CALL_EXCEPTION" }), "nodes/certificate-postponed"],
      [refusal(registry, "CertificateEpochBlocked", [3]), "nodes/certificate-refused"],
      [refusal(registry, "CertificateIncomplete"), "nodes/certificate-refused"],
      [refusal(registry, "CertificateDistributionChanged", [bytes, bytes]), "nodes/certificate-refused"],
      [refusal(verifier, "StmNotEnoughIndices", [1, 2]), "nodes/certificate-refused"],
      [refusal(verifier, "Bls12381InputRefused", [11]), "nodes/certificate-refused"],
    ] as const) {
      expect(await send(error), error.message).to.equal(code);
    }
  });

  it("certificate/never-mined: one that was not mined in time is tried again, unless the registry has it by then", async () => {
    const unmined = {
      hash: `0x${"aa".repeat(32)}`,
      nonce: 1,
      wait: () => Promise.reject(makeError("late", "TIMEOUT")),
    };
    const sending = { estimateGas: () => Promise.resolve(1n), sendTransaction: () => Promise.resolve(unmined) };
    expect(await sendBy(sending)).to.equal("nodes/chain-unavailable");
    expect(await sendBy(sending, [undefined, { snapshot: undefined }])).to.equal("anchored");
  });
});
