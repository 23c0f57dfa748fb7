// Account names of varied style, and of the styles that farms use.
import { codePoints, levenshtein } from "../names/levenshtein.js";
import type { Random } from "./random.js";

const FIRST =
  "ada alex amara anouk arjun bao bilal carla chen clara dario dina elif emil esra farid fatou gita goran hana hugo ines ivan jana joao kaito karim kofi lena leo lila luca maja marco mei milan mina nadia nils noor olga omar oscar paula pedro priya rafa rosa sami sara sofia tariq theo tomas uma vera victor wanda yara yusuf zoe".split(
    " ",
  );
const LAST =
  "ahmed almeida baker bauer bianchi costa dubois eriksson fischer garcia haddad hansen ito jansen kaya kim kovac kumar lopez martin mbeki meyer moreau nguyen novak okafor olsen park patel petrov ricci rossi santos sato schmidt silva singh suzuki tanaka torres varga weber wong yilmaz zhang".split(
    " ",
  );
const THINGS =
  "anchor aurora badger beacon bloom cedar cipher cloud comet coral delta ember falcon fern forest garden harbor hazel island ivory jade kernel lantern lotus maple meadow meteor mosaic nectar ocean orbit otter pebble pixel prairie quartz raven river saffron signal sparrow summit thistle tundra velvet walnut willow zephyr".split(
    " ",
  );
const SYLLABLES =
  "ba be bo da de di fa fe ga go ka ke ki la le lo ma me mi na ne no pa po ra re ri sa se ta to va vi wa za zo".split(
    " ",
  );

const syllables = (count: number, random: Random) =>
  Array.from({ length: count }, () => random.pick(SYLLABLES)).join("");

/** A name as people choose theirs. */
export function personName(random: Random): string {
  const [first, last, thing] = [random.pick(FIRST), random.pick(LAST), random.pick(THINGS)];
  const year = String(random.whole(1965, 2008));
  const styles = [
    () => `${first}${last}`,
    () => `${first}.${last}`,
    () => `${first}-${last}${random.whole(1, 99)}`,
    () => `${first}${year}`,
    () => `${first}${year.slice(2)}`,
    () => `${thing}${random.pick(THINGS)}`,
    () => `${thing}_${first}`,
    () => `${first[0] as string}${last}`,
    () => `${thing}${random.whole(1, 9_999)}`,
    () => syllables(random.whole(2, 5), random),
    () => `${syllables(random.whole(2, 3), random)}${thing}`,
    () => `0x${random.id(4)}`,
  ];
  return random.pick(styles)();
}

/** A person's name that happens to be one edit from another's: the next number, or a letter more. */
export function similarName(name: string, random: Random): string {
  const last = /\d$/.exec(name)?.[0];
  if (last === undefined) return `${name}${random.whole(1, 9)}`;
  return `${name.slice(0, -1)}${(Number(last) + random.whole(1, 9)) % 10}`;
}

/** Names in a row: one stem and a running number. */
export function nameSeries(count: number, random: Random): string[] {
  const stem = `${random.pick(THINGS)}${syllables(1, random)}`;
  const start = random.whole(0, 80);
  const width = String(start + count).length;
  return Array.from({ length: count }, (_, at) => `${stem}${String(start + at).padStart(width, "0")}`);
}

/** Names of one stem that are `least` edits or more from each other: what a farm does that has read the thresholds. */
export function spacedNames(count: number, least: number, random: Random): string[] {
  const stem = random.pick(THINGS);
  const codes: Uint32Array[] = [];
  const names: string[] = [];
  for (let tries = 0; names.length < count; tries++) {
    // A longer tail once short ones have run out.
    const name = `${stem}${syllables(1 + Math.floor(tries / (4 * count)), random)}${random.whole(10, 99)}`;
    const code = codePoints(name);
    if (codes.some((other) => levenshtein(code, other, least - 1) !== undefined)) continue;
    codes.push(code);
    names.push(name);
  }
  return names;
}
