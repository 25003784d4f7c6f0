/**
 * Reads an answer in JSON.
 *
 * Strict: exactly one JSON object of the text holds a latitude and a longitude, at its top, as the
 * numbers `lat` and `lon` on the globe, and the object is valid JSON. The text around it is free, as
 * in Geo-R's contract: models reason before they answer.
 * @module
 */
import type { Coordinate } from '../../geo/index.ts';
import type { Answer, Repair } from '../answer.ts';
import { chooseCandidate } from '../text/candidates.ts';
import { findPairs, isOnGlobe } from '../text/coordinates.ts';
import { type NamedLevels, readLevels } from '../text/levels.ts';
import { cleanName } from '../text/names.ts';
import { declinesToAnswer } from '../text/refusal.ts';
import { findObjects, type JsonObject, type JsonValue } from '../text/relaxed-json.ts';

/** An object with a latitude and a longitude, and the outermost one around it. */
interface CoordinateObject {
  readonly object: JsonObject;
  readonly outer: JsonObject;
  readonly start: number;
  readonly repairs: readonly Repair[];
}

const LAT_KEYS: readonly string[] = ['lat', 'latitude'];
const LON_KEYS: readonly string[] = ['lon', 'lng', 'long', 'longitude'];
const NAME_KEYS = {
  country: ['country', 'nation'],
  region: ['region', 'state', 'province'],
  city: ['city', 'town', 'place'],
} as const;
/** A coordinate in words is not longer. */
const LONGEST_VALUE = 64;

const entryOf = (object: JsonObject, names: readonly string[]): [string, JsonValue] | undefined => {
  for (const [key, value] of object)
    if (names.includes(key.trim().toLowerCase())) return [key, value];
  return undefined;
};

/** Every object of the text that has both keys, in the order in which they begin. */
function coordinateObjects(text: string): CoordinateObject[] {
  const found: CoordinateObject[] = [];
  for (const { value: outer, start, repairs } of findObjects(text)) {
    const search = (value: JsonValue): void => {
      if (value === null || typeof value !== 'object') return;
      if (!(value instanceof Map)) {
        for (const item of value as readonly JsonValue[]) search(item);
        return;
      }
      const object: JsonObject = value;
      if (entryOf(object, LAT_KEYS) && entryOf(object, LON_KEYS))
        found.push({ object, outer, start, repairs });
      for (const entry of object.values()) search(entry);
    };
    search(outer);
  }
  return found;
}

/** A value as text; commas inside a single number are decimal commas, as nothing else is left. */
function degreesText(value: JsonValue): { text: string; repairs: Repair[] } | undefined {
  if (typeof value === 'number') return { text: String(value), repairs: [] };
  if (typeof value !== 'string' || value.length > LONGEST_VALUE) return undefined;
  const comma = /^\s*[-+−]?\d{1,3},\d+(?![\d,])/.test(value);
  const text = comma ? value.replace(',', '.') : value;
  return { text, repairs: comma ? ['decimal-comma'] : ['number-format'] };
}

function readCoordinate(
  object: JsonObject,
): { coordinate: Coordinate; repairs: Repair[] } | undefined {
  const [latKey, lat] = entryOf(object, LAT_KEYS)!;
  const [lonKey, lon] = entryOf(object, LON_KEYS)!;
  const repairs: Repair[] = latKey === 'lat' && lonKey === 'lon' ? [] : ['key-name'];
  if (typeof lat === 'number' && typeof lon === 'number' && isOnGlobe(lat, lon))
    return { coordinate: { lat, lon }, repairs };
  const [first, second] = [degreesText(lat), degreesText(lon)];
  if (!first || !second) return undefined;
  const read = chooseCandidate(`lat: ${first.text}, lon: ${second.text}`);
  if (!read) return undefined;
  repairs.push(...first.repairs, ...second.repairs);
  repairs.push(...read.repairs.filter((repair) => repair !== 'labelled'));
  return { coordinate: read.coordinate, repairs };
}

/** `"lat": null` and `"lon": "unknown"`. */
function isDeclined({ object }: CoordinateObject): boolean {
  return [LAT_KEYS, LON_KEYS].some((keys) => {
    const value = entryOf(object, keys)![1];
    return value === null || (typeof value === 'string' && cleanName(value) === undefined);
  });
}

/** The names of the object, else of the one around it, else of labels anywhere in the text. */
function readNames(found: CoordinateObject, text: string): NamedLevels {
  for (const object of [found.object, found.outer]) {
    const names: { country?: string; region?: string; city?: string } = {};
    for (const level of ['country', 'region', 'city'] as const) {
      const value = entryOf(object, NAME_KEYS[level])?.[1];
      const name = typeof value === 'string' ? cleanName(value) : undefined;
      if (name !== undefined) names[level] = name;
    }
    if (Object.keys(names).length > 0) return names;
  }
  return readLevels(text);
}

/** The reading of a completion that should end in a JSON object. */
export function parseJson(text: string): Answer {
  const pairCount = findPairs(text).length;
  const objects = coordinateObjects(text);
  const readable = objects.flatMap((found) => {
    const read = readCoordinate(found.object);
    return read ? [{ ...found, ...read, mends: [...found.repairs, ...read.repairs] }] : [];
  });
  const chosen = readable.at(-1);
  if (chosen) {
    const repairs = new Set<Repair>(chosen.mends);
    if (chosen.object !== chosen.outer) repairs.add('nesting');
    const { lat, lon } = chosen.coordinate;
    const isOther = ({ coordinate: c }: (typeof readable)[number]) =>
      c.lat !== lat || c.lon !== lon;
    if (readable.some(isOther)) repairs.add('several-candidates');
    else if (readable.length > 1) repairs.add('repeated-pair');
    const before = text
      .slice(0, chosen.start)
      .replace(/```\w{0,10}\s{0,4}$/, '')
      .trim();
    return {
      reading: repairs.size === 0 ? 'strict' : 'repaired',
      repairs: [...repairs],
      coordinate: chosen.coordinate,
      pairCount,
      ...readNames(chosen, text),
      ...(before !== '' && { reasoning: before }),
    };
  }
  // An object that declines (`"lat": null`) is an answer; what the prose before it weighs is none.
  const outside = objects.length > 0 ? undefined : chooseCandidate(text, pairCount);
  if (outside)
    return {
      reading: 'repaired',
      repairs: ['no-object', ...outside.repairs],
      coordinate: outside.coordinate,
      pairCount,
      ...readLevels(text),
    };
  const declines = objects.some(isDeclined) || declinesToAnswer(text);
  const refusal = declines ? ({ refusal: true } as const) : {};
  return { reading: 'unreadable', repairs: [], ...refusal, pairCount, ...readLevels(text) };
}
