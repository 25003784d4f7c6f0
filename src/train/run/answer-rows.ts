/**
 * A model's most probable answers to held-out rows.
 * @module
 */

import type { Answer } from '../../chain/index.ts';
import { random } from '../../core/index.ts';
import { bannedTokens, type Generator, type ImageGrid, type Tokenizer } from '../../model/index.ts';
import type { RecipeReward } from '../../rewards/index.ts';
import type { RowTask, TrainingRow } from '../rows/index.ts';

/** An answer to a row, judged. */
export interface RowAnswer {
  readonly row: TrainingRow;
  readonly completion: string;
  readonly answer: Answer;
  /** From the answer's coordinate, or where its names lie; null where neither is known. */
  readonly distanceKm: number | null;
  /** Null where it could not be scored. */
  readonly reward: number | null;
}

/** Rows answered at once: bounds the memory of the cache. */
const AT_ONCE = 32;

/** How rows are answered. */
export interface AnswerRowsOptions {
  readonly maxTokens: number;
  /** Which rows. Default: all. */
  readonly indices?: readonly number[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Answers rows; fewer than asked for when the signal stops it. */
export async function answerRows(
  generator: Generator,
  held: RowTask,
  { tokenizer, reward }: { tokenizer: Tokenizer; reward: RecipeReward },
  { maxTokens, indices = held.rows.map((_, i) => i), signal, onProgress }: AnswerRowsOptions,
): Promise<RowAnswer[]> {
  const banned = bannedTokens(tokenizer);
  const answers: RowAnswer[] = [];
  for (let from = 0; from < indices.length && !signal?.aborted; from += AT_ONCE) {
    const some = indices.slice(from, from + AT_ONCE);
    const rows = some.map((index) => held.rows[index]!);
    const generated = await generator.generate(
      {
        prompts: some.map((index, slot) => ({ tokens: held.task.prompt(index), images: [slot] })),
        images: await imagesOf(held, rows),
      },
      { samples: 1, maxTokens, temperature: 0, banned, randomOf: () => random(0, 'greedy') },
    );
    const completions = generated.map(({ tokens }) =>
      tokenizer.decode(tokens, { skipSpecialTokens: true }),
    );
    const scored = await reward({
      completions,
      targets: rows,
      places: rows.map(({ place }) => place),
      entities: rows.map(({ entities }) => entities ?? null),
      groups: rows.map(() => null),
    });
    rows.forEach((row, i) => {
      answers.push({
        row,
        completion: completions[i]!,
        answer: scored.answers[i]!,
        distanceKm: scored.distanceKm[i] ?? null,
        reward: scored.total[i] ?? null,
      });
    });
    onProgress?.(from + some.length, indices.length);
    await new Promise((resume) => setImmediate(resume)); // Ctrl-C is heard here
  }
  return answers;
}

async function imagesOf(
  { pictures }: RowTask,
  rows: readonly TrainingRow[],
): Promise<{ grids: ImageGrid[]; pixels: Float32Array }> {
  const lengths = rows.map((row) => pictures.lengthOf(row));
  const pixels = new Float32Array(lengths.reduce((a, b) => a + b, 0));
  let at = 0;
  for (const [i, row] of rows.entries()) {
    await pictures.write(row, pixels.subarray(at, at + lengths[i]!), 0, undefined);
    at += lengths[i]!;
  }
  return { grids: rows.map((row) => pictures.gridOf(row)), pixels };
}
