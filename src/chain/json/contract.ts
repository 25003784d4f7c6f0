/**
 * A plain JSON object with `lat` and `lon`, as general vision-language models are asked in practice.
 *
 * No paper defines it; the fields are those of the public answer files of general models.
 * @module
 */
import type { Contract } from '../contract.ts';
import { buildJson } from './build.ts';
import { parseJson } from './parse.ts';

const closing =
  'Use decimal degrees, negative in the south and west, and English names. ' +
  'Commit to one place even if you are unsure.';

/** The contract `json`. */
export const json: Contract = {
  prompts: {
    full: {
      direct:
        'Where on Earth was this picture taken? Answer with this JSON object and nothing else:\n' +
        `{"lat": <number>, "lon": <number>}\n${closing}`,
      cot:
        'Where on Earth was this picture taken? First say in a few sentences what you see and what ' +
        'it points to, then end with this JSON object:\n' +
        `{"lat": <number>, "lon": <number>, "city": "<name>", "country": "<name>"}\n${closing}`,
      cor:
        'Where on Earth was this picture taken? Narrow it down from the country to the region to the ' +
        'city, then give the coordinates. Answer with this JSON object and nothing else, leaving out ' +
        'a name that does not apply:\n{"country": "<name>", "region": "<name>", "city": "<name>", ' +
        `"lat": <number>, "lon": <number>}\n${closing}`,
    },
    short: { direct: 'JSON?', cot: 'JSON, with clues?', cor: 'JSON by regions?' },
  },
  build: buildJson,
  parse: parseJson,
  isOfficial: (answer) => answer.reading === 'strict',
};
