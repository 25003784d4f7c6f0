/**
 * Results by group: continent, scene class, locatability, or any column of the truth.
 *
 * Few different values are a group each. Many numbers are put into five buckets of about equal size,
 * or into buckets of a given width.
 *
 * Scene classes: column `S3_Label` of the Places365 annotations that come with the truth files of
 * TransLocator (Pramanick et al., ECCV 2022): 0 indoor, 1 natural, 2 urban. Locatability: GeoSeek-Val
 * (GeoAgent) has a score from 0 to 10 for every picture.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { AttributeColumn } from './attribute-column.ts';
import { type AccuracyFigures, accuracyFigures, type FigureOptions } from './figures.ts';

/** A column to break results down by. */
export interface Grouping {
  /** Name of the column; `continent` and `country` are resolved from the truth's coordinates. */
  readonly column: string;
  /** Width of the buckets that its numbers are put into. */
  readonly bucketWidth?: number;
}

/** The figures of one group. */
export interface GroupFigures extends AccuracyFigures {
  readonly group: string;
}

/** The figures of every group of a column. */
export interface Breakdown {
  readonly by: string;
  readonly groups: readonly GroupFigures[];
}

/** Names of the classes of `S3_Label`. */
export const SCENE_CLASSES: Readonly<Record<string, string>> = {
  0: 'indoor',
  1: 'natural',
  2: 'urban',
};

/** The column of scene classes in TransLocator's truth files, in lower case. */
export const SCENE_COLUMN = 's3_label';

/** The column of locatability scores, in lower case. */
export const LOCATABILITY_COLUMN = 'locatability';

/** Up to so many different numbers are a group each; columns of labels always are. */
const MAX_SINGLE_NUMBERS = 24;
const MAX_GROUPS = 500;
const BUCKETS = 5;
/** How rows without a value are called. */
const UNKNOWN = '(none)';

/** A group of rows: what it is called, and what it is sorted by. */
interface Group {
  readonly name: string;
  readonly order: number;
}

const short = (value: number): string => String(Number(value.toPrecision(6)));

function bucketsOfWidth(numbers: readonly number[], width: number): Group[] {
  return numbers.map((value) => {
    const index = Math.floor(value / width);
    return { name: `${short(index * width)} to < ${short((index + 1) * width)}`, order: index };
  });
}

/** Buckets between quantiles of the rows, so that each holds about as many. */
function equalBuckets(numbers: readonly number[], codes: Uint32Array): Group[] {
  const rows = Float64Array.from(
    codes.filter((code) => code > 0),
    (code) => numbers[code - 1]!,
  );
  rows.sort();
  const edges = Array.from(
    { length: BUCKETS + 1 },
    (_, i) => rows[Math.min(rows.length - 1, Math.floor((i * rows.length) / BUCKETS))]!,
  );
  return numbers.map((value) => {
    let index = 0;
    while (index < BUCKETS - 1 && value >= edges[index + 1]!) index++;
    const last = index === BUCKETS - 1;
    const name = `${short(edges[index]!)} to ${last ? '' : '< '}${short(edges[index + 1]!)}`;
    return { name, order: index };
  });
}

/** The group of each code of a column; code 0 is left out. */
function groupsOf({ codes, values }: AttributeColumn, { column, bucketWidth }: Grouping): Group[] {
  const own = values.slice(1);
  const numbers = own.map(Number);
  const isNumeric = numbers.every(Number.isFinite);
  if (bucketWidth !== undefined) {
    if (!isNumeric)
      throw new GeorError('usage', `column ${column} holds text, which has no bucket width`, {
        hint: `write the column alone: --by ${column}`,
      });
    return bucketsOfWidth(numbers, bucketWidth);
  }
  const isLabel = /label$/i.test(column);
  if (isNumeric && own.length > MAX_SINGLE_NUMBERS && !isLabel) return equalBuckets(numbers, codes);
  if (own.length > MAX_GROUPS)
    throw new GeorError('usage', `column ${column} has ${own.length} different values`, {
      hint: `break down by a column with at most ${MAX_GROUPS} values`,
    });
  const isScene = column.toLowerCase() === SCENE_COLUMN;
  return own.map((value, i) => ({
    name: (isScene && SCENE_CLASSES[value]) || value,
    order: isNumeric ? numbers[i]! : 0,
  }));
}

/**
 * Figures per group of a column.
 *
 * @param distancesKm - per row, `Infinity` for no answer
 * @throws GeorError `usage` for a column of too many texts, or a bucket width for texts.
 */
export function breakdown(
  column: AttributeColumn,
  distancesKm: Float64Array,
  grouping: Grouping,
  options: FigureOptions = {},
): Breakdown {
  const groups = [
    { name: UNKNOWN, order: Number.POSITIVE_INFINITY },
    ...groupsOf(column, grouping),
  ];
  const sizes = new Map<string, number>();
  for (const code of column.codes) {
    const { name } = groups[code]!;
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
  }
  const distances = new Map([...sizes].map(([name, n]) => [name, new Float64Array(n)]));
  const filled = new Map<string, number>();
  column.codes.forEach((code, row) => {
    const { name } = groups[code]!;
    const at = filled.get(name) ?? 0;
    distances.get(name)![at] = distancesKm[row]!;
    filled.set(name, at + 1);
  });
  const named = new Map(groups.map((group) => [group.name, group]));
  const order = (a: Group, b: Group) =>
    (a.order === b.order ? 0 : a.order - b.order) ||
    sizes.get(b.name)! - sizes.get(a.name)! ||
    (a.name < b.name ? -1 : 1);
  return {
    by: grouping.column,
    groups: [...named.values()]
      .filter(({ name }) => sizes.has(name))
      .sort(order)
      .map(({ name }) => ({ group: name, ...accuracyFigures(distances.get(name)!, options) })),
  };
}
