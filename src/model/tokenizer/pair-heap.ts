/**
 * A binary heap of byte pairs: the most frequent pair on top, the smaller pair among equals.
 *
 * Counts change while entries wait. Nothing is moved then: whoever pops an entry compares its count
 * with the current one and pushes it back when it is stale (lazy deletion, as in HF's trainer).
 * @module
 */

/** A pair waiting to be merged. */
export interface PairEntry {
  /** Left id times 2^24 plus right id: numeric order is the order of (left, right). */
  readonly pair: number;
  /** How often it occurred when it was pushed. */
  readonly count: number;
  /** Words it may occur in. */
  readonly words: readonly number[];
}

const comesFirst = (a: PairEntry, b: PairEntry): boolean =>
  a.count > b.count || (a.count === b.count && a.pair < b.pair);

/** Push and pop in O(log n). */
export class MaxHeap {
  readonly #entries: PairEntry[] = [];

  /** Adds an entry. */
  push(entry: PairEntry): void {
    const heap = this.#entries;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesFirst(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Removes and returns the top entry, or undefined when there is none. */
  pop(): PairEntry | undefined {
    const heap = this.#entries;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && comesFirst(heap[child + 1]!, heap[child]!)) child++;
      if (!comesFirst(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
