/**
 * From sources to written rows, in the order of the input and with bounded memory.
 *
 * A few batches are under way at a time; each is given out when all before it have been.
 * @module
 */
import { sha256 } from '../../core/node/index.ts';
import type { PlaceNames } from '../../geo/index.ts';
import type { RowFailure, Source, SourceItem, SourceRow } from '../sources/row.ts';
import { IdSet } from './id-set.ts';
import type { PictureMaker, RowPicture } from './pictures.ts';
import type { Rendered, RenderJob } from './render.ts';
import type { RenderPool } from './render-pool.ts';

/** One input with the way to its pictures, where rows have any. */
export interface SynthesisInput {
  readonly source: Source;
  readonly pictures?: PictureMaker | undefined;
}

/** What came of some consecutive items. */
export interface Chunk {
  /** Items of the input in this chunk: its rows and its failures. */
  readonly items: number;
  /** Rows among them that were written. */
  readonly rows: number;
  readonly rendered: Rendered;
  readonly failures: readonly RowFailure[];
  readonly pictures: readonly RowPicture[];
}

/** Which items to take. */
export interface FlowOptions {
  /** Items at the beginning that are done: they are read, but not written. */
  readonly skip: number;
  /** Stop after this many items, skipped ones included. */
  readonly limit: number;
}

/** With pictures in memory batches have to be small. */
const BATCH_PICTURES = 64;
const PICTURES_AT_ONCE = 8;

/** An item after its picture was made and its id compared: a row to write, or a failure. */
type Checked = { readonly row: SourceRow; readonly picture?: RowPicture } | RowFailure;

/** Gives what the inputs make, chunk by chunk. */
export async function* renderInputs(
  inputs: readonly SynthesisInput[],
  pool: RenderPool,
  options: FlowOptions,
): AsyncGenerator<Chunk> {
  const underway: Promise<Chunk>[] = [];
  try {
    for await (const { items, pictures } of newItems(inputs, options)) {
      const chunk = chunkOf(items, pool, pictures);
      chunk.catch(() => {}); // awaited below, in its turn
      underway.push(chunk);
      if (underway.length >= pool.depth) yield await underway.shift()!;
    }
    while (underway.length > 0) yield await underway.shift()!;
  } finally {
    await Promise.allSettled(underway);
  }
}

interface Batch {
  readonly items: readonly SourceItem[];
  readonly pictures: PictureMaker | undefined;
}

/** The items behind the skipped ones, up to the limit; an id that was there before is a failure. */
async function* newItems(
  inputs: readonly SynthesisInput[],
  { skip, limit }: FlowOptions,
): AsyncGenerator<Batch> {
  const seen = new IdSet();
  let count = 0;
  for (const { source, pictures } of inputs) {
    for await (const batch of source) {
      const taken = batch.slice(0, limit - count);
      const checked = taken.map((item) => (item.kind === 'row' ? unlessSeen(item, seen) : item));
      const fresh = checked.slice(Math.max(0, skip - count));
      count += taken.length;
      const step = pictures ? BATCH_PICTURES : fresh.length;
      for (let i = 0; i < fresh.length; i += step)
        yield { items: fresh.slice(i, i + step), pictures };
      if (count >= limit) return;
    }
  }
}

/** The row, or a failure when its id was there before. */
function unlessSeen(row: SourceRow, seen: IdSet): SourceItem {
  const { source, line, id, raw } = row;
  if (seen.add(id)) return row;
  const isMade = id === sha256(raw).slice(0, 16);
  const reason = isMade ? 'an earlier row is the same' : `an earlier row has the id ${id}`;
  return { kind: 'failure', source, line, code: 'duplicate-id', reason, id, raw };
}

async function chunkOf(
  items: readonly SourceItem[],
  pool: RenderPool,
  pictures: PictureMaker | undefined,
): Promise<Chunk> {
  const checked = pictures
    ? await mapInOrder(items, PICTURES_AT_ONCE, (item) => withPicture(item, pictures))
    : items.map((item): Checked => (item.kind === 'row' ? { row: item } : item));
  const kept = checked.filter((item) => 'row' in item);
  const rendered = await pool.render(jobOf(kept, pictures !== undefined));
  const isWithoutCountry = new Set(rendered.withoutCountry.map((index) => kept[index]));
  const failures: RowFailure[] = [];
  const made: RowPicture[] = [];
  for (const item of checked) {
    if (!('row' in item)) failures.push(item);
    else if (isWithoutCountry.has(item)) failures.push(withoutCountry(item.row));
    else if (item.picture) made.push(item.picture);
  }
  const rows = items.length - failures.length;
  return { items: items.length, rows, rendered, failures, pictures: made };
}

function withoutCountry({ source, line, lat, lon, id, raw }: SourceRow): RowFailure {
  const reason = `no country at ${lat}, ${lon}: open sea, or nobody's land`;
  return { kind: 'failure', source, line, code: 'no-country', reason, id, raw };
}

async function withPicture(item: SourceItem, pictures: PictureMaker): Promise<Checked> {
  if (item.kind === 'failure') return item;
  const picture = await pictures(item);
  if (typeof picture !== 'string') return { row: item, picture };
  const { source, line, id, raw } = item;
  return { kind: 'failure', source, line, code: 'photo', reason: picture, id, raw };
}

function jobOf(
  kept: readonly { readonly row: SourceRow; readonly picture?: RowPicture }[],
  hasImages: boolean,
): RenderJob {
  const labels = kept.map(({ row }) => row.labels);
  const entities = kept.map(({ row }) => row.entities);
  return {
    ids: kept.map(({ row }) => row.id),
    lats: Float64Array.from(kept, ({ row }) => row.lat),
    lons: Float64Array.from(kept, ({ row }) => row.lon),
    ...(hasImages && { images: kept.map(({ picture }) => picture?.path) }),
    ...(entities.some((names) => names !== undefined) && { entities }),
    ...(labels.some((label) => label !== undefined) && {
      labels: labels as (PlaceNames | undefined)[],
    }),
  };
}

/** Applies `work` to every item, a few at once; the results are in the order of the items. */
async function mapInOrder<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
