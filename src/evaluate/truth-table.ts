/**
 * The truth in columns: a million rows as typed arrays and one index of ids.
 * @module
 */
import { isOnGlobe } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { AttributeBuilder, type AttributeColumn } from './attribute-column.ts';
import { shownIds } from './ids.ts';
import type { TruthRow } from './rows.ts';

/** The truth, in the order it was given. */
export interface TruthTable {
  readonly n: number;
  readonly ids: readonly string[];
  /** Row of an id. */
  readonly rowOf: ReadonlyMap<string, number>;
  /** Degrees. */
  readonly lat: Float64Array;
  readonly lon: Float64Array;
  readonly attributes: ReadonlyMap<string, AttributeColumn>;
}

/**
 * Takes in truth rows.
 *
 * @throws GeorError `data` when there are none, ids repeat or a coordinate is off the globe.
 */
export function truthTable(rows: Iterable<TruthRow>): TruthTable {
  const ids: string[] = [];
  const rowOf = new Map<string, number>();
  const twice = new Set<string>();
  const coordinates: number[] = [];
  const attributes = new Map<string, AttributeBuilder>();
  for (const { id, lat, lon, attributes: own } of rows) {
    if (!isOnGlobe(lat, lon))
      throw new GeorError(
        'data',
        `the truth of ${id} is (${lat}, ${lon}), which is no coordinate`,
        {
          hint: 'latitude is in [-90, 90] and longitude in [-180, 180], in degrees',
        },
      );
    if (rowOf.has(id)) twice.add(id);
    rowOf.set(id, ids.length);
    for (const name in own) {
      const column = attributes.get(name) ?? new AttributeBuilder();
      attributes.set(name, column);
      column.set(ids.length, own[name]!);
    }
    ids.push(id);
    coordinates.push(lat, lon);
  }
  if (ids.length === 0)
    throw new GeorError('data', 'there are no truth rows', { hint: 'check the truth file' });
  if (twice.size > 0)
    throw new GeorError('data', `${twice.size} ids of the truth occur twice: ${shownIds(twice)}`, {
      hint: 'give every row an id of its own, or name the id column with --truth-columns id=NAME',
    });
  return {
    n: ids.length,
    ids,
    rowOf,
    lat: Float64Array.from(ids, (_, i) => coordinates[2 * i]!),
    lon: Float64Array.from(ids, (_, i) => coordinates[2 * i + 1]!),
    attributes: new Map([...attributes].map(([name, column]) => [name, column.column(ids.length)])),
  };
}
