/**
 * `geor reward`: completions with targets to rewards and their parts, streamed.
 *
 * One output row per input row, in order. A row that cannot be scored has a `null` total and the
 * reason; it is also named on stderr, and the exit code is 1.
 * @module
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { type Answer, parseAnswer } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { haversineKm } from '../geo/index.ts';
import { type Reward, type RewardVariant, rewardByName, rewardNames } from '../rewards/index.ts';

interface Flags {
  readonly recipe: string;
  readonly variant: RewardVariant;
  readonly json?: true;
  readonly output?: string;
}

interface ScoredRow {
  readonly id: string | number | null;
  readonly group?: string | number;
  readonly total: number | null;
  readonly parts: Readonly<Record<string, number | null>>;
  readonly distanceKm: number | null;
  readonly parsed: Answer | null;
  readonly unscored?: string;
}

const name = z.union([z.string().min(1), z.number()]);
const inputRow = z.object({
  id: name,
  completion: z.string(),
  lat: z.number(),
  lon: z.number(),
  group: name.optional(),
});
type InputRow = z.infer<typeof inputRow>;

/** Rows scored at once. */
const BATCH = 256;

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('reward')
    .description('completions with targets to rewards and their parts')
    .argument('<input>', 'JSONL rows { id, completion, lat, lon, group? }, or - for stdin')
    .addOption(new Option('--recipe <name>', 'whose reward').choices(rewardNames).default('geo-r'))
    .addOption(
      new Option('--variant <name>', 'as the paper prints it or as the authors released it')
        .choices(['paper', 'released'])
        .default('paper'),
    )
    .option('--json', 'print one JSON document, a list, instead of JSONL')
    .option('-o, --output <file>', 'write to this file')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  geor reward completions.jsonl > rewards.jsonl\n' +
        '  geor reward --variant released completions.jsonl --json -o rewards.json',
    )
    .action(run);
}

async function run(input: string, flags: Flags): Promise<void> {
  if (input !== '-' && !existsSync(input))
    throw new GeorError('data', `${input} does not exist`, {
      hint: 'give a JSONL file, or - for stdin',
    });
  const reward = rewardByName(flags.recipe, { variant: flags.variant });
  const partial = flags.output === undefined ? undefined : `${flags.output}.partial`;
  if (partial) mkdirSync(dirname(partial), { recursive: true });
  const out: Writable = partial ? createWriteStream(partial) : process.stdout;
  const write = async (text: string): Promise<void> => {
    if (!out.write(text)) await once(out, 'drain');
  };
  let rows = 0;
  let unscored = 0;
  for await (const { row, line } of scored(lines(input), reward)) {
    const lead = flags.json ? (rows === 0 ? '[\n' : ',\n') : '';
    await write(lead + JSON.stringify(row) + (flags.json ? '' : '\n'));
    rows++;
    if (row.unscored === undefined) continue;
    unscored++;
    process.stderr.write(`${input}:${line}: ${row.unscored}\n`);
  }
  if (flags.json) await write(rows === 0 ? '[]\n' : '\n]\n');
  if (partial) {
    out.end();
    await once(out, 'finish');
    renameSync(partial, flags.output!);
  }
  if (unscored > 0) {
    process.stderr.write(`${unscored} of ${rows} rows could not be scored\n`);
    process.exitCode = 1;
  }
}

interface Line {
  readonly line: number;
  readonly text: string;
}

/** Lines end at `\n` only: JSON strings may hold the other line separators of Unicode. */
async function* lines(input: string): AsyncGenerator<Line> {
  const stream = input === '-' ? process.stdin : createReadStream(input);
  const decoder = new TextDecoder();
  let rest = '';
  let line = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop()!;
    for (const text of parts) yield { line: ++line, text };
  }
  yield { line: ++line, text: rest + decoder.decode() };
}

interface Item {
  readonly line: number;
  readonly read: InputRow | { readonly id: string | number | null; readonly unscored: string };
}

function readRow(text: string): Item['read'] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { id: null, unscored: `not JSON: ${(error as Error).message}` };
  }
  const row = inputRow.safeParse(value);
  if (row.success) return row.data;
  const id = z.object({ id: name }).safeParse(value);
  const reasons = row.error.issues.map(
    (issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`,
  );
  return { id: id.success ? id.data.id : null, unscored: reasons.join('; ') };
}

async function* scored(
  source: AsyncIterable<Line>,
  reward: Reward,
): AsyncGenerator<{ line: number; row: ScoredRow }> {
  let items: Item[] = [];
  for await (const { line, text } of source) {
    if (text.trim() === '') continue;
    items.push({ line, read: readRow(text) });
    if (items.length < BATCH) continue;
    yield* await scoreBatch(items, reward);
    items = [];
  }
  yield* await scoreBatch(items, reward);
}

async function scoreBatch(
  items: readonly Item[],
  reward: Reward,
): Promise<{ line: number; row: ScoredRow }[]> {
  const rows = items.flatMap(({ read }) => ('unscored' in read ? [] : [read]));
  const result = await reward({
    completions: rows.map((row) => row.completion),
    targets: rows.map(({ lat, lon }) => ({ lat, lon })),
  });
  let next = 0;
  return items.map(({ line, read }) => {
    if ('unscored' in read) {
      const nothing = { total: null, parts: {}, distanceKm: null, parsed: null };
      return { line, row: { id: read.id, ...nothing, unscored: read.unscored } };
    }
    const i = next++;
    const parsed = parseAnswer(read.completion, 'geo-r');
    const parts = Object.entries(result.parts).map(([part, scores]) => [part, scores[i]!]);
    const unscored = result.unscored[i];
    const distance = parsed.coordinate && !unscored ? haversineKm(parsed.coordinate, read) : null;
    const row: ScoredRow = {
      id: read.id,
      ...(read.group !== undefined && { group: read.group }),
      total: result.total[i]!,
      parts: Object.fromEntries(parts) as Record<string, number | null>,
      distanceKm: distance,
      parsed,
      ...(unscored && { unscored }),
    };
    return { line, row };
  });
}
