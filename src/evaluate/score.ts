/**
 * Joins predictions to the truth and measures each, one at a time: no completion is kept.
 *
 * Ids are joined whole: two pictures can share author, coordinate and the start of their name.
 * @module
 */
import {
  type Answer,
  type AnswerContract,
  answerQuery,
  isOnGlobe,
  parseAnswer,
  type Repair,
} from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import {
  type Coordinate,
  type GeocodeLevel,
  type Geocoder,
  haversineKm,
  wgs84Km,
} from '../geo/index.ts';
import { shownIds } from './ids.ts';
import { type AnswerReading, READINGS, type ReadingMode } from './readings.ts';
import type { PredictionRow } from './rows.ts';
import type { TruthTable } from './truth-table.ts';

/** How distances are measured: on the sphere of R = 6371 km, or on the WGS84 ellipsoid. */
export type DistanceKind = 'haversine' | 'wgs84';

/** How predictions are read and measured. */
export interface ScoreOptions {
  /** Default `haversine`. */
  readonly distance?: DistanceKind;
  /** How completions are read; default `geo-r`. */
  readonly contract?: AnswerContract;
  /** Turns names into coordinates; needed for contracts that have no coordinate. */
  readonly geocode?: Geocoder;
}

/** How often names were found, by the level that was; `none` for names nobody knows. */
export type GeocodeCounts = Record<GeocodeLevel | 'none', number>;

/** Every truth row with what was answered, in columns. */
export interface ScoredRows {
  readonly truth: TruthTable;
  readonly distance: DistanceKind;
  readonly contract: AnswerContract;
  /** Degrees, NaN where there is no readable coordinate. */
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  /** Kilometres to the truth, `Infinity` where there is no readable coordinate. */
  readonly distanceKm: Float64Array;
  /** Index into {@link READINGS} per row. */
  readonly reading: Uint8Array;
  /** Stated confidence in [0, 1], NaN where none was stated; absent when nobody stated any. */
  readonly confidence?: Float64Array;
  /** How often each repair was needed; absent when no completion was read. */
  readonly repairs?: Readonly<Partial<Record<Repair, number>>>;
  /** Absent when no name was looked up. */
  readonly geocoded?: Readonly<GeocodeCounts>;
}

/** Contracts whose answer names a place and gives no coordinate. */
const NAMES_ONLY: ReadonlySet<AnswerContract> = new Set(['globe', 'geoagent']);

/** The distance function of a kind. */
export function distanceOf(kind: DistanceKind): (a: Coordinate, b: Coordinate) => number {
  return kind === 'wgs84' ? wgs84Km : haversineKm;
}

/** The code of a reading in `ScoredRows.reading`. */
export const readingCode = (reading: AnswerReading): number => READINGS.indexOf(reading);

interface Said {
  readonly reading: AnswerReading;
  readonly coordinate?: Coordinate | undefined;
}

/** Reads one prediction after the other and counts what it took. */
class AnswerReader {
  readonly repairs: Partial<Record<Repair, number>> = {};
  readonly geocoded: GeocodeCounts = { city: 0, region: 0, country: 0, none: 0 };
  hasReadText = false;
  hasGeocoded = false;
  readonly #contract: AnswerContract;
  readonly #geocode: Geocoder | undefined;

  constructor(contract: AnswerContract, geocode: Geocoder | undefined) {
    this.#contract = contract;
    this.#geocode = geocode;
  }

  read({ lat, lon, completion }: PredictionRow): Said {
    if (lat !== undefined && lon !== undefined)
      return isOnGlobe(lat, lon)
        ? { reading: 'given', coordinate: { lat, lon } }
        : { reading: 'unreadable' };
    if (completion !== undefined) return this.#readText(completion);
    return { reading: lat === undefined && lon === undefined ? 'refusal' : 'unreadable' };
  }

  #readText(text: string): Said {
    this.hasReadText = true;
    const answer = parseAnswer(text, this.#contract);
    for (const repair of answer.repairs) this.repairs[repair] = (this.repairs[repair] ?? 0) + 1;
    const namesOnly = NAMES_ONLY.has(this.#contract);
    const coordinate = namesOnly ? this.#find(answer) : answer.coordinate;
    const isRead = namesOnly ? answer.country !== undefined : coordinate !== undefined;
    if (isRead && answer.reading !== 'unreadable') return { reading: answer.reading, coordinate };
    const declines = answer.refusal === true || text.trim() === '';
    return { reading: declines ? 'refusal' : 'unreadable' };
  }

  #find(answer: Answer): Coordinate | undefined {
    if (!this.#geocode)
      throw new GeorError(
        'usage',
        `answers of ${this.#contract} name places and give no coordinate`,
        { hint: 'give a geocoder (the option geocode) to turn names into coordinates' },
      );
    if (answer.country === undefined) return undefined;
    const match = this.#geocode(answerQuery(answer));
    this.hasGeocoded = true;
    this.geocoded[match?.level ?? 'none']++;
    return match ?? undefined;
  }
}

/** Complains about predictions that cannot be joined. */
function checkJoin(
  truth: TruthTable,
  strangers: readonly string[],
  twice: ReadonlySet<string>,
  total: number,
): void {
  if (strangers.length > 0)
    throw new GeorError(
      'data',
      `${strangers.length} of ${total} predictions have no truth row: ${shownIds(strangers)}`,
      {
        hint: `ids are compared whole; those of the truth look like ${shownIds(truth.ids.slice(0, 3))}`,
      },
    );
  if (twice.size > 0)
    throw new GeorError(
      'data',
      `${twice.size} ids of the predictions occur twice: ${shownIds(twice)}`,
      { hint: 'give one answer per picture, or name the id column with --columns id=NAME' },
    );
}

/**
 * Measures predictions against the truth.
 *
 * @throws GeorError `data` when ids of the predictions repeat or belong to no truth row; `usage` for a
 * contract of names without a geocoder.
 */
export function scorePredictions(
  truth: TruthTable,
  predictions: Iterable<PredictionRow>,
  options: ScoreOptions = {},
): ScoredRows {
  const { distance = 'haversine', contract = 'geo-r', geocode } = options;
  const { n } = truth;
  const distanceBetween = distanceOf(distance);
  const lat = new Float64Array(n).fill(Number.NaN);
  const lon = new Float64Array(n).fill(Number.NaN);
  const distanceKm = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  const missing = readingCode('missing');
  const reading = new Uint8Array(n).fill(missing);
  let confidence: Float64Array | undefined;
  const reader = new AnswerReader(contract, geocode);
  const strangers: string[] = [];
  const twice = new Set<string>();
  let total = 0;
  for (const prediction of predictions) {
    total++;
    const row = truth.rowOf.get(prediction.id);
    if (row === undefined) {
      strangers.push(prediction.id);
      continue;
    }
    if (reading[row] !== missing) twice.add(prediction.id);
    const said = reader.read(prediction);
    reading[row] = readingCode(said.reading);
    if (said.coordinate) {
      lat[row] = said.coordinate.lat;
      lon[row] = said.coordinate.lon;
      distanceKm[row] = distanceBetween(said.coordinate, {
        lat: truth.lat[row]!,
        lon: truth.lon[row]!,
      });
    }
    if (prediction.confidence !== undefined) {
      confidence ??= new Float64Array(n).fill(Number.NaN);
      confidence[row] = prediction.confidence;
    }
  }
  checkJoin(truth, strangers, twice, total);
  return {
    ...{ truth, distance, contract, lat, lon, distanceKm, reading },
    ...(confidence && { confidence }),
    ...(reader.hasReadText && { repairs: reader.repairs }),
    ...(reader.hasGeocoded && { geocoded: reader.geocoded }),
  };
}

/** The rows as they count: under the strict reading, an answer that had to be repaired is none. */
export function countedRows(rows: ScoredRows, reading: ReadingMode = 'tolerant'): ScoredRows {
  if (reading === 'tolerant') return rows;
  const repaired = readingCode('repaired');
  const keep = (values: Float64Array, otherwise: number) =>
    values.map((value, row) => (rows.reading[row] === repaired ? otherwise : value));
  return {
    ...rows,
    lat: keep(rows.lat, Number.NaN),
    lon: keep(rows.lon, Number.NaN),
    distanceKm: keep(rows.distanceKm, Number.POSITIVE_INFINITY),
  };
}
