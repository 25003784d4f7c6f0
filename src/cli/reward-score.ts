/**
 * Scores batches of rows for `geor reward`.
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Answer } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { guardPhoto } from '../data/index.ts';
import type { RecipeReward } from '../rewards/index.ts';
import { type BadRow, type InputLine, isBad, type RewardRow } from './reward-rows.ts';

/** A row of output. */
export interface ScoredRow {
  readonly id: string | number | null;
  readonly group?: string | number;
  readonly member?: string | number;
  readonly total: number | null;
  readonly parts: Readonly<Record<string, number | null>>;
  readonly distanceKm: number | null;
  readonly parsed: Answer | null;
  readonly unscored?: string;
}

/** Pixels of a photograph that a judge is shown, at most: 640 patches of 28 by 28. */
const JUDGE_PIXELS = 501_760;

/** A row with its picture as a `data:` address, where the judge is to see one. */
export type Checked = BadRow | (RewardRow & { readonly picture?: string });

/**
 * Rows with their pictures, or why they lack them.
 *
 * @param pictureFolder - paths of pictures are relative to it; absent where nobody looks at them
 */
export async function withPictures(
  batch: readonly InputLine[],
  pictureFolder: string | undefined,
): Promise<readonly Checked[]> {
  const checked: Checked[] = [];
  for (const { row } of batch) {
    if (isBad(row) || pictureFolder === undefined || !row.image) checked.push(row);
    else checked.push(await withPicture(row, row.image, pictureFolder));
  }
  return checked;
}

async function withPicture(row: RewardRow, image: string, folder: string): Promise<Checked> {
  try {
    const bytes = readFileSync(resolve(folder, image));
    const { jpeg } = await guardPhoto(bytes, { maxPixels: JUDGE_PIXELS });
    const picture = `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`;
    return { ...row, picture };
  } catch (error) {
    if (error instanceof GeorError && error.code !== 'image') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return { id: row.id, unscored: `the picture cannot be used: ${reason}` };
  }
}

/** One row of output per row, in order. */
export async function scoreBatch(
  batch: readonly Checked[],
  reward: RecipeReward,
): Promise<readonly ScoredRow[]> {
  const rows = batch.flatMap((row) => (isBad(row) ? [] : [row]));
  const result = await reward({
    completions: rows.map(({ completion }) => completion),
    targets: rows.map(({ lat, lon }) => ({ lat, lon })),
    places: rows.map(({ place }) => place ?? null),
    entities: rows.map(({ entities }) => entities ?? null),
    images: rows.map(({ picture }) => picture ?? null),
    groups: rows.map(({ group }) => group ?? null),
  });
  let next = 0;
  return batch.map((row) => {
    if (isBad(row)) return { id: row.id, ...NOTHING, unscored: row.unscored };
    const i = next++;
    const unscored = result.unscored[i];
    return {
      id: row.id,
      ...(row.group !== undefined && { group: row.group }),
      ...(row.member !== undefined && { member: row.member }),
      total: result.total[i] ?? null,
      parts: Object.fromEntries(
        Object.entries(result.parts).map(([part, scores]) => [part, scores[i] ?? null]),
      ),
      distanceKm: result.distanceKm[i] ?? null,
      parsed: result.answers[i] ?? null,
      ...(unscored && { unscored }),
    };
  });
}

const NOTHING = { total: null, parts: {}, distanceKm: null, parsed: null } as const;
