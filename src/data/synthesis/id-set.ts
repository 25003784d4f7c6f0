/**
 * The ids seen so far, in twelve bytes each, with the line each was first seen on.
 *
 * Ids are kept as 64-bit hashes: two different ids among 4.72 million (MP16-Pro) are taken for one
 * with a probability of 6e-7.
 * @module
 */

/** Two rounds of MurmurHash3's 32-bit mixing over the characters, with different seeds. */
function hashOf(id: string): readonly [number, number] {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let i = 0; i < id.length; i++) {
    const unit = id.charCodeAt(i);
    high = Math.imul(high ^ unit, 0xcc9e2d51);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ unit, 0x1b873593);
    low = (low << 13) | (low >>> 19);
    low = (low + high) | 0;
  }
  high ^= id.length;
  low ^= high;
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b);
  low = Math.imul(low ^ (low >>> 15), 0xc2b2ae35);
  high = Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 13), 0x27d4eb2f);
  return [(high ^ (high >>> 16)) >>> 0, (low ^ (low >>> 16)) >>> 0];
}

const TABLES = 64;
const FIRST_SLOTS = 64;
const GROWTH = 1.5;
const FULLEST = 0.8;
/** 32-bit words of a slot: two of the hash, and the line, which is 0 in an empty slot. */
const WORDS = 3;

/**
 * A set of ids that grows; memory is 12 bytes a slot, 53 to 80 % of the slots being used.
 *
 * Many small tables, each growing by itself: one large table would take half as much again for the
 * moment in which it is copied.
 */
export class IdSet {
  readonly #tables = Array.from({ length: TABLES }, () => new Table());
  #size = 0;

  /** How many ids it holds. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds an id, unless it is there.
   *
   * @param line - from 1
   * @returns the line it was first added with, or 0 when it is new
   */
  add(id: string, line: number): number {
    const [high, low] = hashOf(id);
    const first = this.#tables[high % TABLES]!.add(high, low, line);
    if (first === 0) this.#size++;
    return first;
  }
}

/** Hashes with lines, open addressing. */
class Table {
  #words = new Uint32Array(FIRST_SLOTS * WORDS);
  #slots = FIRST_SLOTS;
  #size = 0;

  add(high: number, low: number, line: number): number {
    if (this.#size >= this.#slots * FULLEST) this.#grow();
    const at = this.#find(high, low);
    const first = this.#words[at + 2]!;
    if (first > 0) return first;
    this.#words.set([high, low, line], at);
    this.#size++;
    return 0;
  }

  /** Where a hash stands: at its own slot, or at the empty one where it would be. */
  #find(high: number, low: number): number {
    const words = this.#words;
    let slot = Math.floor((low / 2 ** 32) * this.#slots);
    for (;;) {
      const at = slot * WORDS;
      if (words[at + 2] === 0 || (words[at] === high && words[at + 1] === low)) return at;
      slot = slot + 1 === this.#slots ? 0 : slot + 1;
    }
  }

  #grow(): void {
    const old = this.#words;
    this.#slots = Math.ceil(this.#slots * GROWTH);
    this.#words = new Uint32Array(this.#slots * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 2] === 0) continue;
      this.#words.set(old.subarray(at, at + WORDS), this.#find(old[at]!, old[at + 1]!));
    }
  }
}
