// The gate language:
//
//   gate     = primary { "and" primary } | primary { "or" primary }
//   primary  = "(" gate ")" | has(provider) | sum(group) >= points | count(group) >= number
//   names    = letters, digits and # . : _ - * or anything printable in double quotes
//
// "and" beside "or" needs parentheses: who reads the gate in a governance proposal should not need a table of precedences.
import { DomainError } from "../../../shared/errors.js";
import { canonicalPoints, parsePoints } from "../points.js";
import type { Gate } from "./gate.js";

const TOKEN = /\s*(>=|[(),]|"[ !#-~]{1,128}"|[A-Za-z0-9#.:_*-]+)/y;
const BARE = /^[A-Za-z0-9#.:_*-]+$/;
const MAX_LENGTH = 4096;
const MAX_DEPTH = 32;

const refuse = (problem: string, position: number): never => {
  throw new DomainError("scoring/gate-syntax", `gate, character ${position + 1}: ${problem}`, { position });
};

interface Token {
  readonly text: string;
  readonly position: number;
}

function tokens(source: string): readonly Token[] {
  if (source.length > MAX_LENGTH) refuse(`longer than ${MAX_LENGTH} characters`, MAX_LENGTH);
  const found: Token[] = [];
  let end = 0;
  while (source.slice(end).trim() !== "") {
    TOKEN.lastIndex = end;
    const match = TOKEN.exec(source);
    if (match === null) return refuse(`cannot read "${source.slice(end).trim().slice(0, 12)}"`, end);
    end = TOKEN.lastIndex;
    found.push({ text: match[1] ?? "", position: end - (match[1] ?? "").length });
  }
  return found;
}

class Parser {
  #next = 0;
  #depth = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly end: number,
  ) {}

  parse(): Gate {
    const gate = this.#gate();
    if (this.#peek() !== undefined) this.#fail(`"${this.#peek()}" does not belong here`);
    return gate;
  }

  #peek = () => this.tokens[this.#next]?.text;
  #fail = (problem: string): never => refuse(problem, this.tokens[this.#next]?.position ?? this.end);

  #take(expected?: string): string {
    const text = this.#peek();
    if (text === undefined) return this.#fail(`ends where ${expected ?? "something"} was expected`);
    if (expected !== undefined && text !== expected) this.#fail(`"${text}" where "${expected}" was expected`);
    this.#next += 1;
    return text;
  }

  #gate(): Gate {
    if (++this.#depth > MAX_DEPTH) this.#fail(`deeper than ${MAX_DEPTH} parentheses`);
    const branches = [this.#primary()];
    const kind = this.#peek();
    if (kind === "and" || kind === "or") {
      while (this.#peek() === kind) {
        this.#take();
        branches.push(this.#primary());
      }
      if (this.#peek() === "and" || this.#peek() === "or") this.#fail('"and" and "or" side by side need parentheses');
    }
    this.#depth -= 1;
    return branches.length === 1 ? (branches[0] as Gate) : { kind: kind as "and" | "or", branches };
  }

  #primary(): Gate {
    const word = this.#take();
    if (word === "(") {
      const inner = this.#gate();
      this.#take(")");
      return inner;
    }
    if (word !== "has" && word !== "sum" && word !== "count") {
      this.#next -= 1;
      return this.#fail(`"${word}" is not has, sum, count or a parenthesis`);
    }
    this.#take("(");
    const name = this.#name();
    this.#take(")");
    if (word === "has") return { kind: "has", provider: name };
    this.#take(">=");
    const number = this.#take();
    if (word === "sum") return { kind: "sum", group: name, atLeast: this.#number(() => parsePoints(number)) };
    return {
      kind: "count",
      group: name,
      atLeast: /^[0-9]{1,4}$/.test(number) ? Number(number) : this.#fail("not a count"),
    };
  }

  #number(read: () => number): number {
    try {
      return read();
    } catch (error) {
      this.#next -= 1;
      return this.#fail((error as Error).message);
    }
  }

  #name(): string {
    const text = this.#take();
    if (text.startsWith('"')) return text.slice(1, -1);
    return BARE.test(text) ? text : this.#fail(`"${text}" is not a name`);
  }
}

/** Reads a gate; anything else throws `scoring/gate-syntax` with the place. */
export function parseGate(source: string): Gate {
  const found = tokens(source);
  return new Parser(found, source.length).parse();
}

const spell = (name: string) => (BARE.test(name) ? name : `"${name}"`);

/** The one spelling of a gate: what is hashed and shown. */
export function printGate(gate: Gate): string {
  switch (gate.kind) {
    case "has":
      return `has(${spell(gate.provider)})`;
    case "sum":
      return `sum(${spell(gate.group)}) >= ${canonicalPoints(gate.atLeast)}`;
    case "count":
      return `count(${spell(gate.group)}) >= ${gate.atLeast}`;
    case "and":
    case "or":
      return gate.branches
        .map((branch) => (branch.kind === "and" || branch.kind === "or" ? `(${printGate(branch)})` : printGate(branch)))
        .join(` ${gate.kind} `);
  }
}
