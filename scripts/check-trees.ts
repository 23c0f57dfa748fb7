// Every leaf of a .tree file names the test that covers it: `it does something → test_Name` (the arrow may be left out). This script checks that the
// test exists, in a Solidity file beside the tree, and that no leaf is without one. Run by `npm run check:trees`.
import { globSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const LEAF = /^[\s│]*[├└]── it .*?(?:\s(?<test>(?:test|testFuzz|invariant)_\w+))?$/u;

function testsBeside(tree: string): Set<string> {
  const folder = path.dirname(tree);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".t.sol"));
  const functions = sources.flatMap((name) => [
    ...readFileSync(path.join(folder, name), "utf8").matchAll(/function (test\w+|invariant_\w+)\(/g),
  ]);
  return new Set(functions.map((match) => match[1]!));
}

/** What is wrong with one tree, one line per fault; and how many leaves it has. */
function faultsOf(tree: string): { leaves: number; faults: string[] } {
  const tests = testsBeside(tree);
  const faults: string[] = [];
  let leaves = 0;
  for (const [index, line] of readFileSync(tree, "utf8").trimEnd().split("\n").entries()) {
    const leaf = LEAF.exec(line);
    if (leaf === null) continue;
    leaves++;
    const test = leaf.groups?.test;
    if (test === undefined) faults.push(`${tree}:${index + 1}: no test is named`);
    else if (!tests.has(test)) faults.push(`${tree}:${index + 1}: there is no test ${test}`);
  }
  if (leaves === 0) faults.push(`${tree}: no leaf was found`);
  return { leaves, faults };
}

const trees = globSync("test/contracts/**/*.tree").sort();
const results = trees.map(faultsOf);
const faults = results.flatMap((result) => result.faults);
for (const fault of faults) console.error(fault);
const leaves = results.reduce((sum, result) => sum + result.leaves, 0);
console.log(`${trees.length} trees, ${leaves} leaves, ${faults.length} without a test`);
if (faults.length > 0 || trees.length === 0) process.exitCode = 1;
