/**
 * The ids seen so far, in ten to fifteen bytes each.
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
/** 32-bit words of a slot: the two of a hash, of which the first is 0 in an empty slot only. */
const WORDS = 2;

/**
 * A set of ids that grows; memory is 8 bytes a slot, 53 to 80 % of the slots being used.
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

  /** Adds an id; false when it is there already. */
  add(id: string): boolean {
    const [high, low] = hashOf(id);
    const isNew = this.#tables[high % TABLES]!.add(high || 1, low);
    if (isNew) this.#size++;
    return isNew;
  }
}

/** Hashes, open addressing. */
class Table {
  #words = new Uint32Array(FIRST_SLOTS * WORDS);
  #slots = FIRST_SLOTS;
  #size = 0;

  add(high: number, low: number): boolean {
    if (this.#size >= this.#slots * FULLEST) this.#grow();
    const at = this.#find(high, low);
    if (this.#words[at] !== 0) return false;
    this.#words[at] = high;
    this.#words[at + 1] = low;
    this.#size++;
    return true;
  }

  /** Where a hash stands: at its own slot, or at the empty one where it would be. */
  #find(high: number, low: number): number {
    const words = this.#words;
    let slot = Math.floor((low / 2 ** 32) * this.#slots);
    for (;;) {
      const at = slot * WORDS;
      if (words[at] === 0 || (words[at] === high && words[at + 1] === low)) return at;
      slot = slot + 1 === this.#slots ? 0 : slot + 1;
    }
  }

  #grow(): void {
    const old = this.#words;
    this.#slots = Math.ceil(this.#slots * GROWTH);
    this.#words = new Uint32Array(this.#slots * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      const [high, low] = [old[at]!, old[at + 1]!];
      if (high === 0) continue;
      const to = this.#find(high, low);
      this.#words[to] = high;
      this.#words[to + 1] = low;
    }
  }
}
