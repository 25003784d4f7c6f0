/**
 * `geor reward`: completions with targets to rewards and their parts, streamed.
 *
 * One output row per input row, in order. A row that cannot be scored has a `null` total and the
 * reason; it is also named on stderr, and the exit code is 1.
 * @module
 */
import { dirname } from 'node:path';
import { Command, Option } from 'commander';
import { defaultGazetteer } from '../data/index.ts';
import { forwardGeocode, isSamePlaceName, reverseGeocode } from '../geo/index.ts';
import {
  GEO_R_EXTRAS,
  type RecipeOptions,
  type RecipeReward,
  rewardByName,
  rewardNames,
} from '../rewards/index.ts';
import { type Output, openOutput } from './output.ts';
import { extrasOf, type Flags, HELP, lengthsOf, positive, weightsOf } from './reward-flags.ts';
import { type Models, openModels } from './reward-models.ts';
import {
  batches,
  type GroupFaults,
  type InputLine,
  isBad,
  LONGEST_GROUP,
  readRewardRows,
} from './reward-rows.ts';
import { checkRows, type RowNeeds, scoreBatch } from './reward-score.ts';

/** Named on stderr before the rest is only counted. */
const SHOWN_FAILURES = 10;

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('reward')
    .description('completions with targets to rewards and their parts')
    .argument('<input>', 'JSONL rows { id, completion, lat, lon, ... }, or - for stdin')
    .addOption(new Option('--recipe <name>', 'whose reward').choices(rewardNames).default('geo-r'))
    .addOption(
      new Option('--variant <name>', 'as the paper prints it or as the authors released it')
        .choices(['paper', 'released'])
        .default('paper'),
    )
    .option('--weights <preset|part=n,...>', 'weights of globe or geoagent', weightsOf)
    .option('--extras <part[=weight],...>', `geo-r: ${GEO_R_EXTRAS.join(', ')}`, extrasOf)
    .option('--lengths <group|min-max>', 'geoagent: how the length penalty measures', lengthsOf)
    .option('--judge-url <url>', 'OpenAI-compatible server of the judge; key in GEOR_JUDGE_KEY')
    .option('--judge-model <name>', 'its model')
    .option('--embed-url <url>', 'likewise for embeddings; key in GEOR_EMBED_KEY')
    .option('--embed-model <name>', 'its model; without --embed-url a folder or hub id, run here')
    .option('--cache <folder>', 'keep what models answered, and never ask it again')
    .option('--concurrency <n>', 'calls to a server at once', positive, 8)
    .option('--timeout <seconds>', 'how long a call may take', positive, 60)
    .option('--limit <n>', 'stop after this many rows', positive)
    .option('--dry-run', 'say what would be scored and sent, and do neither')
    .option('--json', 'print one JSON document, a list, instead of JSONL')
    .option('-o, --output <file>', 'write to this file')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(input: string, flags: Flags): Promise<void> {
  const models = openModels(flags, process.env);
  const reward = rewardByName(flags.recipe, optionsOf(flags, models));
  const faults: GroupFaults | undefined = comparesGroups(flags) ? { apart: 0, cut: 0 } : undefined;
  const source = batches(limited(readRewardRows(input), flags.limit), faults);
  if (flags.dryRun) return await describe(source, flags);
  for (const notice of models.notices) process.stderr.write(`note: ${notice}\n`);
  if (flags.recipe === 'geoagent' && !models.embedder)
    process.stderr.write('note: no encoder; names are compared with the gazetteer (nameMatch)\n');
  const output = openOutput(flags.output);
  try {
    const seesPictures = flags.recipe === 'globe' && models.judge !== undefined;
    const needs: RowNeeds = {
      needsGroups: faults !== undefined,
      ...(seesPictures && { pictureFolder: input === '-' ? '.' : dirname(input) }),
    };
    const write = rowWriter(output, flags.json ?? false);
    const failures = await scoreAll(input, source, reward, needs, write);
    await write.end();
    output.finish();
    reportFaults(faults);
    if (failures) process.exitCode = 1;
  } catch (error) {
    output.discard();
    throw error;
  }
}

/** Whether a part compares a completion with the others of its group. */
const comparesGroups = ({ recipe, variant, lengths, weights }: Flags): boolean =>
  recipe === 'geoagent' &&
  (lengths ?? (variant === 'paper' ? 'group' : undefined)) === 'group' &&
  weights !== 'without-consistency' &&
  !(typeof weights === 'object' && weights['consistency'] === 0);

function optionsOf({ variant, weights, extras, lengths }: Flags, models: Models): RecipeOptions {
  const { judge, embedder } = models;
  return {
    variant,
    ...(weights !== undefined && { weights }),
    ...(extras && { extras }),
    ...(lengths && { lengths }),
    ...(judge && { judge }),
    ...(embedder && { embedder }),
    geocoder: (query) => forwardGeocode(defaultGazetteer(), query),
    placeAt: ({ lat, lon }) => reverseGeocode(defaultGazetteer(), lat, lon),
    isSameName: (a, b, level) => isSamePlaceName(defaultGazetteer(), level, a, b),
  };
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
  needs: RowNeeds,
  write: ReturnType<typeof rowWriter>,
): Promise<boolean> {
  let count = 0;
  let unscored = 0;
  for await (const batch of source) {
    const rows = await scoreBatch(await checkRows(batch, needs), reward);
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
