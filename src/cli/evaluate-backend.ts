/**
 * Asking a model about the pictures of a truth, for `geor evaluate --backend`.
 *
 * A picture is found by its id or by a column of the truth; neither goes to the model. Rows gather in
 * a file of answers, from which a killed run goes on.
 * @module
 */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { AnswerContract, PromptCondition } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { writeFileAtomic } from '../core/node/index.ts';
import { defaultGazetteer, loadEarth } from '../data/index.ts';
import type { PredictionRow, TruthTable } from '../evaluate/index.ts';
import {
  askedRecord,
  completeSettings,
  DEFAULT_POINT_METHOD,
  isLocated,
  type LocateRow,
  methodName,
  type PictureItem,
} from '../locate/index.ts';
import { guardedTile, photoItem } from '../locate/node/index.ts';
import { backendOf } from './locate-backend.ts';
import type { BackendFlags } from './locate-flags.ts';
import { formatLocated } from './locate-formats.ts';
import { runPictures } from './locate-run.ts';
import { providerSettings } from './provider.ts';

/** The flags about asking. */
export interface AskTruthFlags extends BackendFlags {
  readonly photos?: string;
  readonly photoColumn?: string;
  readonly samples: number;
  readonly prompt: PromptCondition;
  readonly contract: AnswerContract;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly maxPixels: number;
  readonly seed: number;
  readonly answers?: string;
  readonly resume?: true;
}

/** Answers to the pictures of a truth. */
export interface TruthAnswers {
  /** What reports call them: the model and where it runs. */
  readonly name: string;
  /** One for each picture that was asked about; failed ones have no answer. */
  readonly predictions: readonly PredictionRow[];
  readonly failed: number;
  readonly isInterrupted: boolean;
}

/** Names that a photograph may have for an id. */
const EXTENSIONS = ['', '.jpg', '.jpeg', '.png', '.webp', '.JPG', '.JPEG', '.PNG'];

/**
 * Asks about every picture of the truth, in its order.
 *
 * @param defaultAnswers - where rows are kept when the flags name no file
 * @throws GeorError when the backend cannot be opened, or there are no photographs to show it
 */
export async function askTruth(
  truth: TruthTable,
  flags: AskTruthFlags,
  defaultAnswers: string,
): Promise<TruthAnswers> {
  const backend = await backendOf(flags, process.env);
  try {
    const isTiles = backend.reads === 'satellite-tiles';
    if (!isTiles && flags.photos === undefined)
      throw new GeorError('usage', 'a model of photographs needs --photos FOLDER', {
        hint: 'photographs are found there by their id, or by --photo-column of the truth',
      });
    if (isTiles && flags.photos !== undefined)
      throw new GeorError('usage', `${backend.name} reads tiles of the Earth, not photographs`, {
        hint: 'leave --photos out to cut a tile around each true point, or name a server',
      });
    if (backend.isRemote) process.stderr.write(`pictures are sent to ${backend.host}\n`);
    const settings = completeSettings({
      ...{ contract: flags.contract, condition: flags.prompt, samples: flags.samples },
      seed: flags.seed,
      ...(flags.temperature !== undefined && { temperature: flags.temperature }),
      ...(flags.maxTokens !== undefined && { maxTokens: flags.maxTokens }),
    });
    const output = flags.answers ?? defaultAnswers;
    const asked = askedRecord(settings, backend.identity, {
      method: methodName({ method: DEFAULT_POINT_METHOD }),
      maxPixels: isTiles ? null : flags.maxPixels,
      structured: flags.structured,
    });
    const items = isTiles ? tiles(truth, backend.tile!) : photos(truth, flags);
    const { rows, failed, isInterrupted, finish } = await runPictures(items, backend, {
      ...settings,
      gazetteer: defaultGazetteer(),
      settings: { asked, shown: providerSettings(flags.provider) },
      concurrency: flags.concurrency ?? (backend.host === undefined ? 1 : 4),
      limit: Number.POSITIVE_INFINITY,
      ...{ output, resume: flags.resume === true, onRow: () => undefined },
    });
    if (!isInterrupted) {
      writeFileAtomic(output, formatLocated(rows, 'jsonl'));
      finish();
    }
    process.stderr.write(`answers are in ${output}${isInterrupted ? '.partial.jsonl' : ''}\n`);
    return {
      name: backend.name,
      predictions: rows.map(predictionOf),
      ...{ failed, isInterrupted },
    };
  } finally {
    await backend.close();
  }
}

/** Of one answer its text, which is read and judged as any other; of several their one point. */
function predictionOf(row: LocateRow): PredictionRow {
  if (!isLocated(row)) return { id: row.id };
  if (row.asked.samples === 1) return { id: row.id, completion: row.samples[0]?.text };
  return row.lat === null || row.lon === null
    ? { id: row.id }
    : { id: row.id, lat: row.lat, lon: row.lon };
}

async function* tiles(
  { ids, lat, lon }: TruthTable,
  tile: { readonly spanDegrees: number; readonly sizePx: number },
): AsyncGenerator<PictureItem> {
  const earth = loadEarth();
  for (const [i, id] of ids.entries())
    yield { id, open: async () => guardedTile(earth, { lat: lat[i]!, lon: lon[i]! }, tile) };
}

async function* photos(
  truth: TruthTable,
  { photos: folder = '.', photoColumn, maxPixels }: AskTruthFlags,
): AsyncGenerator<PictureItem> {
  const column = photoColumn && truth.attributes.get(photoColumn.toLowerCase());
  if (photoColumn !== undefined && !column)
    throw new GeorError('usage', `the truth has no column ${photoColumn}`);
  for (const [i, id] of truth.ids.entries()) {
    const name = column ? column.values[column.codes[i]!] || undefined : id;
    yield {
      id,
      open: async () => {
        const path = name === undefined ? undefined : photoAt(folder, name);
        if (path === undefined)
          throw new GeorError('data', `there is no photograph of ${id} in ${folder}`);
        return photoItem(id, path, { maxPixels, multipleOf: 28 }).open();
      },
    };
  }
}

/** The file of a photograph, inside the folder. */
function photoAt(folder: string, name: string): string | undefined {
  const way = relative(folder, resolve(folder, name));
  if (way.startsWith('..') || isAbsolute(way)) return undefined;
  return EXTENSIONS.map((extension) => join(folder, `${name}${extension}`)).find(existsSync);
}
