/**
 * Writes a GLOBE answer.
 *
 * Deviations:
 * 1. The reasoning says what the coordinate implies (see `facts.ts`); the paper's comes from several
 *    vision-language models that saw the picture.
 * 2. A place without a known city has no `city` line.
 * @module
 */
import type { Place } from '../../geo/index.ts';
import type { ChainOptions } from '../contract.ts';
import { climateBelt, reasoningSentence, writtenNames } from '../facts.ts';

function steps(place: Place): string {
  const { country, region, city } = writtenNames(place);
  const lines = [`Part of the world: ${climateBelt(place.lat)} in ${place.continent}.`];
  lines.push(`Country: ${country}.`);
  if (region !== undefined) lines.push(`Region: ${region}.`);
  if (city !== undefined) lines.push(`City: ${city}.`);
  return lines.join('\n');
}

/** `direct`: the answer alone; `cot`: a sentence as reasoning; `cor`: a step per level. */
export function buildGlobe(place: Place, { condition }: ChainOptions): string {
  const { country, city } = writtenNames(place);
  const lines = [`country: ${country}`, ...(city === undefined ? [] : [`city: ${city}`])];
  const answer = `<answer>${lines.join('\n')}</answer>`;
  if (condition === 'direct') return answer;
  const reasoning = condition === 'cot' ? reasoningSentence(place) : steps(place);
  return `<think>${reasoning}</think>\n${answer}`;
}
