/**
 * Coordinates from Parquet, a row group at a time.
 *
 * Columns are found by the names that CSV columns are found by. Columns of raw bytes (embedded
 * pictures, geometries) are not read, and are not in a row's record. What is damaged in a row group
 * is one failure, and the groups after it are read; a file that is cut off is refused as a whole,
 * since its index stands at the end.
 *
 * Memory: one row group (pyarrow writes a million rows into one), or 65,536 rows where the file has
 * a page index.
 *
 * Limit: the reader believes the counts in a page's header. A file whose pages were altered without
 * changing its index can keep it busy for ever; most damage there is found as a failure.
 * @module
 */
import type { AsyncBuffer, FileMetaData, ParquetScan, RowGroup, SchemaTree } from 'hyparquet';
import { GeorError } from '../../core/index.ts';
import type { PlaceNames } from '../../geo/index.ts';
import { checkCodecs, decompressors } from '../parquet/codecs.ts';
import { type ColumnNames, type ColumnRole, findColumns, LABEL_ROLES } from './columns.ts';
import { type Position, rowFrom, type Source, type SourceItem } from './row.ts';

const BATCH_ROWS = 1024;

/** Rows unpacked at once where the file allows it. */
const WINDOW_ROWS = 1 << 16;

const MAGIC = 'PAR1';

const isMagic = (bytes: ArrayBuffer): boolean => Buffer.from(bytes).toString('latin1') === MAGIC;

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Refuses what is no Parquet file, or is one no longer. */
async function checkEnds(path: string, file: AsyncBuffer): Promise<void> {
  const size = file.byteLength;
  if (size < 12 || !isMagic(await file.slice(0, 4))) {
    throw new GeorError('data', `${path} is not a Parquet file`, {
      hint: `a Parquet file begins and ends with the letters ${MAGIC}`,
    });
  }
  if (!isMagic(await file.slice(size - 4, size))) {
    throw new GeorError('data', `${path} is cut off: the index at its end is missing`, {
      hint: 'copy it again from where it came; no row can be read without the index',
    });
  }
}

/** Whether all of a column can be read as text, numbers or truth values, or lists of them. */
function isReadable({ element, children }: SchemaTree): boolean {
  if (children.length > 0) return children.every(isReadable);
  const { type, logical_type, converted_type } = element;
  if (type !== 'BYTE_ARRAY' && type !== 'FIXED_LEN_BYTE_ARRAY') return true;
  const meaning = logical_type?.type ?? converted_type;
  return ['STRING', 'UTF8', 'ENUM', 'JSON', 'DECIMAL', 'UUID', 'FLOAT16'].includes(meaning ?? '');
}

/** A value as JSON has it: whole numbers too large for it become text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Rows `from` to `to` of what was read. */
function itemsOf(
  position: Position,
  columns: ReadonlyMap<string, ArrayLike<unknown>>,
  names: ColumnNames,
  from: number,
  to: number,
): SourceItem[] {
  const levels = LABEL_ROLES.filter((role) => names[role] !== undefined);
  const items: SourceItem[] = [];
  for (let i = from; i < to; i++) {
    const record: Record<string, unknown> = {};
    for (const [name, values] of columns) record[name] = plain(values[i]);
    const of = (role: ColumnRole): unknown => {
      const name = names[role];
      return name === undefined ? undefined : record[name];
    };
    const textOf = (role: ColumnRole): string => {
      const found = of(role);
      return typeof found === 'string' ? found.trim() : '';
    };
    const labels: PlaceNames = Object.fromEntries(levels.map((role) => [role, textOf(role)]));
    const item = rowFrom(
      { source: position.source, line: position.line + i },
      {
        ...{ lat: of('lat'), lon: of('lon'), id: of('id'), photo: textOf('photo') },
        labels: levels.length > 0 ? labels : undefined,
        raw: JSON.stringify(record),
      },
    );
    items.push(item);
  }
  return items;
}

/** A column to read; decimals have their digits behind the point. */
interface Column {
  readonly name: string;
  readonly decimals?: number | undefined;
}

/** Columns from one row to another, all of the same length. */
async function readColumns(
  scan: ParquetScan,
  columns: readonly Column[],
  rowStart: number,
  rowEnd: number,
): Promise<Map<string, ArrayLike<unknown>>> {
  const read = new Map<string, ArrayLike<unknown>>();
  for (const { name, decimals } of columns) {
    const values = await scan.readColumn({ column: name, rowStart, rowEnd });
    if (values.length !== rowEnd - rowStart) {
      throw new Error(`column ${name} has ${values.length} values for ${rowEnd - rowStart} rows`);
    }
    // The reader multiplies by a power of ten, which is off in the last bit.
    const exact = (value: unknown): unknown =>
      typeof value === 'number' ? Number(value.toFixed(decimals)) : value;
    read.set(name, decimals === undefined ? values : Array.from(values, exact));
  }
  return read;
}

/**
 * Whether the file says where the pages of its columns begin, so that a row group can be unpacked in
 * parts. Without that every part would be unpacked from the beginning of its group.
 */
function hasPageIndex(group: RowGroup, columns: readonly string[]): boolean {
  return group.columns.every(
    ({ meta_data, offset_index_length }) =>
      !columns.includes(meta_data?.path_in_schema[0] ?? '') || offset_index_length,
  );
}

/** What can be read of a file and what it is called. */
function columnsToRead(
  path: string,
  children: readonly SchemaTree[],
  chosen: ColumnNames,
): { names: ColumnNames; columns: Column[] } {
  const all = children.map(({ element }) => element.name);
  const names = findColumns(all, chosen);
  if (names.lat === undefined || names.lon === undefined) {
    throw new GeorError('data', `${path} has no column for latitude and longitude`, {
      hint: `the columns are: ${all.join(', ')}; name them with --columns lat=NAME,lon=NAME`,
    });
  }
  const wanted = Object.values(names);
  const columns = children
    .filter((child) => isReadable(child) || wanted.includes(child.element.name))
    .map(({ element: { name, converted_type, scale = 0 } }) => ({
      name,
      decimals: converted_type === 'DECIMAL' ? scale : undefined,
    }));
  return { names, columns };
}

/**
 * Reads a Parquet file; `line` counts its rows from 1.
 *
 * @throws GeorError `data` when it is no whole Parquet file, has no latitude and longitude, or is
 *   compressed in a way that cannot be opened
 */
export async function* readParquet(path: string, chosen: ColumnNames = {}): Source {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetScan, parquetSchema } = await import(
    'hyparquet'
  );
  const file = await asyncBufferFromFile(path);
  await checkEnds(path, file);
  let metadata: FileMetaData;
  let children: readonly SchemaTree[];
  try {
    metadata = await parquetMetadataAsync(file, { geoparquet: false });
    ({ children } = parquetSchema(metadata));
  } catch (cause) {
    throw new GeorError('data', `${path} is damaged: its index cannot be read`, {
      hint: 'copy it again from where it came',
      cause,
    });
  }
  const { names, columns } = columnsToRead(path, children, chosen);
  const wanted = columns.map(({ name }) => name);
  checkCodecs(path, metadata, wanted);
  let start = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const end = start + Number(group.num_rows);
    const step = hasPageIndex(group, wanted) ? WINDOW_ROWS : end - start;
    for (let from = start; from < end; from += step) {
      const to = Math.min(from + step, end);
      const position = { source: path, line: from + 1 };
      let read: ReadonlyMap<string, ArrayLike<unknown>>;
      try {
        // A scan keeps what it read, so each part has its own.
        const scan = await parquetScan({
          file,
          metadata,
          columns: wanted,
          compressors: decompressors,
        });
        read = await readColumns(scan, columns, from, to);
      } catch (error) {
        const rows = `rows ${from + 1} to ${end} (row group ${index + 1})`;
        const reason = `${rows} cannot be read: ${reasonOf(error)}`;
        yield [{ kind: 'failure', ...position, code: 'unreadable', reason }];
        break;
      }
      for (let i = 0; i < to - from; i += BATCH_ROWS) {
        yield itemsOf(position, read, names, i, Math.min(i + BATCH_ROWS, to - from));
      }
    }
    start = end;
  }
}
