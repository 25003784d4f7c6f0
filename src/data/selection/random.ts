/**
 * A uniform random sample: every set of `count` rows is equally likely.
 *
 * Source: Geo-R, section 4.1: MP16-Rand-500K is a random sample of MP16-Pro.
 * @module
 */
import { planOne, type SelectionMethod } from './method.ts';

/** Keeps `count` rows of any place. */
export function randomSelection(count: number): SelectionMethod {
  return {
    name: 'random',
    parameters: { count },
    stratumOf: () => 0,
    plan: (available) => planOne(available, count),
  };
}
