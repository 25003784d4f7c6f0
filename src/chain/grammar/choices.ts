/**
 * One of several texts, each with what follows it.
 *
 * The texts are sorted by their bytes, so what is still possible after some bytes is one range of
 * them, and a text that others begin with is the first of its range.
 * @module
 */
import type { Step } from './step.ts';

/** A text and the step behind it, made when it is reached. */
export interface Choice {
  readonly text: string;
  readonly after: () => Step;
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly after: () => Step;
}

const utf8 = new TextEncoder();

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/**
 * The step before one of `choices`. Where one text begins another, what follows the shorter one must
 * not begin like the rest of the longer one.
 *
 * @param key - names this list among all of the grammar
 * @param choices - texts that are not empty and not twice the same
 */
export function choiceOf(key: string, choices: readonly Choice[]): Step {
  const entries = choices
    .map(({ text, after }): Entry => ({ bytes: utf8.encode(text), after }))
    .sort((a, b) => compareBytes(a.bytes, b.bytes));
  return within(key, entries, 0, entries.length, 0);
}

/** Somewhere inside the texts `from` to `to`, which share their first `offset` bytes. */
function within(
  key: string,
  entries: readonly Entry[],
  from: number,
  to: number,
  offset: number,
): Step {
  const first = entries[from];
  return {
    key: `${key} ${from}-${to} ${offset}`,
    get isFinal() {
      return first?.bytes.length === offset && first.after().isFinal;
    },
    next(byte) {
      const low = lowerBound(entries, from, to, offset, byte);
      const high = lowerBound(entries, low, to, offset, byte + 1);
      if (low < high) return within(key, entries, low, high, offset + 1);
      return first?.bytes.length === offset ? first.after().next(byte) : undefined;
    },
  };
}

/** The first of the texts whose byte at `offset` is at least `byte`. */
function lowerBound(
  entries: readonly Entry[],
  from: number,
  to: number,
  offset: number,
  byte: number,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]!.bytes[offset] ?? -1) < byte) low = middle + 1;
    else high = middle;
  }
  return low;
}
