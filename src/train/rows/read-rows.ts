/**
 * Inputs to rows to train on. What cannot be used is given back with its reason; the rest goes on.
 * @module
 */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GeorError } from '../../core/index.ts';
import {
  type ColumnNames,
  isEarthAddress,
  loadEarth,
  openFile,
  parseEarthAddress,
  readEarth,
  type Source,
  type SourceRow,
} from '../../data/index.ts';
import { type Gazetteer, reverseGeocode } from '../../geo/index.ts';
import { givenEntities, givenTurn } from './given-turn.ts';
import type { LeftOut, PictureOrigin, TrainingRow } from './training-row.ts';

/** How inputs are read. */
export interface ReadRowsOptions {
  readonly gazetteer: Gazetteer;
  /** What the columns are called, where not as usual. */
  readonly columns?: ColumnNames;
  /** Folder that the paths of pictures start from. Default: the folder of the file of rows. */
  readonly photos?: string;
  /** Of an `earth:` address that does not say it. */
  readonly seed: number;
  /** Rows at most. */
  readonly limit?: number;
  /** Whether the id of an earlier row is a failure: answers are joined to truth by it. */
  readonly unique?: boolean;
}

/** What was read. */
export interface ReadRows {
  readonly rows: readonly TrainingRow[];
  readonly leftOut: readonly LeftOut[];
}

/** Land points of an `earth:` address that names no number. */
const EARTH_COUNT = 1000;

/** The columns that pictures are looked for in, best first. */
const PICTURE_COLUMNS = ['image', 'images', 'photo', 'path'];

/**
 * Reads inputs one after the other: CSV, JSONL and Parquet files, folders of photographs, `earth:`.
 *
 * @throws GeorError `data` or `usage` when an input is missing, unknown, or names no pictures
 */
export async function readRows(
  inputs: readonly string[],
  options: ReadRowsOptions,
): Promise<ReadRows> {
  const rows: TrainingRow[] = [];
  const leftOut: LeftOut[] = [];
  const { gazetteer, limit = Number.POSITIVE_INFINITY, unique = false } = options;
  const ids = new Set<string>();
  for (const input of inputs) {
    const { source, pictureOf } = await openInput(input, options);
    for await (const items of source) {
      for (const item of items) {
        if (rows.length >= limit) return { rows, leftOut };
        const { source: name, line, id } = item;
        const at = { source: name, line, ...(id !== undefined && { id }) };
        if (item.kind === 'failure') {
          leftOut.push({ ...at, code: item.code, reason: item.reason });
          continue;
        }
        const place = reverseGeocode(gazetteer, item.lat, item.lon);
        const picture = pictureOf(item);
        if (!place)
          leftOut.push({ ...at, code: 'no-country', reason: 'open sea, or nobody’s land' });
        else if (typeof picture === 'string')
          leftOut.push({ ...at, code: 'photo', reason: picture });
        else if (unique && ids.has(item.id))
          leftOut.push({
            ...at,
            code: 'duplicate-id',
            reason: `the id ${item.id} was there before`,
          });
        else {
          ids.add(item.id);
          rows.push(rowOf(item, place, picture));
        }
      }
    }
  }
  return { rows, leftOut };
}

function rowOf(
  { id, source, line, lat, lon, raw, entities = givenEntities(raw) }: SourceRow,
  place: TrainingRow['place'],
  picture: PictureOrigin,
): TrainingRow {
  const given = givenTurn(raw);
  return {
    ...{ id, source, line, lat, lon, place, picture },
    ...(entities && { entities }),
    ...(given && { given }),
  };
}

interface OpenedInput {
  readonly source: Source;
  /** Where a row's picture is, or why there is none. */
  readonly pictureOf: (row: SourceRow) => PictureOrigin | string;
}

async function openInput(input: string, options: ReadRowsOptions): Promise<OpenedInput> {
  const { gazetteer, columns = {}, seed } = options;
  if (isEarthAddress(input)) {
    const points = parseEarthAddress(input, { count: EARTH_COUNT, seed });
    return {
      source: readEarth(points, gazetteer, loadEarth()),
      pictureOf: () => ({ kind: 'tile' }),
    };
  }
  const isFolder = statSync(input, { throwIfNoEntry: false })?.isDirectory() === true;
  const photo = isFolder ? undefined : (columns.photo ?? (await pictureColumn(input, columns)));
  const folder = options.photos ?? dirname(input);
  return {
    source: openFile(input, photo === undefined ? columns : { ...columns, photo }),
    pictureOf: (row) =>
      row.photo === undefined
        ? 'the row names no picture'
        : { kind: 'photo', path: resolve(folder, row.photo) },
  };
}

/** The column of pictures in a file: the first usual one that its first row has. */
async function pictureColumn(path: string, columns: ColumnNames): Promise<string> {
  for (const photo of PICTURE_COLUMNS) {
    try {
      for await (const [first] of openFile(path, { ...columns, photo })) {
        if (first?.kind === 'row' && first.photo) return photo;
        if (first) break;
      }
    } catch (error) {
      // another column may be there; a file that cannot be read at all says so when it is read
      if (!(error instanceof GeorError) || !/^there is no column/.test(error.message)) throw error;
    }
  }
  throw new GeorError('data', `the rows of ${path} name no pictures`, {
    hint: `paths stand in a column ${PICTURE_COLUMNS.join(', ')}, or in the one that columns names`,
  });
}
