import { type Finding, holds } from "./finding.js";

/** A compiled contract's runtime code and where its immutables lie in it, as the compiler's artifacts have them. */
export interface RuntimeCode {
  /** 0x and hex digits. */
  readonly deployedBytecode: string;
  readonly immutableReferences?: Readonly<Record<string, readonly { start: number; length: number }[]>>;
}

/** A contract that answers every question rightly may still be another one: compares its code with a build of ours. */
export function inspectCode(name: string, onChain: string, build: RuntimeCode): Finding {
  const expected = withoutImmutables(build.deployedBytecode, build);
  const actual = withoutImmutables(onChain, build);
  const ok = expected === actual;
  return holds(
    `code/${name}`,
    ok,
    "the code of this build",
    ok ? "it is" : `${onChain.length / 2 - 1} bytes that differ`,
  );
}

/** Immutables are zero in the artifact and set in the deployed code: both are blanked. */
function withoutImmutables(code: string, { immutableReferences = {} }: RuntimeCode): string {
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of Object.values(immutableReferences).flat()) {
    bytes.subarray(start, start + length).fill(0); // a foreign contract's code may end before
  }
  return bytes.toString("hex");
}
