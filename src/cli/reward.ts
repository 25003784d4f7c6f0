/**
 * `geor reward`: completions with targets to rewards and their parts, streamed.
 *
 * One output row per input row, in order. A row that cannot be scored has a `null` total and the
 * reason; it is also named on stderr, and the exit code is 1.
 * @module
 */
import { dirname } from 'node:path';
import { Command } from 'commander';
import { comparesGroups, type RecipeReward } from '../rewards/index.ts';
import { openReward } from './open-reward.ts';
import { type Output, openOutput } from './output.ts';
import {
  addRewardFlags,
  configOf,
  GEOAGENT_NOTE,
  MODELS_HELP,
  positive,
  type RewardFlags,
} from './reward-flags.ts';
import { openModels } from './reward-models.ts';
import {
  batches,
  type GroupFaults,
  type InputLine,
  isBad,
  LONGEST_GROUP,
  readRewardRows,
} from './reward-rows.ts';
import { scoreBatch, withPictures } from './reward-score.ts';

/** Named on stderr before the rest is only counted. */
const SHOWN_FAILURES = 10;

/** The flags, read. */
interface Flags extends RewardFlags {
  readonly limit?: number;
  readonly dryRun?: true;
  readonly json?: true;
  readonly output?: string;
}

const HELP = `
Rows may also have: group and member; place { country, region, city } or these three by
themselves (else the target is resolved); entities, what is to be seen in the picture; image,
the path of the photograph, for a judge that sees. Of a photograph only its pixels are sent.

geoagent compares the lengths of reasoning within a group: its rows must follow each other.
${MODELS_HELP}
Examples:
  geor reward completions.jsonl > rewards.jsonl
  geor reward --variant released completions.jsonl --json -o rewards.json
  geor reward --recipe globe --weights two-reward completions.jsonl
  geor reward --recipe geoagent --judge-url http://127.0.0.1:8000/v1 --judge-model qwen3-32b \\
    --embed-model Xenova/paraphrase-multilingual-MiniLM-L12-v2 --cache answers completions.jsonl`;

/** The command with its flags and its action. */
export function command(): Command {
  const flagged = new Command('reward')
    .description('completions with targets to rewards and their parts')
    .argument('<input>', 'JSONL rows { id, completion, lat, lon, ... }, or - for stdin');
  return addRewardFlags(flagged)
    .option('--limit <n>', 'stop after this many rows', positive)
    .option('--dry-run', 'say what would be scored and sent, and do neither')
    .option('--json', 'print one JSON document, a list, instead of JSONL')
    .option('-o, --output <file>', 'write to this file')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(input: string, flags: Flags): Promise<void> {
  const models = openModels(flags, process.env);
  const config = configOf(flags);
  const reward = openReward(config, models);
  const faults: GroupFaults | undefined = comparesGroups(config) ? { apart: 0, cut: 0 } : undefined;
  const source = batches(limited(readRewardRows(input), flags.limit), faults);
  if (flags.dryRun) return await describe(source, flags);
  for (const notice of models.notices) process.stderr.write(`note: ${notice}\n`);
  if (flags.recipe === 'geoagent' && !models.embedder) process.stderr.write(GEOAGENT_NOTE);
  const output = openOutput(flags.output);
  try {
    const seesPictures = flags.recipe === 'globe' && models.judge !== undefined;
    const folder = seesPictures ? (input === '-' ? '.' : dirname(input)) : undefined;
    const write = rowWriter(output, flags.json ?? false);
    const failures = await scoreAll(input, source, reward, folder, write);
    await write.end();
    output.finish();
    reportFaults(faults);
    if (failures) process.exitCode = 1;
  } catch (error) {
    output.discard();
    throw error;
  }
}

async function* limited(
  rows: AsyncIterable<InputLine>,
  limit: number | undefined,
): AsyncGenerator<InputLine> {
  let count = 0;
  for await (const row of rows) {
    yield row;
    if (++count === limit) return;
  }
}

/** `--dry-run`: what would be done, on stdout. */
async function describe(source: AsyncIterable<readonly InputLine[]>, flags: Flags): Promise<void> {
  let rows = 0;
  let bad = 0;
  let images = 0;
  for await (const batch of source)
    for (const { row } of batch) {
      rows++;
      if (isBad(row)) bad++;
      else if (row.image) images++;
    }
  const lines = [`${rows} rows, ${bad} of them unreadable; nothing was scored or sent`];
  if (flags.judgeUrl)
    lines.push(
      `judge: at most ${rows - bad} questions to ${flags.judgeUrl}` +
        (flags.recipe === 'globe' && images > 0 ? `, with ${images} pictures` : ''),
    );
  if (flags.embedModel)
    lines.push(`encoder: the place names to ${flags.embedUrl ?? `${flags.embedModel}, run here`}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Writes rows as JSONL, or as one JSON list. */
function rowWriter(output: Output, isList: boolean) {
  let count = 0;
  return {
    async rows(rows: readonly object[]): Promise<void> {
      const texts = rows.map((row) => JSON.stringify(row));
      if (texts.length === 0) return;
      if (isList) await output.write(`${count === 0 ? '[\n' : ',\n'}${texts.join(',\n')}`);
      else await output.write(`${texts.join('\n')}\n`);
      count += texts.length;
    },
    async end(): Promise<void> {
      if (isList) await output.write(count === 0 ? '[]\n' : '\n]\n');
    },
  };
}

/** Scores batch by batch and writes as it goes; whether any row could not be scored. */
async function scoreAll(
  input: string,
  source: AsyncIterable<readonly InputLine[]>,
  reward: RecipeReward,
  pictureFolder: string | undefined,
  write: ReturnType<typeof rowWriter>,
): Promise<boolean> {
  let count = 0;
  let unscored = 0;
  for await (const batch of source) {
    const rows = await scoreBatch(await withPictures(batch, pictureFolder), reward);
    for (const [i, row] of rows.entries()) {
      if (row.unscored === undefined) continue;
      if (unscored++ < SHOWN_FAILURES)
        process.stderr.write(`${input}:${batch[i]!.line}: ${row.unscored}\n`);
    }
    await write.rows(rows);
    count += rows.length;
    if (process.stderr.isTTY) process.stderr.write(`\r${count} rows\u001b[K`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (unscored > SHOWN_FAILURES)
    process.stderr.write(`and ${unscored - SHOWN_FAILURES} more rows\n`);
  if (unscored > 0) process.stderr.write(`${unscored} of ${count} rows could not be scored\n`);
  return unscored > 0;
}

function reportFaults(faults: GroupFaults | undefined): void {
  if (faults?.apart)
    process.stderr.write(
      `note: ${faults.apart} pieces of groups stood apart from the rest of their group and were ` +
        'compared only within themselves; sort the rows by group\n',
    );
  if (faults?.cut)
    process.stderr.write(
      `note: ${faults.cut} groups have more than ${LONGEST_GROUP} rows and were cut\n`,
    );
}
