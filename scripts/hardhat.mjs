#!/usr/bin/env node
// `npx hardhat` in this repository: npx prefers a package's own command, so this one prepares what Hardhat needs first.
import { bootstrap } from "./bootstrap.mjs";

process.exitCode = bootstrap(["hardhat", ...process.argv.slice(2)]);
