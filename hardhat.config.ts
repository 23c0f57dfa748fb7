import { createRequire } from "node:module";

import toolbox from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import ignoreWarnings from "hardhat-ignore-warnings";
import { configVariable, defineConfig } from "hardhat/config";

import { tasks } from "./tasks/index.js";

// The compiler comes from npm with the other dependencies: nothing is downloaded at build time.
const solc = { version: "0.8.37", path: createRequire(import.meta.url).resolve("solc/soljson.js") };
const settings = { evmVersion: "osaka", optimizer: { enabled: true, runs: 200 } };
const release = { ...settings, viaIR: true, optimizer: { enabled: true, runs: 10_000 } };
const solidityTests = { fsPermissions: { readDirectory: ["test/vectors"] } }; // profiles inherit nothing from each other

export default defineConfig({
  plugins: [toolbox, ignoreWarnings],
  tasks,
  paths: {
    sources: "contracts",
    tests: { mocha: "test/integration", solidity: "test/contracts" },
    ignition: "deploy",
  },
  solidity: {
    profiles: {
      default: { ...solc, settings },
      // One compilation for all: what TokenLaunch carries must equal what is verified (tasks/protocol/build.ts).
      production: {
        compilers: [{ ...solc, settings: release }],
        isolated: false,
        // At 10,000 runs its code is longer than a contract's may be.
        overrides: {
          "contracts/certificates/CertificateRegistry.sol": {
            ...solc,
            settings: { ...release, optimizer: { enabled: true, runs: 1_000 } },
          },
        },
      },
    },
  },
  typechain: { outDir: "typechain-types" },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "osaka" },
    localhost: {
      type: "http",
      chainType: "l1",
      url: configVariable("LOCALHOST_RPC_URL", { default: "http://127.0.0.1:8545" }),
    },
    sepolia: {
      type: "http",
      chainType: "l1",
      url: configVariable("SEPOLIA_RPC_URL"),
      accounts: [configVariable("SEPOLIA_PRIVATE_KEY")],
    },
    mainnet: {
      type: "http",
      chainType: "l1",
      url: configVariable("MAINNET_RPC_URL"),
      accounts: [configVariable("MAINNET_PRIVATE_KEY")],
    },
  },
  test: {
    mocha: { timeout: 60_000 },
    solidity: {
      profiles: {
        default: {
          ...solidityTests,
          fuzz: { runs: 256, seed: "0x01" },
          invariant: { runs: 32, depth: 50, failOnRevert: true },
        },
        ci: {
          ...solidityTests,
          fuzz: { runs: 5000, seed: "0x01" },
          invariant: { runs: 256, depth: 100, failOnRevert: true },
        },
      },
    },
  },
  verify: { etherscan: { apiKey: configVariable("ETHERSCAN_API_KEY") } },
  coverage: { skipFiles: ["contracts/mocks/**"] },
  warnings: { "npm/**/*": "off", "*": { default: "error" } },
});
