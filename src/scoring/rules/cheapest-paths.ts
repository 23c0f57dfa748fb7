// The cheapest sets of stamps that pass a scorer. Published beside every scorer: people without chain history, or who keep their
// activity to themselves, must find a way in, and whoever sets the rules must see what a fake person costs.
//
// Branch and bound over the providers in the order of cost per point. The bound fills the missing points with fractions of the
// next cheapest stamps and forgets limits and gate, which only ever make a path dearer.
import type { CompiledScorer } from "./compile.js";
import { ScoreKernel } from "./kernel.js";
import type { Points } from "./points.js";

export interface ProviderCost {
  readonly provider: string;
  /** What it costs an honest person, in a unit of the caller's. */
  readonly cost: number;
  /** What it takes: `money`, `chain-history`, `public-activity`, `identity-document`, ... */
  readonly needs: readonly string[];
}

export interface HonestPath {
  readonly providers: readonly string[];
  readonly cost: number;
  readonly sum: Points;
  /** Everything on it is for sale. */
  readonly fungible: boolean;
}

export interface PathSearch {
  /** Ascending by cost; no path holds a stamp that it could do without. */
  readonly paths: readonly HonestPath[];
  /** False when the search gave up early: there may be cheaper paths. */
  readonly complete: boolean;
}

export interface PathOptions {
  /** How many paths; 3 unless told. */
  readonly limit?: number;
  /** Leave out providers that need any of these. */
  readonly without?: readonly string[];
  /** Steps before giving up; 500,000 unless told. */
  readonly steps?: number;
}

interface Item {
  readonly index: number;
  readonly name: string;
  readonly weight: Points;
  readonly cost: number;
}

const perPoint = ({ cost, weight }: Item) => (weight === 0 ? Infinity : cost / weight);

class Search {
  readonly found: HonestPath[] = [];
  complete = true;
  readonly #kernel: ScoreKernel;
  readonly #chosen: Item[] = [];
  readonly #flat: { providers: Uint16Array; expiries: Float64Array; refused: Uint8Array };

  constructor(
    private readonly scorer: CompiledScorer,
    private readonly items: readonly Item[],
    private readonly limit: number,
    private steps: number,
  ) {
    this.#kernel = new ScoreKernel(scorer, Math.max(1, items.length));
    this.#flat = {
      providers: new Uint16Array(items.length),
      expiries: new Float64Array(items.length).fill(1),
      refused: new Uint8Array(items.length),
    };
  }

  #score(items: readonly Item[]): ScoreKernel {
    items.forEach(({ index }, place) => (this.#flat.providers[place] = index));
    this.#kernel.score(this.#flat, 0, items.length, 0);
    return this.#kernel;
  }

  /** The least that the missing points can cost from item `next` on. */
  #bound(next: number, sum: Points): number {
    let missing = this.scorer.rules.threshold - sum;
    let cost = 0;
    for (let at = next; at < this.items.length && missing > 0; at++) {
      const { weight, cost: price } = this.items[at] as Item;
      if (weight === 0) continue;
      cost += weight <= missing ? price : (price * missing) / weight;
      missing -= weight;
    }
    return missing > 0 ? Infinity : cost;
  }

  get #worst(): number {
    return this.found.length < this.limit ? Infinity : (this.found.at(-1) as HonestPath).cost;
  }

  walk(next = 0, sum = 0, cost = 0): void {
    if (--this.steps < 0) {
      this.complete = false;
      return;
    }
    const bound = this.#bound(next, sum);
    if (bound === Infinity || cost + bound >= this.#worst) return;
    if (sum >= this.scorer.rules.threshold && this.#score(this.#chosen).passing) return this.#record(cost);
    const item = this.items[next];
    if (item === undefined) return;
    this.#chosen.push(item);
    this.walk(next + 1, sum + item.weight, cost + item.cost);
    this.#chosen.pop();
    this.walk(next + 1, sum, cost);
  }

  #record(cost: number): void {
    const chosen = [...this.#chosen];
    const idle = chosen.some((_, leaveOut) => this.#score(chosen.filter((_item, place) => place !== leaveOut)).passing);
    if (idle) return;
    const providers = chosen.map(({ name }) => name).sort();
    const fungible = !providers.some((name) => this.scorer.rules.nonFungible.includes(name));
    this.found.push({ providers, cost, sum: this.#score(chosen).sum, fungible });
    this.found.sort((a, b) => a.cost - b.cost);
    this.found.length = Math.min(this.found.length, this.limit);
  }
}

/** The cheapest ways to pass a scorer with providers whose cost is known. */
export function cheapestPaths(
  scorer: CompiledScorer,
  costs: readonly ProviderCost[],
  options: PathOptions = {},
): PathSearch {
  const { limit = 3, without = [], steps = 500_000 } = options;
  const items = costs
    .filter(({ needs }) => !needs.some((need) => without.includes(need)))
    .flatMap(({ provider, cost }): Item[] => {
      const index = scorer.indexOf(provider);
      if (index === undefined || scorer.open[index] === 0) return [];
      const weight = scorer.weights[index] as number;
      return weight > 0 || scorer.named[index] === 1 ? [{ index, name: provider, weight, cost }] : [];
    })
    .sort((a, b) => perPoint(a) - perPoint(b) || a.cost - b.cost || (a.name < b.name ? -1 : 1));
  const search = new Search(scorer, items, limit, steps);
  search.walk();
  return { paths: search.found, complete: search.complete };
}
