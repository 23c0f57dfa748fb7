// Orders of flat buffers, as arrays of indices: no object per element.

/**
 * The order of 32-byte words, ascending as big-endian numbers; equal words keep their order. Hashes are uniform, so one
 * counting pass over their leading bits leaves almost nothing to do; other words are sorted correctly, only slower.
 */
export function sortWords(words: Uint8Array): Uint32Array<ArrayBuffer> {
  const count = words.length / 32;
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  const keys = new Uint32Array(count);
  for (let index = 0; index < count; index++) keys[index] = view.getUint32(index * 32);
  const bits = Math.min(24, Math.max(1, Math.ceil(Math.log2(count + 1))));
  const ends = new Uint32Array(2 ** bits + 1);
  for (let index = 0; index < count; index++) {
    const own = ((keys[index] as number) >>> (32 - bits)) + 1;
    ends[own] = (ends[own] as number) + 1;
  }
  for (let own = 1; own < ends.length; own++) ends[own] = (ends[own] as number) + (ends[own - 1] as number);
  const order = new Uint32Array(count);
  for (let index = count - 1; index >= 0; index--) {
    // Counted down from its end, a bucket's end becomes its start.
    const own = ((keys[index] as number) >>> (32 - bits)) + 1;
    const place = (ends[own] as number) - 1;
    ends[own] = place;
    order[place] = index;
  }
  const compare = (a: number, b: number) =>
    (keys[a] as number) - (keys[b] as number) || compareWords(view, a, b) || a - b;
  for (let own = 1; own < ends.length; own++) {
    const start = ends[own] as number;
    const end = own + 1 < ends.length ? (ends[own + 1] as number) : count;
    if (end - start > 16) order.subarray(start, end).sort(compare);
    else if (end - start > 1) insertionSort(order, start, end, compare);
  }
  return order;
}

function compareWords(view: DataView, a: number, b: number): number {
  for (let at = 0; at < 32; at += 4) {
    const x = view.getUint32(a * 32 + at);
    const y = view.getUint32(b * 32 + at);
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

function insertionSort(order: Uint32Array, start: number, end: number, compare: (a: number, b: number) => number) {
  for (let place = start + 1; place < end; place++) {
    const item = order[place] as number;
    let hole = place;
    for (; hole > start && compare(order[hole - 1] as number, item) > 0; hole--)
      order[hole] = order[hole - 1] as number;
    order[hole] = item;
  }
}

/** The order of `keys`, ascending and stable; null when they are in order already, as most lists are. */
export function sortKeys(keys: Uint32Array): Uint32Array<ArrayBuffer> | null {
  if (keys.every((key, index) => index === 0 || (keys[index - 1] as number) <= key)) return null;
  let order = new Uint32Array(0);
  for (const shift of [0, 16]) {
    const next = new Uint32Array(65_537);
    for (const key of keys) {
      const own = ((key >>> shift) & 0xffff) + 1;
      next[own] = (next[own] as number) + 1;
    }
    for (let own = 1; own < next.length; own++) next[own] = (next[own] as number) + (next[own - 1] as number);
    const sorted = new Uint32Array(keys.length);
    for (let index = 0; index < keys.length; index++) {
      const row = shift === 0 ? index : (order[index] as number);
      const own = ((keys[row] as number) >>> shift) & 0xffff;
      const place = next[own] as number;
      next[own] = place + 1;
      sorted[place] = row;
    }
    order = sorted;
  }
  return order;
}
