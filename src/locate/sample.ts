/**
 * One answer of a model as a place: read once, names made canonical, the two compared.
 * @module
 */
import {
  type Answer,
  type AnswerContract,
  answerQuery,
  cleanName,
  isSameName,
  parseAnswer,
} from '../chain/index.ts';
import {
  type Coordinate,
  forwardGeocode,
  type Gazetteer,
  haversineKm,
  type Place,
  reverseGeocode,
} from '../geo/index.ts';
import type { Completion } from './backend.ts';

/** The levels of a chain that have names, from coarse to fine. */
export const LEVELS = ['country', 'region', 'city'] as const;

/** A level of a chain that has a name. */
export type Level = (typeof LEVELS)[number];

/** A level at which an answer's names and its coordinate are two places. */
export interface Disagreement {
  readonly level: Level;
  /** What the answer names. */
  readonly says: string;
  /** Where its coordinate lies; `null` in the open sea. */
  readonly lies: string | null;
  /** For a city: kilometres from the coordinate to the named city. */
  readonly distanceKm?: number;
}

/** One answer, read. */
export interface LocatedSample {
  readonly text: string;
  readonly finish: string;
  readonly tokens?: number;
  readonly logProbability?: number;
  readonly answer: Answer;
  /** The answer's own coordinate, or where its names lie; `null` where neither is known. */
  readonly coordinate: Coordinate | null;
  /** Whether the coordinate was looked up by the names. */
  readonly isGeocoded: boolean;
  /**
   * Canonical where the gazetteer knows the name there, as written where it knows no such name at all.
   * A name that it knows only elsewhere (Western Australia in Canada) is not part of the chain.
   */
  readonly names: Readonly<Partial<Record<Level, string>>>;
  readonly disagreements: readonly Disagreement[];
}

/** A named city farther than this from the coordinate is another place, kilometres. */
export const CITY_REACH_KM = 25;

/**
 * Reads a completion.
 *
 * @param gazetteer - without one, names stay as written and are not compared with coordinates
 */
export function readSample(
  { text, finish, tokens, logProbability }: Completion,
  contract: AnswerContract,
  gazetteer?: Gazetteer,
): LocatedSample {
  const answer = parseAnswer(text, contract);
  const query = answerQuery(answer);
  const match =
    gazetteer && Object.keys(query).length > 0 ? forwardGeocode(gazetteer, query) : null;
  const own = answer.coordinate ?? null;
  const coordinate = own ?? (match ? { lat: match.lat, lon: match.lon } : null);
  const named: Partial<Record<Level, string>> = {};
  for (const level of LEVELS) {
    const written = cleanName(answer[level] ?? '');
    if (written === undefined) continue;
    const canonical = match?.unused?.includes(written) === true ? undefined : match?.[level];
    if (canonical !== undefined) named[level] = canonical;
    else if (!gazetteer || !forwardGeocode(gazetteer, { [level]: written })) named[level] = written;
  }
  const place = own && gazetteer ? reverseGeocode(gazetteer, own.lat, own.lon) : undefined;
  return {
    ...{ text, finish, answer, coordinate },
    ...(tokens !== undefined && { tokens }),
    ...(logProbability !== undefined && { logProbability }),
    isGeocoded: own === null && coordinate !== null,
    names: place ? completed(named, answer, place) : named,
    disagreements:
      own && place !== undefined
        ? disagreementsOf(named, own, place, match?.level === 'city' ? match : null)
        : [],
  };
}

/** Names that the answer leaves out, from its coordinate, as long as the two agree above. */
function completed(
  named: Readonly<Partial<Record<Level, string>>>,
  answer: Answer,
  place: Place,
): Partial<Record<Level, string>> {
  const names: Partial<Record<Level, string>> = {};
  let agrees = true;
  for (const level of LEVELS) {
    const [said, lies] = [named[level], place[level]];
    if (said !== undefined) names[level] = said;
    else if (answer[level] === undefined && agrees && lies !== undefined) names[level] = lies;
    if (said !== undefined && lies !== undefined)
      agrees &&= isSameName(said, lies, level === 'country');
  }
  return names;
}

/**
 * The levels at which names and a coordinate are two places. Countries and regions are compared by
 * the gazetteer's borders; a city by its distance, since every suburb has a name of its own.
 *
 * @param place - the coordinate reverse-geocoded; `null` in the open sea
 * @param city - where the named city lies, if the gazetteer knows
 */
export function disagreementsOf(
  names: Readonly<Partial<Record<Level, string>>>,
  coordinate: Coordinate,
  place: Place | null,
  city: Coordinate | null,
): Disagreement[] {
  const found: Disagreement[] = [];
  for (const level of ['country', 'region'] as const) {
    const says = names[level];
    if (says === undefined) continue;
    const lies = place ? place[level] : null;
    if (lies === null || (lies !== undefined && !isSameName(says, lies, level === 'country')))
      found.push({ level, says, lies });
  }
  const distanceKm = city ? haversineKm(city, coordinate) : 0;
  if (names.city !== undefined && distanceKm > CITY_REACH_KM)
    found.push({ level: 'city', says: names.city, lies: place?.city ?? null, distanceKm });
  return found;
}
