/**
 * At most so many calls at once.
 * @module
 */
import { GeorError } from '../errors.ts';

/** Runs `work` when there is room, in the order of the calls. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Makes a limiter.
 *
 * @param concurrency - calls at once, a whole number >= 1
 * @throws GeorError `usage` for another number.
 */
export function limiter(concurrency: number): Limiter {
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new GeorError('usage', `${concurrency} is no number of calls at once`, {
      hint: 'use a whole number above 0',
    });
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < concurrency) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      // the place goes to the next in line; only when nobody waits is it free
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
