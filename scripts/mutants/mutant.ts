/** One replacement in a source; `from` must occur exactly once, so that a mutant never misses its target silently. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A fault put back into the contracts, and the test that must notice it. */
export interface Mutant {
  /** The row of the audit checklist; several mutants may share one. */
  readonly row: string;
  /** The fault in a few words. */
  readonly fault: string;
  readonly edits: readonly Edit[];
  /** Test files to compile, below test/contracts; the first one holds the test. */
  readonly files: readonly string[];
  readonly test: string;
}
