/**
 * A folder of photographs as rows: where each was taken comes from its EXIF, as truth.
 *
 * Every file of `filesBelow` is a row or a failure with its reason.
 * @module
 */

import { resolve } from 'node:path';
import { sha256 } from '../../core/node/index.ts';
import { photoTruth } from '../guard/photo-truth.ts';
import { type FoundFile, filesBelow, type PictureBytes, readPicture } from './picture-files.ts';
import { type FailureCode, type Position, rowFrom, type Source, type SourceItem } from './row.ts';

const BATCH_ROWS = 64;

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

async function rowOf(position: Position, folder: string, found: FoundFile): Promise<SourceItem> {
  const photo = resolve(folder, found.name);
  const fail = (code: FailureCode, reason: string): SourceItem => ({
    ...{ kind: 'failure', ...position, code },
    reason: `${found.name || folder}: ${reason}`,
    raw: JSON.stringify({ photo }),
  });
  if (found.trouble !== undefined) return fail('unreadable', found.trouble);
  let picture: PictureBytes;
  try {
    picture = await readPicture(photo);
  } catch (error) {
    return fail('unreadable', reasonOf(error));
  }
  const { bytes } = picture;
  if (!bytes) return fail('photo', picture.reason);
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
  for await (const found of filesBelow(folder)) {
    batch.push(await rowOf({ source: folder, line: ++line }, folder, found));
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
