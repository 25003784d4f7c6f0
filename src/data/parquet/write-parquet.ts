/**
 * Writes rows to a Parquet file, a row group at a time.
 *
 * No more than one row group is held, however many rows come. The file appears when it is complete,
 * so one that is there is whole; the same rows give the same bytes. Compressed with Snappy, which
 * every reader opens.
 * @module
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ParquetColumns, type ParquetRow, schemaElements } from './schema.ts';

/** How to write. */
export interface WriteParquetOptions {
  /** Rows held and written together; 10,000 by default. */
  readonly rowGroupRows?: number;
}

/**
 * Writes a Parquet file, and its folder.
 *
 * @param columns - what the rows hold; rows are checked against it by the compiler
 * @returns the number of rows
 * @throws Error when a row does not fit its columns, or of `rows`; the file is then not there
 */
export async function writeParquet<const S extends ParquetColumns>(
  path: string,
  columns: S,
  rows: Iterable<NoInfer<ParquetRow<S>>> | AsyncIterable<NoInfer<ParquetRow<S>>>,
  { rowGroupRows = 10_000 }: WriteParquetOptions = {},
): Promise<number> {
  const { ParquetWriter, fileWriter } = await import('hyparquet-writer');
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  let count = 0;
  let group: Readonly<Record<string, unknown>>[] = [];
  try {
    const schema = schemaElements(columns);
    const file = new ParquetWriter({ writer: fileWriter(partial), schema, createdBy: 'geor' });
    const flush = async (): Promise<void> => {
      const names = Object.keys(columns);
      const columnData = names.map((name) => ({ name, data: group.map((row) => row[name]) }));
      await file.write({ columnData, rowGroupSize: group.length });
      count += group.length;
      group = [];
    };
    for await (const row of rows) {
      group.push(row);
      if (group.length >= rowGroupRows) await flush();
    }
    if (group.length > 0) await flush();
    await file.finish();
    const handle = openSync(partial, 'r+');
    fsyncSync(handle);
    closeSync(handle);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
  return count;
}
