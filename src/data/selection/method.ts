/**
 * What a way of selecting has to say: which rows may be kept, and how many of each kind.
 * @module
 */
import type { Coordinate, Place } from '../../geo/index.ts';

/** How many rows to keep, and what the data card says about it. */
export interface SelectionPlan {
  /** Rows to keep of each stratum: at most as many as there are. */
  readonly quotas: ReadonlyMap<number, number>;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * A way of selecting rows. Rows of one stratum are alike: which of them are kept is drawn at random.
 */
export interface SelectionMethod {
  readonly name: 'random' | 'hard' | 'stratified';
  /** Everything the selection depends on but the input and the seed, for the data card. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * The stratum of a row, any whole number, or null for a row that must not be kept. Depends on
   * nothing but the arguments.
   *
   * @param placeOf - resolves the row's coordinate, for methods that need its country
   */
  stratumOf(at: Coordinate, placeOf: (at: Coordinate) => Place | null): number | null;
  /** @param available - rows per stratum; null strata are not among them */
  plan(available: ReadonlyMap<number, number>): SelectionPlan;
}

/** The plan for a single stratum: `count` of its rows, or all of them. */
export function planOne(
  available: ReadonlyMap<number, number>,
  count: number | undefined,
): SelectionPlan {
  const quotas = [...available].map(
    ([stratum, rows]) => [stratum, Math.min(rows, count ?? rows)] as const,
  );
  return { quotas: new Map(quotas) };
}
