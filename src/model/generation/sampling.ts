/**
 * Choosing a token from a distribution.
 * @module
 */
import type { Random } from '../../core/index.ts';

/** How tokens are chosen. */
export interface SamplingOptions {
  /** Divides the logits; 0 takes the most probable token. Default 1. */
  readonly temperature?: number;
  /** Keeps the fewest tokens that hold this much probability. Default 1: all. */
  readonly topP?: number;
  /** Keeps this many most probable tokens. Default: all. */
  readonly topK?: number;
}

/** The most probable token that is not banned. */
export function argmax(
  probabilities: Float32Array,
  start: number,
  size: number,
  banned: ReadonlySet<number>,
): number {
  let best = -1;
  let top = -1;
  for (let i = 0; i < size; i++) {
    const p = probabilities[start + i]!;
    if (p > top && !banned.has(i)) {
      top = p;
      best = i;
    }
  }
  return best;
}

/** A token drawn by inverting the cumulative distribution; banned tokens are drawn again. */
export function draw(
  probabilities: Float32Array,
  start: number,
  size: number,
  banned: ReadonlySet<number>,
  source: Random,
): number {
  for (let attempt = 0; attempt < 100; attempt++) {
    let rest = source.uniform();
    let last = -1;
    for (let i = 0; i < size; i++) {
      const p = probabilities[start + i]!;
      if (p > 0) last = i;
      rest -= p;
      if (rest < 0) break;
    }
    if (last >= 0 && !banned.has(last)) return last;
  }
  return argmax(probabilities, start, size, banned);
}

/** Zeroes what top-k and top-p leave out and rescales the rest, in place. */
export function truncate(
  probabilities: Float32Array,
  start: number,
  size: number,
  { topP = 1, topK = size }: SamplingOptions,
): void {
  if (topP >= 1 && topK >= size) return;
  const order = mostProbable(probabilities, start, size, { topP, topK });
  let kept = 0;
  let total = 0;
  while (kept < topK && kept < order.length && total < topP)
    total += probabilities[start + order[kept++]!]!;
  const survivors = order.slice(0, kept).map((token) => [token, probabilities[start + token]!]);
  probabilities.fill(0, start, start + size);
  for (const [token, probability] of survivors)
    probabilities[start + token!] = probability! / total;
}

/**
 * The most probable tokens in order, as many as top-k and top-p can keep. Only those above a falling
 * floor are sorted: of a vocabulary of 150,000 hardly any matter.
 */
function mostProbable(
  probabilities: Float32Array,
  start: number,
  size: number,
  { topP, topK }: { readonly topP: number; readonly topK: number },
): number[] {
  let floor = 0;
  for (let i = 0; i < size; i++) floor = Math.max(floor, probabilities[start + i]!);
  for (;;) {
    floor = floor < 1e-30 ? 0 : floor / 64;
    const found: number[] = [];
    let total = 0;
    for (let i = 0; i < size; i++) {
      const p = probabilities[start + i]!;
      if (p < floor) continue;
      found.push(i);
      total += p;
    }
    // sums round: a little more than is asked for
    if (floor === 0 || found.length >= topK || total >= topP + 1e-5)
      return found.sort((a, b) => probabilities[start + b]! - probabilities[start + a]! || a - b);
  }
}

/** Zeroes what is not allowed and rescales the rest, in place; all equal where nothing was left. */
export function restrict(probabilities: Float32Array, allowed: Uint8Array): void {
  let total = 0;
  let count = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (allowed[i] !== 1) continue;
    total += probabilities[i]!;
    count++;
  }
  for (let i = 0; i < probabilities.length; i++) {
    if (allowed[i] !== 1) probabilities[i] = 0;
    else probabilities[i] = total > 0 ? probabilities[i]! / total : 1 / count;
  }
}
