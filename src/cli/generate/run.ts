/**
 * Asks a policy row by row, several at once; a row that fails is a row with its reason.
 * @module
 */
import { GeorError, random } from '../../core/index.ts';
import { sha256 } from '../../core/node/index.ts';
import type { ChatMessage, Completion, CompletionOptions, Policy } from '../../model/index.ts';
import type { GeneratedRow, GenerateJournal } from './journal.ts';
import type { GenerateItem } from './requests.ts';

/** How rows are asked. */
export interface GenerateRunOptions {
  readonly sampling: Omit<CompletionOptions, 'seed' | 'signal' | 'onToken'>;
  readonly seed: number;
  /** Requests at once. */
  readonly batchSize: number;
  /** Whether rows hold the log-probability of every token. */
  readonly logProbabilities: boolean;
  /** What else decides the answers: model, sampling, constraint. Part of a row's key. */
  readonly settings: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, failed: number) => void;
  /** Rows in the order of the items, as soon as all before them are there. */
  readonly onRows: (rows: readonly GeneratedRow[]) => Promise<void>;
}

/** How it went. */
export interface GenerateRunResult {
  readonly failed: number;
  readonly isInterrupted: boolean;
}

/** Asks all items. */
export async function generateRows(
  policy: Policy,
  items: readonly GenerateItem[],
  journal: GenerateJournal,
  options: GenerateRunOptions,
): Promise<GenerateRunResult> {
  const { batchSize, signal, onProgress, onRows } = options;
  const keyOf = (item: GenerateItem): string =>
    sha256(JSON.stringify([options.settings, options.seed, item.id, item.key])).slice(0, 32);
  let failed = 0;
  let done = 0;
  for (let from = 0; from < items.length && !signal.aborted; from += batchSize) {
    const batch = items.slice(from, from + batchSize);
    const rows = new Map<GenerateItem, readonly GeneratedRow[]>();
    const opened: { item: GenerateItem; messages: readonly ChatMessage[] }[] = [];
    for (const item of batch) {
      const known = journal.find(keyOf(item));
      if (known) rows.set(item, known);
      else {
        try {
          opened.push({ item, messages: await item.open() });
        } catch (error) {
          rows.set(item, [failureRow(item, error)]);
        }
      }
    }
    try {
      for (const [item, made] of await ask(policy, opened, options)) {
        rows.set(item, made);
        if (!isFailure(made)) journal.add(keyOf(item), made);
      }
    } catch (error) {
      if (signal.aborted) break;
      throw error;
    }
    for (const item of batch) {
      const own = rows.get(item)!;
      if (isFailure(own)) failed++;
      await onRows(own);
    }
    done += batch.length;
    onProgress(done, failed);
  }
  return { failed, isInterrupted: signal.aborted };
}

const isFailure = (rows: readonly GeneratedRow[]): boolean => rows.some((row) => 'error' in row);

/** Asks requests together; where that fails, one by one, so that only what is at fault fails. */
async function ask(
  policy: Policy,
  opened: readonly { item: GenerateItem; messages: readonly ChatMessage[] }[],
  options: GenerateRunOptions,
): Promise<ReadonlyMap<GenerateItem, readonly GeneratedRow[]>> {
  if (opened.length === 0) return new Map();
  const { sampling, seed, signal } = options;
  try {
    const completions = await policy.generate(
      opened.map(({ messages }) => ({ messages })),
      {
        ...sampling,
        signal,
        // a row has its own randomness: the same in every batch and order
        seed: opened.map(({ item }) => random(seed, 'generate', item.id).integer(2 ** 32)),
      },
    );
    return new Map(
      opened.map(({ item }, i) => [
        item,
        completions[i]!.map((completion, sample) =>
          completionRow(item, completion, sample, completions[i]!.length, options),
        ),
      ]),
    );
  } catch (error) {
    if (signal.aborted || (error instanceof GeorError && error.code === 'engine')) throw error;
    const [only, ...more] = opened;
    if (more.length === 0) return new Map([[only!.item, [failureRow(only!.item, error)]]]);
    const rows = new Map<GenerateItem, readonly GeneratedRow[]>();
    for (const one of opened)
      for (const [item, made] of await ask(policy, [one], options)) rows.set(item, made);
    return rows;
  }
}

function completionRow(
  item: GenerateItem,
  { text, finish, tokens, logProbabilities }: Completion,
  sample: number,
  samples: number,
  options: GenerateRunOptions,
): GeneratedRow {
  return {
    id: item.id,
    ...item.rest,
    ...(samples > 1 && { group: item.id, member: sample }),
    completion: text,
    finish,
    tokens: tokens.length,
    ...(options.logProbabilities && {
      tokenIds: tokens,
      logProbabilities: Array.from(logProbabilities, (value) => Number(value.toFixed(6))),
    }),
  };
}

function failureRow(item: GenerateItem, error: unknown): GeneratedRow {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof GeorError ? error.code : 'internal';
  if (code === 'internal') throw error;
  const hint = error instanceof GeorError ? error.hint : undefined;
  return {
    id: item.id,
    ...item.rest,
    error: { code, message, ...(hint !== undefined && { hint }) },
  };
}
