/**
 * Joins predictions to the truth and measures each.
 *
 * Ids are joined whole: two pictures can share author, coordinate and the start of their name.
 * @module
 */
import { type Answer, type AnswerContract, isOnGlobe, parseAnswer } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { type Coordinate, haversineKm } from '../geo/index.ts';
import type { PredictionRow, TruthRow } from './rows.ts';

/** One truth row with what was answered. */
export interface JudgedRow {
  readonly id: string;
  readonly truth: Coordinate;
  readonly coordinate?: Coordinate;
  /** Kilometres to the truth; `Infinity` where there is no readable coordinate. */
  readonly distanceKm: number;
  /** How the completion was read; absent where there was none or it was not needed. */
  readonly answer?: Answer;
}

const shown = (ids: readonly string[]): string =>
  `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ` and ${ids.length - 3} more` : ''}`;

/** Rows by id. */
function byId<T extends { readonly id: string }>(rows: readonly T[], what: string): Map<string, T> {
  const found = new Map<string, T>();
  const twice = new Set<string>();
  for (const row of rows) {
    if (found.has(row.id)) twice.add(row.id);
    found.set(row.id, row);
  }
  if (twice.size > 0)
    throw new GeorError(
      'data',
      `${twice.size} ids of the ${what} occur twice: ${shown([...twice])}`,
      {
        hint: 'give every row an id of its own, or name the id column with --columns id=NAME',
      },
    );
  return found;
}

function coordinateOf(row: PredictionRow, answer: Answer | undefined): Coordinate | undefined {
  const { lat, lon } = row;
  if (lat !== undefined && lon !== undefined) return isOnGlobe(lat, lon) ? { lat, lon } : undefined;
  return answer?.coordinate;
}

/**
 * One judged row per truth row, in the order of the truth.
 *
 * @throws GeorError `data` when ids repeat, a truth row is off the globe, there is no truth, or a
 * prediction belongs to no truth row.
 */
export function judgePredictions(
  truth: readonly TruthRow[],
  predictions: readonly PredictionRow[],
  contract: AnswerContract = 'geo-r',
): JudgedRow[] {
  if (truth.length === 0)
    throw new GeorError('data', 'there are no truth rows', { hint: 'check the truth file' });
  const known = byId(truth, 'truth');
  const said = byId(predictions, 'predictions');
  const strangers = [...said.keys()].filter((id) => !known.has(id));
  if (strangers.length > 0)
    throw new GeorError(
      'data',
      `${strangers.length} of ${said.size} predictions have no truth row: ${shown(strangers)}`,
      { hint: `ids are compared whole; those of the truth look like ${shown([...known.keys()])}` },
    );
  return truth.map(({ id, lat, lon }): JudgedRow => {
    if (!isOnGlobe(lat, lon))
      throw new GeorError(
        'data',
        `the truth of ${id} is (${lat}, ${lon}), which is no coordinate`,
        {
          hint: 'latitude is in [-90, 90] and longitude in [-180, 180], in degrees',
        },
      );
    const row = said.get(id);
    const needsText =
      row?.completion !== undefined && (row.lat === undefined || row.lon === undefined);
    const answer = needsText ? parseAnswer(row.completion, contract) : undefined;
    const coordinate = row && coordinateOf(row, answer);
    const at = { lat, lon };
    return {
      id,
      truth: at,
      distanceKm: coordinate ? haversineKm(coordinate, at) : Number.POSITIVE_INFINITY,
      ...(coordinate && { coordinate }),
      ...(answer && { answer }),
    };
  });
}
