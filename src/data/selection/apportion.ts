/**
 * Whole numbers in proportion to weights, never more of one than there is.
 *
 * What an item has no room for goes to the items that still have room, in proportion to their
 * weights again, until everything is placed or nothing has room.
 * @module
 */

/** Splits a whole number into whole parts in proportion to weights whose sum is above 0. */
export type Rounding = (total: number, weights: readonly number[]) => number[];

/**
 * Hamilton's method: everyone gets the whole part of the exact share, and what is left goes to the
 * largest remainders, the earlier item first among equals.
 */
export const largestRemainder: Rounding = (total, weights) => {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((a, b) => a + b, 0);
  const remainders = exact.map((share, i) => ({ i, remainder: share - parts[i]! }));
  remainders.sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of remainders.slice(0, left)) parts[i]!++;
  return parts;
};

/**
 * Systematic rounding from a starting point: part i is the number of whole steps that fall between
 * the cumulative shares before and after it (Madow 1949, systematic sampling with unequal
 * probabilities). Each part is its exact share rounded down or up, and over all starting points it is
 * the exact share on average, so many small shares are not all rounded to nothing.
 *
 * @param start - in [0, 1)
 */
export function systematic(start: number): Rounding {
  return (total, weights) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    let upTo = 0;
    let last = Math.floor(start);
    return weights.map((weight) => {
      upTo += weight;
      const next = Math.min(total, Math.floor(total * (upTo / sum) + start));
      const part = next - last;
      last = next;
      return part;
    });
  };
}

/** How {@link apportion} treats what it cannot place by weight. */
export interface ApportionOptions {
  readonly rounding: Rounding;
  /** Whether what the full items leave over goes to the others; else it is not placed. */
  readonly redistributes: boolean;
  /** Whether items of weight 0 share equally in what the others have no room for. */
  readonly fillsUnweighted: boolean;
}

/**
 * How many of `total` each item gets.
 *
 * @param weights - one per item, at least 0
 * @param room - the most an item can take, one per item
 * @returns one whole number per item, none above its room; their sum is at most `total`
 */
export function apportion(
  total: number,
  weights: readonly number[],
  room: readonly number[],
  { rounding, redistributes, fillsUnweighted }: ApportionOptions,
): number[] {
  const given = weights.map(() => 0);
  // The first round asks what everyone is due, room or not; the others share out what that leaves.
  let open = given.map((_, i) => i);
  for (let left = total; left > 0; ) {
    const weighted = open.filter((i) => weights[i]! > 0);
    const takers = weighted.length > 0 || !fillsUnweighted ? weighted : open;
    if (takers.length === 0) break;
    const parts = rounding(
      left,
      takers.map((i) => (weighted.length > 0 ? weights[i]! : 1)),
    );
    takers.forEach((i, at) => {
      const taken = Math.min(parts[at]!, room[i]! - given[i]!);
      given[i]! += taken;
      left -= taken;
    });
    if (!redistributes) break;
    open = open.filter((i) => given[i]! < room[i]!);
  }
  return given;
}
