// Real and generated certificates, if the folder of public data is there. Each test says how many checks it ran.
import { expect } from "chai";

import type { ChainVerdict } from "../../../src/certificates/verify-chain.js";
import type { MithrilCertificate } from "../../../src/mithril/certificate.js";
import { parseGenesisKey, publishedGenesisKey } from "../../../src/mithril/genesis-key.js";
import { parseCertificate } from "../../../src/mithril/parse-certificate.js";
import { readCertificates } from "../../../src/mithril/read-certificates.js";
import { readStakeDistributions, verifyStakeDistribution } from "../../../src/mithril/stake-distribution.js";
import { proofOf, verifyMithrilChain, verifySeal } from "../../../src/mithril/verify.js";
import { parseWideJson } from "../../../src/shared/wide-json.js";
import { readData } from "../../support/data.js";
import type { Raw } from "../../support/mithril-chain.js";
import { countIndices, PROOF_MUTATIONS } from "../../support/mithril-mutations.js";

const STRICT = ["26935c323", "4010720b1", "652ae5836"];
const OLDER = ["06d3dd973", "0759f8905", "10c57e72f", "46d34c237", "527e55915", "5e1dd46eb", "603697cba"];

const genesisKey = publishedGenesisKey("devnet");

/** A proof is verified once, whatever the modes and files that it stands in. */
const verified = new Set<string>();
function verifyOnce(certificate: MithrilCertificate): void {
  const { seal, signedMessage, encodedAggregateKey, parameters } = certificate;
  if (seal.kind !== "multisignature") return;
  const statement = [seal.encodedProof, signedMessage, encodedAggregateKey, ...Object.values(parameters)].join(" ");
  if (verified.has(statement)) return;
  verifySeal(certificate);
  verified.add(statement);
}

const countChecks = ({ verdicts }: ChainVerdict<MithrilCertificate>): number =>
  verdicts.reduce((sum, { checks }) => sum + checks.length, 0);

describe("Mithril's own certificates", function () {
  this.timeout(60_000);

  it("mithril/devnet-chain-is-strictly-valid", () => {
    const text = readData("mithril/devnet_2026_certificates.json");
    const key = readData("mithril/devnet.genesis.vkey");
    if (text === undefined || key === undefined) return;
    const certificates = readCertificates(text, "devnet");
    const policy = { strict: true, genesisKey: parseGenesisKey(key, "devnet.genesis.vkey") };
    const verdict = verifyMithrilChain(certificates, policy, verifyOnce);
    expect(verdict.ok).to.equal(true);
    expect(verdict.verdicts.map(({ standing }) => standing)).to.deep.equal(new Array(43).fill("anchored"));
    expect(verdict.genesis).to.have.length(1);
    expect(verdict.forks).to.deep.equal([]);
    const signers = certificates.flatMap((certificate) => proofOf(certificate)?.signatures.length ?? []);
    expect([1, 2].map((count) => signers.filter((n) => n === count).length)).to.deep.equal([33, 9]);
    console.log(`      ${countChecks(verdict)} checks of 43 certificates`);
  });

  it("mithril/history-is-valid-in-historic-mode", () => {
    let [certificates, proofs, checks] = [0, 0, 0];
    for (const name of [...OLDER, ...STRICT]) {
      const text = readData(`mithril/devnet_history/${name}.json`);
      if (text === undefined) return;
      const verdict = verifyMithrilChain(readCertificates(text, name), { strict: false, genesisKey }, verifyOnce);
      expect(verdict.ok, name).to.equal(true);
      for (const { certificate, standing } of verdict.verdicts) {
        expect(standing, `${name} ${certificate.hash}`).to.equal("anchored");
        if (!certificate.isGenesis) proofs += 1;
      }
      certificates += verdict.verdicts.length;
      checks += countChecks(verdict);
    }
    expect([certificates, proofs]).to.deep.equal([450, 440]);
    console.log(`      ${checks} checks of 450 certificates`);
  });

  it("mithril/history-in-strict-mode", () => {
    let [accepted, refused] = [0, 0];
    for (const name of [...STRICT, ...OLDER]) {
      const text = readData(`mithril/devnet_history/${name}.json`);
      if (text === undefined) return;
      const verdict = verifyMithrilChain(readCertificates(text, name), { strict: true, genesisKey }, verifyOnce);
      expect(verdict.ok, name).to.equal(STRICT.includes(name));
      for (const { certificate, checks } of verdict.verdicts) {
        const failures = checks.filter(({ outcome }) => outcome === "failed").map(({ name: check }) => check);
        if (STRICT.includes(name)) expect(failures, certificate.hash).to.deep.equal([]);
        else if (!certificate.isGenesis) expect(failures, certificate.hash).to.include("current-epoch");
        // Nothing but what older formats lack, and what follows from it.
        const lacking = failures.filter((check) => !["current-epoch", "parameters", "ancestors"].includes(check));
        expect(lacking, certificate.hash).to.deep.equal([]);
        if (failures.length === 0) accepted += 1;
        else refused += 1;
      }
    }
    console.log(`      ${accepted} certificates accepted, ${refused} refused for what their format lacks`);
    expect(accepted).to.equal(52 + 41 + 43 + 2); // two genesis certificates of older files name their epoch
  });

  it("mithril/preview-certificate-with-full-parameters", () => {
    const text = readData("mithril/preview_real_2024_full_params.json");
    if (text === undefined) return;
    const certificates = readCertificates(text, "preview");
    const { verdicts, ok } = verifyMithrilChain(certificates, { strict: false }, verifySeal);
    expect(ok).to.equal(true);
    expect(verdicts[0]?.standing).to.equal("unanchored");
    const skipped = verdicts[0]?.checks.filter(({ outcome }) => outcome === "skipped").map(({ name }) => name);
    expect(skipped).to.deep.equal(["current-epoch", "predecessor"]);
    const indices = proofOf(certificates[0] as MithrilCertificate)?.signatures.map(
      ({ signature }) => signature.indexes.length,
    );
    expect(indices).to.deep.equal([1410, 1574]);
    expect(verifyMithrilChain(certificates, { strict: true, genesisKey }, verifyOnce).ok).to.equal(false);
  });

  it("mithril/preview-certificate-mutations", () => {
    const text = readData("mithril/preview_real_2024_full_params.json");
    if (text === undefined) return;
    const [raw] = Object.values(parseWideJson(text) as Record<string, Raw>);
    if (raw === undefined) throw new Error("the file is empty");
    expect(countIndices(raw)).to.equal(2984);
    for (const [name, mutate] of Object.entries(PROOF_MUTATIONS)) {
      expect(() => verifySeal(parseCertificate(mutate(raw), "mutated")), name).to.throw();
    }
    console.log(`      ${Object.keys(PROOF_MUTATIONS).length} mutations refused`);
  });

  it("mithril/stake-distributions-rebuild", () => {
    const certificates = readData("mithril/devnet_2026_certificates.json");
    const distributions = readData("mithril/devnet_2026_mithril_stake_distributions.json");
    if (certificates === undefined || distributions === undefined) return;
    const chain = readCertificates(certificates, "certificates");
    const verdicts = readStakeDistributions(distributions, "distributions").map((item) =>
      verifyStakeDistribution(item, chain),
    );
    expect(verdicts.map(({ problems }) => problems)).to.deep.equal(new Array(9).fill([]));
    expect(verdicts.reduce((sum, { proven }) => sum + proven, 0)).to.equal(18);
    console.log("      18 proofs of possession, 9 aggregate keys, 9 parameter hashes");
  });

  it("mithril/published-keys", () => {
    const preview = readData("mithril/preview-preprod.genesis.vkey");
    const devnet = readData("mithril/devnet.genesis.vkey");
    if (preview === undefined || devnet === undefined) return;
    for (const network of ["preview", "preprod"] as const) {
      expect(publishedGenesisKey(network).bytes).to.deep.equal(parseGenesisKey(preview, "file").bytes);
    }
    expect(genesisKey.bytes).to.deep.equal(parseGenesisKey(devnet, "file").bytes);
  });
});
