/**
 * Writes a GeoAgent answer.
 *
 * Deviations:
 * 1. The paper's stages are written by people who saw the picture. Ours give what the coordinate and
 *    its names imply, and say so under `Uncertainty`.
 * 2. A level that is not known is `N/A`.
 * 3. Semicolons in names become commas, because they separate the levels of the final answer.
 * @module
 */
import type { Place } from '../../geo/index.ts';
import type { ChainOptions } from '../contract.ts';
import { climateBelt, reasoningSentence, writtenNames } from '../facts.ts';
import { cleanName } from '../text/names.ts';

/** A stage as the contract spells it. */
interface WrittenStage {
  readonly Clues: readonly string[];
  readonly Reasoning: string;
  readonly Conclusion: string;
  readonly Uncertainty: string;
}

const UNKNOWN = 'N/A';
const UNCERTAINTY = 'Not judged: written from the coordinate, without a picture.';

/** `40 to 50 degrees north`: the ten-degree band of a latitude or longitude. */
function band(degrees: number, positive: string, negative: string): string {
  const low = Math.min(Math.floor(Math.abs(degrees) / 10) * 10, positive === 'north' ? 80 : 170);
  return `${low} to ${low + 10} degrees ${degrees < 0 ? negative : positive}`;
}

function written(clues: readonly string[], reasoning: string, name: string): WrittenStage {
  return { Clues: clues, Reasoning: reasoning, Conclusion: name, Uncertainty: UNCERTAINTY };
}

function stages(place: Place, names: readonly string[]): Readonly<Record<string, WrittenStage>> {
  const [country, region, city] = names as [string, string, string];
  const belt = climateBelt(place.lat);
  const north = band(place.lat, 'north', 'south');
  const east = band(place.lon, 'east', 'west');
  const within = region === UNKNOWN ? country : `${region} in ${country}`;
  return {
    CountryIdentification: written(
      [belt, place.continent],
      `${country} is in ${place.continent} and reaches into ${belt}.`,
      country,
    ),
    RegionalGuess: written(
      [north, east],
      region === UNKNOWN
        ? `No region of ${country} is known here.`
        : `In ${country}, ${region} reaches into the band ${north}, ${east}.`,
      region,
    ),
    PreciseLocalization: written(
      [within],
      city === UNKNOWN ? `No town in ${within} is near.` : `${city} is in ${within}.`,
      city,
    ),
  };
}

/** `direct`: the final answer alone; `cot`: a sentence as reasoning; `cor`: the three stages. */
export function buildGeoAgent(place: Place, { condition }: ChainOptions): string {
  const written = writtenNames(place);
  const names = [written.country, written.region, written.city].map(
    (name) => cleanName(name?.replaceAll(';', ',') ?? '') ?? UNKNOWN,
  );
  const answer = `<answer>${names.join('; ')}</answer>`;
  if (condition === 'direct') return answer;
  const reasoning =
    condition === 'cot' ? reasoningSentence(place) : JSON.stringify(stages(place, names));
  return `<think>${reasoning}</think>\n${answer}`;
}
