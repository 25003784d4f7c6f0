/**
 * GeoAgent's contract: three stages of reasoning, then `Country; Region; Specific Location`.
 *
 * Source: GeoAgent (CVPR 2026), section on the data set: Country Identification, Regional Guess,
 * Precise Localization, each with clues, reasoning and conclusion. The prompt conditions are Geo-R's:
 * `direct` has no reasoning, `cot` reasons in prose, `cor` in the three stages.
 * @module
 */
import type { Contract } from '../contract.ts';
import { buildGeoAgent } from './build.ts';
import { parseGeoAgent } from './parse.ts';

const closing =
  'Close with the address between tags, from large to small, with English names:\n' +
  '<answer>Country; Region; Specific Location</answer>\n' +
  'Commit to one place even if you are unsure.';
const stage =
  '{"Clues": ["<what you see>"], "Reasoning": "<what it points to>", ' +
  '"Conclusion": "<name>", "Uncertainty": "<what else it could be>"}';

/** The contract `geoagent`. */
export const geoAgent: Contract = {
  prompts: {
    full: {
      direct: `At which address was this picture taken? Write nothing but the answer. ${closing}`,
      cot:
        'At which address was this picture taken? Between <think> and </think>, reason in a few ' +
        `sentences about what you see and what it points to. ${closing}`,
      cor:
        'At which address was this picture taken? Find the country first, then the region, then the ' +
        'exact place. Write this as one JSON object between <think> and </think>, with the keys ' +
        'CountryIdentification, RegionalGuess and PreciseLocalization, each holding:\n' +
        `${stage}\n${closing}`,
    },
    short: { direct: 'Address?', cot: 'Address, with clues?', cor: 'Address in stages?' },
  },
  build: buildGeoAgent,
  parse: parseGeoAgent,
  isOfficial: ({ reading, stages, country, region, city }) =>
    reading === 'strict' &&
    stages?.length === 3 &&
    [country, region, city].every((name) => name !== undefined),
};
