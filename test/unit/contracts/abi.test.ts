// What no test of behaviour can show: that a function, a parameter or a second compiler is not there. Reads the artefacts
// that `hardhat build` wrote.
import { existsSync, globSync, readFileSync } from "node:fs";

import { expect } from "chai";
import { Interface, type FunctionFragment } from "ethers";

interface Artifact {
  contractName: string;
  abi: { type: string }[];
}

function artifact(source: string, name: string): Artifact {
  const file = `artifacts/contracts/${source}.sol/${name}.json`;
  expect(existsSync(file), `${file} is missing: run hardhat build`).to.equal(true);
  return JSON.parse(readFileSync(file, "utf8")) as Artifact;
}

function functionsOf({ abi }: Artifact): FunctionFragment[] {
  const found: FunctionFragment[] = [];
  new Interface(abi).forEachFunction((fragment) => found.push(fragment));
  return found;
}

/** Names and types of a function's parameters, those inside tuples included. */
function parametersOf(fragment: FunctionFragment): { name: string; type: string }[] {
  const walk = (inputs: FunctionFragment["inputs"]): { name: string; type: string }[] =>
    inputs.flatMap((input) => [
      { name: input.name, type: input.type },
      ...walk(input.components ?? input.arrayChildren?.components ?? []),
    ]);
  return walk(fragment.inputs);
}

const distributor = () => functionsOf(artifact("distributor/TokenDistributor", "TokenDistributor"));
const changing = () => distributor().filter(({ stateMutability }) => !["view", "pure"].includes(stateMutability));

describe("the distributor's ABI", () => {
  it("claim/abi-has-no-digest-or-leaf: a claim takes no hash that the contract could compute", () => {
    const claims = distributor().filter(({ name }) => name.startsWith("claim"));
    expect(claims.map(({ name }) => name).sort()).to.deep.equal(["claim", "claimBatch", "claimSigned"]);
    for (const claim of claims) {
      const words = parametersOf(claim).filter(({ type }) => type === "bytes32");
      expect(words, `${claim.name} takes a hash`).to.deep.equal([]);
      const names = parametersOf(claim).map(({ name }) => name.toLowerCase());
      expect(names.filter((name) => /hash|digest|leaf|root/.test(name))).to.deep.equal([]);
    }
  });

  it("merkle/no-multiproof-in-abi: a claim takes one path, and neither flags nor leaves", () => {
    for (const fragment of distributor()) {
      const parameters = parametersOf(fragment);
      expect(
        parameters.filter(({ type }) => type.startsWith("bool[")),
        fragment.name,
      ).to.deep.equal([]);
      const paths = parameters.filter(({ type }) => type === "bytes32[]");
      expect(paths.length, fragment.name).to.be.at.most(1);
      expect(parameters.filter(({ name }) => /flag|leaves|multi/i.test(name))).to.deep.equal([]);
    }
  });

  it("sweep/no-privileged-path: nothing but claims and the sweep moves tokens, and no receiver can be given", () => {
    expect(
      changing()
        .map(({ name }) => name)
        .sort(),
    ).to.deep.equal([
      "acceptOwnership",
      "claim",
      "claimBatch",
      "claimSigned",
      "guardianPause",
      "multicall",
      "pauseSignedClaims",
      "renounceOwnership",
      "resumeSignedClaims",
      "rotateSigner",
      "setGuardian",
      "sweep",
      "transferOwnership",
      "tryDelegateBySig",
    ]);
    expect(distributor().find(({ name }) => name === "sweep")!.inputs).to.deep.equal([]);
    expect(distributor().filter(({ payable }) => payable)).to.deep.equal([]);
  });
});

describe("the build", () => {
  it("build/single-compiler: every source was compiled by one compiler with one set of settings", () => {
    const builds = globSync("artifacts/build-info/*.json")
      .filter((file) => !file.endsWith(".output.json"))
      .map((file) => JSON.parse(readFileSync(file, "utf8")) as Build)
      .filter(({ input }) => Object.keys(input.sources).some((source) => source.startsWith("project/contracts/")));
    expect(builds.length).to.be.greaterThan(0);
    const compilers = new Set(builds.map(({ solcLongVersion }) => solcLongVersion));
    expect([...compilers]).to.have.lengthOf(1);
    const settings = new Set(
      builds.map(({ input: { settings } }) =>
        JSON.stringify([settings.evmVersion, settings.optimizer, settings.viaIR ?? false]),
      ),
    );
    expect([...settings]).to.have.lengthOf(1);
  });

  it("asks for that compiler in every source", () => {
    const sources = globSync("contracts/**/*.sol");
    expect(sources.length).to.be.greaterThan(0);
    for (const source of sources) {
      expect(readFileSync(source, "utf8").match(/^pragma solidity .*$/gm), source).to.deep.equal([
        "pragma solidity ^0.8.37;",
      ]);
    }
  });
});

interface Build {
  solcLongVersion: string;
  input: {
    sources: Record<string, unknown>;
    settings: { evmVersion: string; optimizer: unknown; viaIR?: boolean };
  };
}
