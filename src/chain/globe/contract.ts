/**
 * GLOBE's contract: reasoning in `<think>`, country and city in `<answer>`, no coordinate.
 *
 * Source: GLOBE (NeurIPS 2025), the answers shown there; its place is then looked up as
 * `city, country`. The prompt conditions are Geo-R's: `direct` has no reasoning, `cor` reasons from
 * the country to the city.
 * @module
 */
import type { Contract } from '../contract.ts';
import { buildGlobe } from './build.ts';
import { parseGlobe } from './parse.ts';

const closing =
  'Give the answer in two lines between tags, with English names:\n' +
  '<answer>country: <name>\ncity: <name></answer>\n' +
  'Commit to one city even if you are unsure.';

/** The contract `globe`. */
export const globe: Contract = {
  prompts: {
    full: {
      direct: `In which country and city was this picture taken? Write nothing but the answer. ${closing}`,
      cot:
        'In which country and city was this picture taken? Between <think> and </think>, say what ' +
        'you see that tells places apart, such as buildings, signs, vegetation, vehicles and ' +
        `streets, and what each of them points to. ${closing}`,
      cor:
        'In which country and city was this picture taken? Between <think> and </think>, narrow it ' +
        'down step by step, from the part of the world to the country, then to the region, then to ' +
        `the city, each step with what you see that supports it. ${closing}`,
    },
    short: { direct: 'City?', cot: 'City, with clues?', cor: 'City by regions?' },
  },
  build: buildGlobe,
  parse: parseGlobe,
  isOfficial: ({ reading, reasoning, country, city }) =>
    reading === 'strict' && Boolean(reasoning) && country !== undefined && city !== undefined,
};
