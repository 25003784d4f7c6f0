/**
 * Whole numbers on the command line.
 * @module
 */
import { InvalidArgumentError } from 'commander';

/**
 * Reads a flag's whole number between two bounds, both included.
 *
 * @param high - without it, whatever a number can count to
 */
export function wholeNumber(low: number, high?: number): (text: string) => number {
  const range = high === undefined ? `, at least ${low}` : ` from ${low} to ${high}`;
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > (high ?? Number.MAX_SAFE_INTEGER))
      throw new InvalidArgumentError(`It has to be a whole number${range}.`);
    return value;
  };
}
