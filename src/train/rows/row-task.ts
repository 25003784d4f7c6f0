/**
 * Rows as a task: pictures at the model's size, questions in its own template, answers as tokens.
 *
 * Answers come from the row where it has one, else from its place by a contract of `chain`.
 * @module
 */
import {
  type AnswerContract,
  answerPrompt,
  buildChain,
  type PromptCondition,
} from '../../chain/index.ts';
import { GeorError, type Random } from '../../core/index.ts';
import {
  answerTokens,
  type ImageGrid,
  isAskedShortly,
  type ModelCard,
  questionTokens,
} from '../../model/index.ts';
import { exampleOf } from '../example.ts';
import type { Task, Turn } from '../task.ts';
import { RowPictures, type TileSettings } from './row-pictures.ts';
import type { GivenTurn, LeftOut, TrainingRow } from './training-row.ts';

/** What is asked about pictures, and how it is answered. */
export interface AskingSettings {
  readonly contract: AnswerContract;
  /** Supervised training learns an answer under each; generation asks the first. */
  readonly conditions: readonly PromptCondition[];
  /** Of the coordinates in an answer. */
  readonly decimals: number;
}

/** How a task is made. */
export interface RowTaskOptions extends AskingSettings {
  readonly stage: 'sft' | 'grpo';
  readonly tile: TileSettings;
  /** Tokens of a row with its answers in supervised training, of a question in reinforcement. */
  readonly maxTokens: number;
  /** Whether the reward's judge is shown the pictures. */
  readonly showsPictures?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A task, and what of the rows it holds. */
export interface RowTask {
  readonly task: Task;
  /** Of every picture; absent when they differ. */
  readonly grid?: ImageGrid;
  /** The rows in the task, in its order. */
  readonly rows: readonly TrainingRow[];
  readonly leftOut: readonly LeftOut[];
  /** Tokens of the longest prompt, and of the longest sample with all its answers. */
  readonly longestPrompt: number;
  readonly longestExample: number;
  readonly pictures: RowPictures;
}

/** Photographs opened at once. */
const AT_ONCE = 4;

/** What is asked and answered about a row: its own words, else those of each condition. */
export function turnsOf(
  { place, given }: TrainingRow,
  { contract, conditions, decimals }: AskingSettings,
  style: 'short' | 'full',
): readonly GivenTurn[] {
  if (given) return [given];
  return conditions.map((condition) => ({
    question: answerPrompt(contract, condition, style),
    answer: buildChain(place, contract, { condition, decimals }),
  }));
}

/**
 * Makes the task of rows. Every photograph is opened once; one that cannot be used is left out.
 *
 * @throws GeorError `data` when no row is left; `config` when photographs cannot be read at all
 */
export async function rowTask(
  rows: readonly TrainingRow[],
  card: ModelCard,
  options: RowTaskOptions,
): Promise<RowTask> {
  const pictures = new RowPictures(card, options.tile);
  const style = isAskedShortly(card) ? 'short' : 'full';
  const prompts = new Map<string, readonly number[]>();
  const promptOf = (question: string, grid: ImageGrid): readonly number[] => {
    const key = `${grid.height} ${grid.width} ${question}`;
    const known = prompts.get(key) ?? questionTokens(card, question, grid);
    prompts.set(key, known);
    return known;
  };
  const faults = await openAll(rows, pictures, options);
  const kept: TrainingRow[] = [];
  const leftOut: LeftOut[] = [];
  const turns: (readonly Turn[])[] = [];
  let longestPrompt = 0;
  let longestExample = 0;
  for (const [i, row] of rows.entries()) {
    const fault = faults[i] ?? (options.stage === 'sft' ? answerFault(row) : undefined);
    if (fault) {
      leftOut.push(fault);
      continue;
    }
    const own = turnsOf(row, options, style).map(({ question, answer = '' }) => ({
      prompt: promptOf(question, pictures.gridOf(row)),
      answer: answerTokens(card.tokenizer, answer),
    }));
    const prompt = own[0]!.prompt.length;
    const example = exampleLength(own);
    const length = options.stage === 'sft' ? example : prompt;
    if (length > options.maxTokens) {
      leftOut.push(failure(row, 'too-long', `${length} tokens, more than ${options.maxTokens}`));
      continue;
    }
    kept.push(row);
    turns.push(own);
    longestPrompt = Math.max(longestPrompt, prompt);
    longestExample = Math.max(longestExample, example);
  }
  if (kept.length === 0)
    throw new GeorError('data', 'no row is left to train on', {
      hint: leftOut[0] ? `the first: ${leftOut[0].reason}` : 'the input is empty',
    });
  const first = pictures.gridOf(kept[0]!);
  const isUniform = kept.every((row) => {
    const { height, width } = pictures.gridOf(row);
    return height === first.height && width === first.width;
  });
  const task: Task = {
    size: kept.length,
    imageSize: pictures.lengthOf(kept[0]!),
    gridOf: (index) => pictures.gridOf(kept[index]!),
    writeImage: (index: number, out: Float32Array, slot: number, source?: Random) =>
      pictures.write(kept[index]!, out, slot, source),
    turns: (index) => turns[index]!,
    prompt: (index) => turns[index]![0]!.prompt,
    target: (index) => kept[index]!,
    place: (index) => kept[index]!.place,
    entities: (index) => kept[index]!.entities ?? null,
    ...(options.showsPictures && { picture: (index: number) => pictures.url(kept[index]!) }),
  };
  return {
    ...{ task, rows: kept, leftOut, longestPrompt, longestExample, pictures },
    ...(isUniform && { grid: first }),
  };
}

/** Tokens of a sample in supervised training: what its prompts share once, then all else. */
function exampleLength(turns: readonly Turn[]): number {
  const { prompt, questions = [], completions } = exampleOf(turns, 0);
  const sum = (parts: readonly (readonly number[])[]): number =>
    parts.reduce((total, { length }) => total + length, 0);
  return prompt.length + sum(questions) + sum(completions);
}

const failure = (row: TrainingRow, code: LeftOut['code'], reason: string): LeftOut => ({
  source: row.source,
  line: row.line,
  id: row.id,
  code,
  reason,
});

const answerFault = (row: TrainingRow): LeftOut | undefined =>
  row.given && row.given.answer === undefined
    ? failure(row, 'no-answer', 'the row has a question and no answer')
    : undefined;

/** Opens all pictures, a few at once; why those that cannot be used cannot. */
async function openAll(
  rows: readonly TrainingRow[],
  pictures: RowPictures,
  { signal, onProgress }: RowTaskOptions,
): Promise<(LeftOut | undefined)[]> {
  const faults = new Array<LeftOut | undefined>(rows.length);
  for (let from = 0; from < rows.length && !signal?.aborted; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE);
    await Promise.all(
      some.map(async (row, i) => {
        try {
          await pictures.prepare(row);
        } catch (error) {
          // without its decoder no photograph can be read: that is not the row's failure
          if (!(error instanceof GeorError) || error.code === 'config') throw error;
          faults[from + i] = failure(row, 'photo', error.message);
        }
      }),
    );
    onProgress?.(Math.min(rows.length, from + AT_ONCE), rows.length);
  }
  return faults;
}
