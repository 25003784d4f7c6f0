/**
 * A result that tells no more than it may.
 *
 * Below a point everything that could say more is gone, not hidden: the point, its radii and link,
 * the candidates, the answers themselves and the clues, which are the model's own words. At `city`
 * the city's coordinate from the gazetteer stands for the point.
 * @module
 */
import { type Coordinate, forwardGeocode, type Gazetteer } from '../geo/index.ts';
import { type LocateResult, mapLink, PRECISIONS, type Precision } from './result.ts';
import { LEVELS } from './sample.ts';

/**
 * The result at a precision.
 *
 * @param gazetteer - where cities lie; without one no city has a coordinate
 */
export function withPrecision(
  result: LocateResult,
  precision: Precision,
  gazetteer?: Gazetteer | undefined,
): LocateResult {
  if (precision === 'point') return result;
  const depth = PRECISIONS.indexOf(precision);
  const levels = result.levels.filter(({ level }) => LEVELS.indexOf(level) <= depth);
  const point = precision === 'city' && gazetteer ? cityPoint(levels, gazetteer) : null;
  return {
    ...result,
    precision,
    levels,
    undecided:
      result.undecided && LEVELS.indexOf(result.undecided.level) <= depth ? result.undecided : null,
    point,
    radii: null,
    candidates: [],
    clues: [],
    disagreements: [],
    mapLink: point && mapLink(point),
    samples: [],
  };
}

function cityPoint(levels: LocateResult['levels'], gazetteer: Gazetteer): Coordinate | null {
  if (!levels.some(({ level }) => level === 'city')) return null;
  const match = forwardGeocode(
    gazetteer,
    Object.fromEntries(levels.map(({ level, name }) => [level, name])),
  );
  return match?.level === 'city' ? { lat: match.lat, lon: match.lon } : null;
}
