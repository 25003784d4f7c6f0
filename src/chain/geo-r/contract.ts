/**
 * Geo-R's contract: four labelled levels, from the country to the coordinates.
 *
 * Source: Geo-R, section 3.1 (Chain of Region) and Tables 2, 3 and 5 (the three conditions).
 * @module
 */
import type { Contract } from '../contract.ts';
import { buildGeoR } from './build.ts';
import { parseGeoR } from './parse.ts';

const closing =
  'Write the coordinates in decimal degrees, latitude first, once, in parentheses: (lat, lon). ' +
  'Commit to one place even if you are unsure.';

/** The contract `geo-r`. */
export const geoR: Contract = {
  prompts: {
    full: {
      direct: `Where on Earth was this picture taken? Answer with the coordinates and nothing else. ${closing}`,
      cot:
        'Where on Earth was this picture taken? First weigh what the picture shows, such as landform, ' +
        'vegetation, climate, buildings, signs and traffic, and say what it points to. ' +
        `Then end with the coordinates. ${closing}`,
      cor:
        'Where on Earth was this picture taken? Narrow it down from the country to the region to the ' +
        'city or place, and conclude with the coordinates. Answer in these lines, leaving out a line ' +
        'that does not apply:\nCountry: <name>\nState: <state or administrative region>\n' +
        `City: <city or place>\nCoordinates: (<lat>, <lon>)\n${closing}`,
    },
    short: { direct: 'Coordinates?', cot: 'Clues?', cor: 'Region chain?' },
  },
  build: buildGeoR,
  parse: parseGeoR,
  isOfficial: (answer) => answer.pairCount === 1,
};
