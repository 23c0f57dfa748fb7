import tseslint from "typescript-eslint";

const layer = (folders, group, message) => ({
  files: folders.map((folder) => `src/${folder}/**/*.ts`),
  rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
});
const toolchain = ["hardhat", "hardhat/*", "@nomicfoundation/*", "**/tasks/**", "**/test/**"];
const adapters = ["chain", "database", "http", "p2p", "config", "bin"].map((folder) => `**/${folder}/**`);
const domain = "shared merkle claims passport scoring snapshots sybil funding stm certificates mithril nodes".split(
  " ",
);
// An expectation on a transaction that nobody awaits escapes its test; these rules are what catches it.
const promises = ["no-floating-promises", "no-misused-promises", "await-thenable", "switch-exhaustiveness-check"];

export default tseslint.config(
  {
    ignores: [
      "typechain-types",
      "artifacts",
      "cache",
      "coverage",
      "dist",
      "data",
      "deploy/deployments",
      "**/*.{js,mjs}",
    ],
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...Object.fromEntries(promises.map((rule) => [`@typescript-eslint/${rule}`, "error"])),
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: "error",
    },
  },
  layer(["**"], toolchain, "src does not know Hardhat, tasks or tests"),
  layer(domain, [...toolchain, ...adapters], "the domain does not import its adapters"), // replaces the line above, hence both lists
);
