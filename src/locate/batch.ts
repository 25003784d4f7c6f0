/**
 * Many pictures: so many at once, each a row, whatever becomes of the others.
 * @module
 */
import { GeorError } from '../core/index.ts';
import type { Backend, GuardedPicture } from './backend.ts';
import { completeSettings, type LocateOptions, locatePhoto } from './locate-photo.ts';
import { failedRow, type LocateRow, locatedRow, type RowSettings, rowKey } from './row.ts';

/** A picture to locate, opened when its turn comes. */
export interface PictureItem {
  /** The caller's name for it: for rows and messages, never for the backend. */
  readonly id: string;
  open(): Promise<GuardedPicture>;
}

/** How to go through pictures. */
export interface BatchOptions extends LocateOptions {
  readonly settings: RowSettings;
  /** Pictures at once, 1 or more. */
  readonly concurrency: number;
  /** Rows that are known already, by key. */
  readonly known?: (key: string) => LocateRow | undefined;
}

/** A row, where it belongs, and whether it was known before. */
export interface BatchRow {
  /** Position of the picture among all. */
  readonly index: number;
  readonly row: LocateRow;
  readonly isKnown: boolean;
  /** What the file carried besides pixels, as the row has it; also of failed asks. */
  readonly picture?: GuardedPicture;
}

/**
 * Locates pictures; rows come as they are done. Pictures with equal pixels are asked about once. An
 * abort ends the run after the rows that are done; pictures under way are dropped, not failed.
 *
 * @throws GeorError `config` and `internal`, which no other picture would fare better with
 */
export async function* locateEach(
  items: AsyncIterable<PictureItem> | Iterable<PictureItem>,
  backend: Backend,
  options: BatchOptions,
): AsyncGenerator<BatchRow> {
  const underWay = new Map<number, Promise<BatchRow | undefined>>();
  const asking = new Map<string, Promise<LocateRow>>();
  let index = 0;
  let trouble: unknown;
  const start = (item: PictureItem, at: number): void => {
    const work = oneRow(item, backend, options, asking).then(
      (done) => ({ index: at, ...done }),
      (error: unknown) => {
        trouble ??= error;
        return undefined;
      },
    );
    underWay.set(at, work);
  };
  const next = async (): Promise<BatchRow | undefined> => {
    const done = await Promise.race(
      [...underWay].map(async ([at, work]) => ({ at, value: await work })),
    );
    underWay.delete(done.at);
    if (trouble !== undefined) throw trouble;
    return options.signal?.aborted && done.value && !done.value.isKnown && isCut(done.value)
      ? undefined
      : done.value;
  };
  for await (const item of items) {
    if (options.signal?.aborted) break;
    start(item, index++);
    if (underWay.size < options.concurrency) continue;
    const row = await next();
    if (row) yield row;
  }
  while (underWay.size > 0) {
    const row = await next();
    if (row) yield row;
  }
}

/** Whether a row was cut short by an abort: it lacks answers. */
const isCut = ({ row }: BatchRow): boolean => 'error' in row || row.failures.length > 0;

async function oneRow(
  item: PictureItem,
  backend: Backend,
  options: BatchOptions,
  asking: Map<string, Promise<LocateRow>>,
): Promise<Omit<BatchRow, 'index'>> {
  let key: string | null = null;
  try {
    const picture = await item.open();
    key = await rowKey(picture.contentId, options.settings);
    const known = options.known?.(key);
    if (known && !('error' in known))
      return { row: { ...known, id: item.id }, isKnown: true, picture };
    const work = asking.get(key) ?? ask(picture, key, backend, options);
    asking.set(key, work);
    return { row: { ...(await work), id: item.id }, isKnown: false, picture };
  } catch (error) {
    if (!(error instanceof GeorError) || error.code === 'config' || error.code === 'internal')
      throw error;
    return { row: failedRow(item.id, key, error), isKnown: false };
  }
}

async function ask(
  picture: GuardedPicture,
  key: string,
  backend: Backend,
  options: BatchOptions,
): Promise<LocateRow> {
  const { settings, ...locate } = options;
  const result = await locatePhoto(picture, backend, {
    ...completeSettings(options),
    ...locate,
  });
  return locatedRow(result, '', key, settings.asked);
}
