/**
 * Seeded randomness, the only place in geor that makes any.
 *
 * A generator is made from a *key* (the run's seed and whatever names the draw: stage, step, row),
 * never carried from step to step. So a resumed run draws what the unbroken one would have drawn,
 * and no state needs saving.
 *
 * Generator: sfc32 by Chris Doty-Humphrey (PractRand), 128 bits of state; key hashing: the 32-bit
 * finaliser of MurmurHash3.
 * @module
 */

/** A stream of uniform numbers. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Standard normal, Box-Muller. */
  normal(): number;
}

const mix = (hash: number, word: number): number => {
  let h = Math.imul(hash ^ word, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/**
 * A generator for one key, e.g. `random(seed, 'sft', step)`. Equal keys give equal streams.
 *
 * @param key - numbers (taken as 64-bit floats) and strings, in order
 */
export function random(...key: readonly (number | string)[]): Random {
  let hash = 0x9e3779b9;
  const word = new DataView(new ArrayBuffer(8));
  for (const part of key) {
    if (typeof part === 'string') {
      for (let i = 0; i < part.length; i++) hash = mix(hash, part.charCodeAt(i));
      hash = mix(hash, 0x5eed ^ part.length);
    } else {
      word.setFloat64(0, part);
      hash = mix(mix(hash, word.getUint32(0)), word.getUint32(4));
    }
  }
  let a = mix(hash, 1);
  let b = mix(hash, 2);
  let c = mix(hash, 3);
  let counter = 1;
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + out) | 0;
    return out >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const uniform = (): number => next() / 4294967296;
  return {
    uniform,
    integer: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** A new array with the items of `items` in random order (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], source: Random): T[] {
  const out = items.slice();
  for (let i = out.length - 1; i > 0; i--) {
    const j = source.integer(i + 1);
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}
