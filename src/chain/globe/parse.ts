/**
 * Reads a GLOBE answer.
 *
 * Strict: one `<think>` and one `<answer>`, in this order, closed, spelt so, and nothing outside them
 * (`<think>` is missing under the `direct` condition); in the answer `country: X` and `city: Y` on
 * two lines, or on one with a comma between them. An unknown city may be missing.
 * @module
 */
import type { Answer, Repair } from '../answer.ts';
import { findPairs } from '../text/coordinates.ts';
import { type NamedLevels, readLevels } from '../text/levels.ts';
import { cleanName } from '../text/names.ts';
import { declinesToAnswer } from '../text/refusal.ts';
import { readTags } from '../text/tags.ts';

/** The names of an answer that is to the letter. */
function exactNames(answer: string): NamedLevels | undefined {
  const lines = answer.trim().split('\n', 3);
  if (lines.length > 2) return undefined;
  let [first, second] = lines.map((line) => line.trim());
  if (second === undefined) {
    const comma = first!.search(/, ?city:/);
    if (comma >= 0) [first, second] = [first!.slice(0, comma), first!.slice(comma + 1).trim()];
  }
  if (!first!.startsWith('country:') || second?.startsWith('city:') === false) return undefined;
  const country = cleanName(first!.slice('country:'.length));
  const city = cleanName(second?.slice('city:'.length) ?? '');
  return country === undefined ? undefined : { country, ...(city !== undefined && { city }) };
}

/** `Helsinki, Finland` or `Helsinki, Uusimaa, Finland`: short parts, the country last. */
function unlabelledNames(answer: string): NamedLevels | undefined {
  const text = answer.trim();
  if (text.length > 200 || /[\n:;{<!?]/.test(text) || declinesToAnswer(text)) return undefined;
  const parts = text.split(',').map((part) => cleanName(part) ?? '');
  const isName = (part: string): boolean => /^[^\p{Ll}]/u.test(part) && part.split(' ').length <= 5;
  if (parts.length < 2 || parts.length > 3 || !parts.every(isName)) return undefined;
  const [city, region] = parts;
  return { country: parts.at(-1)!, city: city!, ...(parts.length === 3 && { region: region! }) };
}

/** The reading of a GLOBE completion. */
export function parseGlobe(text: string): Answer {
  const pairCount = findPairs(text).length;
  const tags = readTags(text);
  const reasoning = tags.think === undefined ? {} : { reasoning: tags.think };
  const exact = exactNames(tags.answer ?? '');
  const rest = { pairCount, ...reasoning };
  if (exact && tags.isWellFormed && !tags.hasSurroundings)
    return { reading: 'strict', repairs: [], ...rest, ...exact };
  const repairs: Repair[] = [];
  if (!tags.isWellFormed) repairs.push('tags');
  else if (tags.hasSurroundings) repairs.push('surrounding-text');
  const labelled = exact ?? readLevels(tags.answer ?? tags.rest);
  if (labelled.country !== undefined || labelled.city !== undefined) {
    if (!exact) repairs.push('labels');
    return { reading: 'repaired', repairs, ...rest, ...labelled };
  }
  const unlabelled = unlabelledNames(tags.answer ?? '');
  if (unlabelled)
    return { reading: 'repaired', repairs: [...repairs, 'unlabelled'], ...rest, ...unlabelled };
  const refusal = declinesToAnswer(tags.answer ?? text) ? ({ refusal: true } as const) : {};
  return { reading: 'unreadable', repairs: [], ...refusal, ...rest };
}
