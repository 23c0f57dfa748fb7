// What must never be in the tree: left-overs, secrets, skipped tests.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

interface Rule {
  readonly what: string;
  readonly files: RegExp;
  readonly pattern: RegExp;
  /** Where the words are meant: this file, and published test keys in their one place. */
  readonly except?: RegExp;
}

const RULES: readonly Rule[] = [
  {
    what: "a left-over",
    files: /\.(ts|sol|mjs)$/,
    pattern: /\b(TO-?DO|FIX-?ME|XX-?X)\b/,
  },
  { what: "a focused or skipped test", files: /\.ts$/, pattern: /\b(describe|it)\.(only|skip)\(/ },
  {
    what: "a private key file",
    files: /./,
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    except: /^scripts\/rules\//,
  },
  {
    what: "something that looks like a private key",
    files: /^(src|tasks|deploy|scripts|docs|\.ci|[^/]+\.(md|ts|json))/,
    pattern: /(private_?key|secret|mnemonic|password)["']?\s*[:=]\s*["']?(0x)?[0-9a-f]{64}\b/i,
  },
];

export function checkTree(root: string): string[] {
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  return files.flatMap((file) => {
    const rules = RULES.filter((rule) => rule.files.test(file) && !rule.except?.test(file));
    if (rules.length === 0 || file === "package-lock.json") return [];
    const lines = readFileSync(path.join(root, file), "utf8").split("\n");
    return lines.flatMap((line, index) =>
      rules.filter((rule) => rule.pattern.test(line)).map((rule) => `${file}:${index + 1}: ${rule.what}`),
    );
  });
}
