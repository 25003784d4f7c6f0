/**
 * GeoAgent's final answer: `Country; Region; Specific Location`.
 * @module
 */
import type { Repair } from '../answer.ts';
import { type NamedLevels, readLevels } from '../text/levels.ts';
import { cleanName } from '../text/names.ts';

/** A final answer, read. */
export interface FinalAnswer {
  readonly names: NamedLevels;
  readonly repairs: readonly Repair[];
}

/** Longer texts are prose. */
const LONGEST = 600;

/** Names by level, from the country down; `undefined` where there is no country. */
export function namesFrom(parts: readonly string[]): NamedLevels | undefined {
  const [country, region, city] = parts.map(cleanName);
  if (country === undefined) return undefined;
  return {
    country,
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  };
}

/**
 * Reads one to three parts, separated by semicolons on one line.
 *
 * Repaired: `labels` where the levels stand under labels; `separator` where commas separate them, or
 * where the location itself has semicolons (its parts are joined by commas).
 */
export function readFinalAnswer(text: string): FinalAnswer | undefined {
  const answer = text.trim();
  if (answer.length > LONGEST) return undefined;
  if (/country["'*_]{0,3} ?[:=]/i.test(answer)) {
    const names = readLevels(answer);
    return names.country === undefined ? undefined : { names, repairs: ['labels'] };
  }
  const parts = answer.split(';');
  if (parts.length <= 3 && !answer.includes('\n') && (parts.length > 1 || !answer.includes(','))) {
    const names = namesFrom(parts);
    return names && { names, repairs: [] };
  }
  const all = parts.length > 1 ? parts : answer.split(/[,\n]/);
  const names = namesFrom([...all.slice(0, 2), all.slice(2).join(', ')]);
  return names && { names, repairs: ['separator'] };
}
