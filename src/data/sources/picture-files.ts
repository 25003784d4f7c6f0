/**
 * The files of a folder of photographs, and their bytes.
 *
 * Folders below are read too. Names that begin with a dot are passed over, as everywhere. The order
 * is that of the paths, byte by byte, so it is the same on every machine. Links are followed, except
 * back into a folder that holds them.
 * @module
 */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FORMAT_BYTES, photoFormat } from '../guard/photo-format.ts';

/** Larger files are refused: they would have to be held in memory, and no photograph is larger. */
const MAX_FILE_BYTES = 2 ** 29;

/** A file, or what stands where one was looked for. */
export interface FoundFile {
  /** Path below the folder, with `/`. */
  readonly name: string;
  /** Why it cannot be read. */
  readonly trouble?: string;
}

/** What a file holds: a picture's bytes, or why there are none. */
export type PictureBytes =
  | { readonly bytes: Uint8Array; readonly reason?: never }
  | { readonly bytes?: never; readonly reason: string };

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The files below a folder in the order of their paths. */
export const filesBelow = (folder: string): AsyncGenerator<FoundFile> =>
  walk(folder, '', new Set());

async function* walk(
  root: string,
  below: string,
  holders: ReadonlySet<string>,
): AsyncGenerator<FoundFile> {
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
    else if (isFolder) yield* walk(root, path, new Set([...holders, self]));
    else if (found.isFile()) yield { name: path };
    else yield { name: path, trouble: 'neither a file nor a folder' };
  }
}

/** Whether a file begins like a picture; an empty one may have been meant as one. */
export async function looksLikePicture(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const start = Buffer.alloc(FORMAT_BYTES);
    const { bytesRead } = await file.read(start, 0, FORMAT_BYTES, 0);
    return bytesRead === 0 || photoFormat(start.subarray(0, bytesRead)) !== undefined;
  } finally {
    await file.close();
  }
}

/** A picture's bytes; of files that are no pictures no more than the beginning is read. */
export async function readPicture(path: string): Promise<PictureBytes> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size === 0) return { reason: 'it is empty' };
    if (size > MAX_FILE_BYTES) return { reason: `it is larger than ${MAX_FILE_BYTES} bytes` };
    const start = Buffer.alloc(FORMAT_BYTES);
    const { bytesRead } = await file.read(start, 0, FORMAT_BYTES, 0);
    if (!photoFormat(start.subarray(0, bytesRead))) return { reason: 'it is no picture' };
    return { bytes: await file.readFile() };
  } finally {
    await file.close();
  }
}
