/**
 * A folder of photographs as rows: where each was taken comes from its EXIF, as truth.
 *
 * Folders below are read too. Names that begin with a dot are passed over, as everywhere; every
 * other file is a row or a failure with its reason. The order is that of the paths, byte by byte, so
 * it is the same on every machine. Links are followed, except back into a folder that holds them.
 * @module
 */

import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sha256 } from '../../core/node/index.ts';
import { FORMAT_BYTES, photoFormat } from '../guard/photo-format.ts';
import { photoTruth } from '../guard/photo-truth.ts';
import { type FailureCode, type Position, rowFrom, type Source, type SourceItem } from './row.ts';

/** Larger files are refused: they would have to be held in memory, and no photograph is larger. */
const MAX_FILE_BYTES = 2 ** 29;

const BATCH_ROWS = 64;

/** A file, or what stands where one was looked for. */
interface Found {
  /** Path below the folder, with `/`. */
  readonly name: string;
  readonly trouble?: string;
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The files below a folder in the order of their paths. */
async function* filesBelow(
  root: string,
  below: string,
  holders: ReadonlySet<string>,
): AsyncGenerator<Found> {
  const folder = join(root, below);
  let names: string[];
  let self: string;
  try {
    self = await realpath(folder);
    names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  } catch (error) {
    yield { name: below, trouble: `the folder cannot be read: ${reasonOf(error)}` };
    return;
  }
  if (holders.has(self)) {
    yield { name: below, trouble: 'a link to a folder that holds it' };
    return;
  }
  const entries = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch(reasonOf);
      const isFolder = typeof found !== 'string' && found.isDirectory();
      // Below a folder everything has a slash behind its name, which sorts after a dot.
      return { name, found, isFolder, key: Buffer.from(isFolder ? `${name}/` : name) };
    }),
  );
  entries.sort((a, b) => Buffer.compare(a.key, b.key));
  for (const { name, found, isFolder } of entries) {
    const path = below ? `${below}/${name}` : name;
    if (typeof found === 'string') yield { name: path, trouble: found };
    else if (isFolder) yield* filesBelow(root, path, new Set([...holders, self]));
    else if (found.isFile()) yield { name: path };
    else yield { name: path, trouble: 'neither a file nor a folder' };
  }
}

/** A picture's bytes, or why there are none; files that are no pictures are not read further. */
async function readPicture(path: string): Promise<Buffer | string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) return 'it is empty';
    if (size > MAX_FILE_BYTES) return `it is larger than ${MAX_FILE_BYTES} bytes`;
    const start = Buffer.alloc(FORMAT_BYTES);
    const { bytesRead } = await file.read(start, 0, FORMAT_BYTES, 0);
    if (!photoFormat(start.subarray(0, bytesRead))) return 'it is no picture';
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function rowOf(position: Position, folder: string, found: Found): Promise<SourceItem> {
  const photo = resolve(folder, found.name);
  const fail = (code: FailureCode, reason: string): SourceItem => ({
    ...{ kind: 'failure', ...position, code },
    reason: `${found.name || folder}: ${reason}`,
    raw: JSON.stringify({ photo }),
  });
  if (found.trouble !== undefined) return fail('unreadable', found.trouble);
  let bytes: Buffer | string;
  try {
    bytes = await readPicture(photo);
  } catch (error) {
    return fail('unreadable', reasonOf(error));
  }
  if (typeof bytes === 'string') return fail('photo', bytes);
  const truth = await photoTruth(bytes);
  if (truth.kind === 'none') return fail(truth.code, truth.reason);
  const { lat, lon } = truth;
  const id = sha256(bytes).slice(0, 16);
  return rowFrom(position, { id, lat, lon, photo, raw: JSON.stringify({ id, lat, lon, photo }) });
}

/**
 * The photographs of a folder, with the coordinates that their cameras wrote.
 *
 * A row's id is made from the bytes of its file, never from its name, which may tell the place; its
 * record is a line of JSON that the JSONL source reads. `line` counts the files.
 */
export async function* readPhotoFolder(folder: string): Source {
  let line = 0;
  let batch: SourceItem[] = [];
  for await (const found of filesBelow(folder, '', new Set())) {
    batch.push(await rowOf({ source: folder, line: ++line }, folder, found));
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
