/**
 * GeoAgent's final answer: `Country; Region; Specific Location`.
 * @module
 */
import type { Repair } from '../answer.ts';
import { type NamedLevels, readLevels } from '../text/levels.ts';
import { cleanName } from '../text/names.ts';
import { isExcuse } from '../text/refusal.ts';

/** A final answer, read. */
export interface FinalAnswer {
  readonly names: NamedLevels;
  readonly repairs: readonly Repair[];
}

/** Longer texts are prose, and so is a country of more words. */
const LONGEST = 600;
const MOST_WORDS = 8;

/** Names by level, from the country down; `undefined` where there is no country. */
export function namesFrom(parts: readonly string[]): NamedLevels | undefined {
  const [country, region, city] = parts.map(cleanName);
  if (country === undefined || isExcuse(country)) return undefined;
  if (country.split(' ').length > MOST_WORDS) return undefined;
  return {
    country,
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  };
}

/**
 * Reads three parts, separated by semicolons on one line.
 *
 * Repaired: `missing-level` where there are fewer; `labels` where the levels stand under labels;
 * `separator` where commas separate them, or where the location itself has semicolons (its parts are
 * joined by commas).
 */
export function readFinalAnswer(text: string): FinalAnswer | undefined {
  const answer = text.trim();
  if (answer.length > LONGEST) return undefined;
  if (/country["'*_]{0,3} ?[:=]/i.test(answer)) {
    const names = readLevels(answer);
    return names.country === undefined ? undefined : { names, repairs: ['labels'] };
  }
  const parts = answer.split(';');
  const all = parts.length > 1 ? parts : answer.split(/[,\n]/);
  const names = namesFrom([...all.slice(0, 2), all.slice(2).join(', ')]);
  if (!names) return undefined;
  const isSeparated = all === parts ? parts.length <= 3 && !answer.includes('\n') : all.length < 2;
  const repairs: Repair[] = isSeparated ? [] : ['separator'];
  if (all.length < 3) repairs.push('missing-level');
  return { names, repairs };
}
