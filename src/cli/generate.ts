/**
 * `geor generate`: completions of a model in a folder, row by row.
 * @module
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { answerPrompt, regionChains } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { sha256 } from '../core/node/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import { QUICKSTART_TILE } from '../locate/index.ts';
import { checkInputs } from '../locate/node/index.ts';
import {
  constrainTokens,
  DEFAULT_PREPROCESSOR,
  endTokens,
  isAskedShortly,
  type Model,
  Policy,
  type TokenConstraint,
} from '../model/index.ts';
import { loadAdapter, loadModel } from '../model/node/index.ts';
import { GenerateJournal } from './generate/journal.ts';
import { type GenerateItem, photoOpener, pictureItems, rowItems } from './generate/requests.ts';
import { generateRows } from './generate/run.ts';
import { openOutput } from './output.ts';
import { announceProvider, providerOption, providerSettings } from './provider.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly model: string;
  readonly adapter?: string;
  readonly prompt?: string;
  readonly samples: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly maxTokens: number;
  readonly seed: number;
  readonly constraint?: 'geo-r';
  readonly decimals?: number;
  readonly logprobs?: boolean;
  readonly maxPixels?: number;
  readonly batchSize: number;
  readonly limit?: number;
  readonly threads?: number;
  readonly provider?: string;
  readonly output?: string;
  readonly resume?: boolean;
}

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('generate')
    .description('completions of a model in a folder: of rows, or of photographs with one question')
    .argument('<input...>', 'rows (.jsonl), photographs, folders of them, - or earth:LAT,LON')
    .requiredOption('--model <folder>', "a model's folder: one of geor's, or of Hugging Face")
    .option('--adapter <folder>', 'a LoRA adapter of PEFT, added to the model')
    .option('--prompt <text>', 'the question, where rows have none. Default: for a Chain of Region')
    .option('-n, --samples <n>', 'completions of each row', wholeNumber(1, 1024), 1)
    .option(
      '--temperature <t>',
      '0 takes the most probable tokens. Default: 0, with several samples 1',
      between(0, 100),
    )
    .option('--top-p <p>', 'keep the most probable tokens up to this share', between(0, 1))
    .option('--top-k <k>', 'keep this many tokens', wholeNumber(1))
    .option('--max-tokens <n>', 'tokens of a completion at most', wholeNumber(1), 256)
    .option('--seed <n>', 'equal seeds give equal completions', wholeNumber(0), 0)
    .addOption(
      new Option(
        '--constraint <language>',
        'allow only these texts: chains of regions that exist',
      ).choices(['geo-r']),
    )
    .option(
      '--decimals <n>',
      'of the coordinates that geo-r allows. Default: 4',
      wholeNumber(0, 10),
    )
    .option('--logprobs', 'token ids and the log-probability of each')
    .option(
      '--max-pixels <n>',
      "pixels of a photograph at most. Default: the model's",
      wholeNumber(784),
    )
    .option('--batch-size <n>', 'rows at once', wholeNumber(1, 4096), 8)
    .option('--limit <n>', 'stop after this many rows', wholeNumber(1))
    .option('--threads <n>', 'threads of the engine. Default: all cores', wholeNumber(1, 1024))
    .addOption(providerOption())
    .option(
      '-o, --output <file>',
      'write to this file when all is done; progress is kept beside it',
    )
    .option('--resume', 'go on where an interrupted run with the same flags stood (needs -o)')
    .addHelpText(
      'after',
      '\nRows are JSON lines { id, prompt | messages, image | images }; other fields go along. With -n,\n' +
        'rows are { id, group, member, completion }, which geor reward reads. A photograph is shown as\n' +
        'pixels alone: neither its name nor what else its file holds. A row that fails has an error, and\n' +
        'the exit code is then 1.\n' +
        '\nExamples:\n' +
        '  geor generate --model runs/quickstart/models/grpo --constraint geo-r earth:60.39,5.32\n' +
        '  geor generate --model ./Qwen2.5-VL-3B photos/ --prompt "Where is this?" -o answers.jsonl\n' +
        '  geor generate --model base --adapter lora -n 8 --temperature 0.7 rows.jsonl -o completions.jsonl',
    )
    .action(run);
}

function between(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= low && value <= high))
      throw new InvalidArgumentError(`It has to be a number from ${low} to ${high}.`);
    return value;
  };
}

async function run(inputs: readonly string[], flags: Flags): Promise<void> {
  const { output, resume = false } = flags;
  if (resume && output === undefined)
    throw new GeorError('usage', '--resume needs -o FILE', {
      hint: 'rows that are done are kept beside the output file',
    });
  const loaded = loadModel(flags.model);
  const adapter =
    flags.adapter === undefined ? undefined : loadAdapter(flags.adapter, loaded.config);
  const model: Model = { ...loaded, ...(adapter && { adapter }) };
  const items = await itemsOf(inputs, flags, model);
  if (items.length === 0) throw new GeorError('data', 'the input holds nothing to ask');
  const constraint = constraintOf(flags, model);
  const sampling = {
    samples: flags.samples,
    maxTokens: flags.maxTokens,
    temperature: flags.temperature ?? (flags.samples > 1 ? 1 : 0),
    ...(flags.topP !== undefined && { topP: flags.topP }),
    ...(flags.topK !== undefined && { topK: flags.topK }),
    ...(constraint && { constraint }),
  };
  await announceProvider(flags.provider);
  const journal = new GenerateJournal(output, resume);
  const out = openOutput(output);
  const abort = new AbortController();
  const interrupt = (): void => abort.abort();
  process.once('SIGINT', interrupt);
  const policy = await Policy.create(model, {
    ...(flags.threads !== undefined && { threads: flags.threads }),
    ...(flags.maxPixels !== undefined && { maxPixels: flags.maxPixels }),
  });
  try {
    const { failed, isInterrupted } = await generateRows(policy, items, journal, {
      sampling,
      seed: flags.seed,
      batchSize: flags.batchSize,
      logProbabilities: flags.logprobs === true,
      settings: settingsOf(flags, sampling),
      signal: abort.signal,
      onProgress: progressOf(items.length),
      onRows: (rows) => out.write(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    });
    if (isInterrupted) {
      out.discard();
      journal.close();
      const how = output === undefined ? '' : `; go on with --resume -o ${output}`;
      process.stderr.write(`interrupted${how}\n`);
      process.exitCode = 130;
      return;
    }
    out.finish();
    journal.finish();
    if (failed === 0) return;
    process.stderr.write(`${failed} of ${items.length} rows failed\n`);
    process.exitCode = 1;
  } catch (error) {
    out.discard();
    journal.close();
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    await policy.release();
  }
}

/** What is asked, from a file of rows or from pictures. */
async function itemsOf(
  inputs: readonly string[],
  flags: Flags,
  model: Model,
): Promise<readonly GenerateItem[]> {
  const { preprocessor = DEFAULT_PREPROCESSOR } = model;
  const maxPixels = flags.maxPixels ?? preprocessor.maxPixels;
  const isRows = inputs.map((input) => /\.jsonl$/i.test(input));
  let items: readonly GenerateItem[];
  if (isRows.every(Boolean)) {
    const open = photoOpener(maxPixels);
    items = (await Promise.all(inputs.map((path) => rowItems(path, flags.prompt, open)))).flat();
  } else if (isRows.some(Boolean)) {
    throw new GeorError('usage', 'rows and pictures cannot be asked in one run', {
      hint: 'give either .jsonl files, or photographs and folders',
    });
  } else {
    checkInputs(inputs);
    const style = isAskedShortly(model) ? 'short' : 'full';
    const isTiles = preprocessor.minPixels === preprocessor.maxPixels;
    items = await pictureItems(inputs, flags.prompt ?? answerPrompt('geo-r', 'cor', style), {
      maxPixels,
      tile: { ...QUICKSTART_TILE, sizePx: isTiles ? Math.round(Math.sqrt(maxPixels)) : 224 },
    });
  }
  const wanted = items.slice(0, flags.limit);
  const ids = new Set(wanted.map(({ id }) => id));
  if (ids.size < wanted.length)
    throw new GeorError('data', `${wanted.length - ids.size} rows have the id of another row`, {
      hint: 'ids name the rows of the result: give each row its own, or none',
    });
  return wanted;
}

function constraintOf({ constraint, decimals }: Flags, model: Model): TokenConstraint | undefined {
  if (constraint === undefined) return undefined;
  const { tokenizer, config, generation } = model;
  const chains = regionChains(defaultGazetteer(), decimals === undefined ? {} : { decimals });
  return constrainTokens(tokenizer, chains, endTokens(generation, config)[0]!);
}

/** What decides the answers besides a row: a run that goes on must have the same. */
function settingsOf({ model, adapter, constraint, ...flags }: Flags, sampling: object): string {
  const folders = [model, ...(adapter === undefined ? [] : [adapter])];
  const { constraint: _, ...numbers } = sampling as { constraint?: unknown };
  const { decimals, maxPixels, logprobs } = flags;
  const { provider } = providerSettings(flags.provider);
  const rest = [
    constraint,
    decimals,
    numbers,
    maxPixels,
    logprobs,
    ...(provider ? [provider] : []),
  ];
  return JSON.stringify([folders.map(identityOf), ...rest]);
}

/** Names, sizes and times of a folder's files: cheap, and another after every change. */
const identityOf = (folder: string): string =>
  sha256(
    readdirSync(folder)
      .sort()
      .map((name) => {
        const { size, mtimeMs } = statSync(join(folder, name));
        return `${name} ${size} ${mtimeMs}`;
      })
      .join('\n'),
  );

/** A line on a terminal, and nothing elsewhere. */
function progressOf(total: number): (done: number, failed: number) => void {
  if (!process.stderr.isTTY) return () => {};
  return (done, failed) => {
    const fault = failed > 0 ? `, ${failed} failed` : '';
    process.stderr.write(done < total ? `\r${done} of ${total} rows${fault}` : '\r\u001b[K');
  };
}
