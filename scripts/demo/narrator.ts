import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { formatUnits } from "../../src/shared/decimal.js";

/** Tells the round to whoever watches, and keeps the account in a file. */
export class Narrator {
  readonly #file: string;
  #chapter = 0;

  constructor(directory: string) {
    mkdirSync(directory, { recursive: true });
    this.#file = path.join(directory, "account.txt");
    writeFileSync(this.#file, "");
  }

  chapter(title: string): void {
    this.#chapter += 1;
    this.say(`\n${this.#chapter}. ${title}`);
  }

  say(line: string): void {
    console.log(line);
    appendFileSync(this.#file, `${line}\n`);
  }

  /** One line of a list: who, what, and what it cost or came to. */
  step(who: string, what: string, outcome: string): void {
    this.say(`   ${who.padEnd(18)} ${what.padEnd(58)} ${outcome}`);
  }
}

/** Tokens for people: two fraction digits are enough to recognise an amount. */
export function tokens(amount: bigint): string {
  const [whole = "0", fraction = ""] = formatUnits(amount, 18).split(".");
  return `${Number(whole).toLocaleString("en")}.${fraction.padEnd(2, "0").slice(0, 2)}`;
}

export const gas = (used: bigint): string => `${Number(used).toLocaleString("en")} gas`;
