/** Connected components of nodes 0 to n − 1 (union-find, halving paths and joining the smaller to the larger). */
export class Components {
  readonly #parents: Uint32Array;
  readonly #sizes: Uint32Array;

  constructor(count: number) {
    this.#parents = Uint32Array.from({ length: count }, (_, node) => node);
    this.#sizes = new Uint32Array(count).fill(1);
  }

  join(a: number, b: number): void {
    const [one, other] = [this.#rootOf(a), this.#rootOf(b)];
    if (one === other) return;
    const [large, small] = (this.#sizes[one] as number) >= (this.#sizes[other] as number) ? [one, other] : [other, one];
    this.#parents[small] = large;
    this.#sizes[large]! += this.#sizes[small] as number;
  }

  /** The components of at least two nodes, largest first, then by their first node; nodes ascend. */
  groups(): number[][] {
    const byRoot = new Map<number, number[]>();
    this.#parents.forEach((_, node) => {
      const root = this.#rootOf(node);
      const group = byRoot.get(root);
      if (group === undefined) byRoot.set(root, [node]);
      else group.push(node);
    });
    const groups = [...byRoot.values()].filter((group) => group.length > 1);
    return groups.sort((a, b) => b.length - a.length || (a[0] as number) - (b[0] as number));
  }

  #rootOf(node: number): number {
    for (;;) {
      const parent = this.#parents[node] as number;
      if (parent === node) return node;
      const above = this.#parents[parent] as number;
      this.#parents[node] = above;
      node = above;
    }
  }
}
