// Every test that a checklist names exists under that name.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const CHECKLISTS = ["", "-passport", "-certification", "-sybil"].map((area) => `docs/checklist${area}.md`);
const pascal = (words: string) => words.replace(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());

/** The checklist's test names, each with the row that wants it. */
export function namedTests(markdown: string): { row: string; name: string }[] {
  return markdown
    .split("\n")
    .filter((line) => /^\|\s*[A-Z][0-9]+\s*\|/.test(line))
    .flatMap((line) => {
      const cells = line.split("|").map((cell) => cell.trim());
      const names = [...(cells.at(-2) ?? "").matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
      if (names.length === 0) throw new Error(`a checklist's row ${cells[1]} names no test`);
      return names.map((name) => ({ row: cells[1] ?? "", name }));
    });
}

/** `claim/expired-signature-reverts` as a Solidity test function: `test_Claim_ExpiredSignatureReverts` or its kin. */
export function solidityPattern(name: string): RegExp {
  const [group = "", words = ""] = name.split("/");
  return group === "invariant"
    ? new RegExp(`function invariant_${pascal(words)}\\b`)
    : new RegExp(`function test(Fuzz)?_${pascal(group)}_${pascal(words)}\\b`);
}

export function missingTests(markdown: string, files: { path: string; text: string }[]): string[] {
  const exists = (name: string) =>
    files.some(({ path: file, text }) =>
      file.endsWith(".sol")
        ? solidityPattern(name).test(text)
        : new RegExp(`\\bit\\(\\s*["'\`]${name}\\b(?!-)`).test(text),
    );
  return namedTests(markdown)
    .filter(({ name }) => !exists(name))
    .map(({ row, name }) => `${row}: no test is called ${name}`);
}

export function checkChecklist(root: string): string[] {
  const files = readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(sol|test\.ts)$/.test(file))
    .map((file) => ({ path: file, text: readFileSync(path.join(root, "test", file), "utf8") }));
  return CHECKLISTS.flatMap((name) =>
    missingTests(readFileSync(path.join(root, name), "utf8"), files).map((problem) => `${name}: ${problem}`),
  );
}
