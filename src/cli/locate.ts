/**
 * `geor locate`: where photographs were taken, and why the model thinks so.
 * @module
 */
import type { Command } from 'commander';
import { GeorError } from '../core/index.ts';
import { sha256, writeFileAtomic } from '../core/node/index.ts';
import { defaultGazetteer, loadGazetteer, readPolicy } from '../data/index.ts';
import { type Gazetteer, withPolicy } from '../geo/index.ts';
import {
  askedRecord,
  type Backend,
  completeSettings,
  isLoopback,
  type LocateRow,
  methodName,
  QUICKSTART_TILE,
} from '../locate/index.ts';
import {
  checkInputs,
  type InputOptions,
  inputKind,
  isAddress,
  openInputs,
} from '../locate/node/index.ts';
import { backendAddress, backendOf, checkReads } from './locate-backend.ts';
import { calibrationOf } from './locate-calibration.ts';
import { dryRun, dryRunText } from './locate-dry-run.ts';
import { type LocateFlags, type LocateFormat, locateCommand } from './locate-flags.ts';
import { formatLocated } from './locate-formats.ts';
import { runPictures } from './locate-run.ts';
import { rowText } from './locate-text.ts';
import { providerSettings } from './provider.ts';

/** The command with its flags and its action. */
export function command(): Command {
  return locateCommand().action((inputs: string[], flags: LocateFlags) => run(inputs, flags));
}

/** Tiles for a model that was not trained on tiles of a certain size. */
const TILE_FOR_OTHERS = { ...QUICKSTART_TILE, sizePx: 224 };

async function run(inputs: readonly string[], flags: LocateFlags): Promise<void> {
  const format = flags.json ? 'json' : (flags.format ?? 'text');
  if (flags.resume && flags.output === undefined)
    throw new GeorError('usage', '--resume needs -o FILE', {
      hint: 'rows that are done are kept beside the output file',
    });
  checkInputs(inputs);
  const kinds = new Set(inputs.map(inputKind));
  if (flags.dryRun) return printDryRun(inputs, flags, format);
  const backend = await backendOf(flags, process.env);
  try {
    checkReads(backend, kinds);
    if (backend.isRemote) process.stderr.write(`pictures are sent to ${backend.host}\n`);
    await locateAll(inputs, flags, format, backend);
  } finally {
    await backend.close();
  }
}

async function locateAll(
  inputs: readonly string[],
  flags: LocateFlags,
  format: LocateFormat,
  backend: Backend,
): Promise<void> {
  const settings = settingsOf(flags);
  const point = { method: flags.consensus, thresholdKm: flags.thresholdKm };
  const asked = askedRecord(settings, backend.identity, {
    method: methodName(point),
    maxPixels: backend.reads === 'photographs' ? flags.maxPixels : null,
    structured: flags.structured,
  });
  const calibration = calibrationOf(flags, asked);
  const { output } = flags;
  const isStreamed = output === undefined && (format === 'jsonl' || format === 'text');
  const isSingle = inputs.length === 1 && isOnePicture(inputs[0]!);
  let isFirst = true;
  const onRow = (row: LocateRow): void => {
    if (!isStreamed) return;
    if (format === 'jsonl') process.stdout.write(`${JSON.stringify(row)}\n`);
    else if (isSingle) process.stdout.write('error' in row ? '' : rowText(row));
    else process.stdout.write(`${isFirst ? '' : '\n'}${row.id}\n${rowText(row)}`);
    isFirst = false;
  };
  const { rows, failed, isInterrupted, finish } = await runPictures(
    openInputs(inputs, inputOptions(flags, backend.tile)),
    backend,
    {
      ...settings,
      ...point,
      gazetteer: gazetteerOf(flags),
      calibration,
      precision: flags.precision,
      settings: {
        asked,
        shown: {
          precision: flags.precision,
          calibration: calibration ? sha256(JSON.stringify(calibration)) : null,
          policy: flags.policy ? sha256(JSON.stringify(readPolicy(flags.policy))) : null,
          gazetteer: flags.gazetteer ?? null,
          ...providerSettings(flags.provider),
        },
      },
      concurrency: flags.concurrency ?? (backend.host === undefined ? 1 : 4),
      limit: flags.limit ?? Number.POSITIVE_INFINITY,
      output,
      resume: flags.resume === true,
      onRow,
    },
  );
  if (isInterrupted) {
    const how = output === undefined ? '' : `; go on with --resume -o ${output}`;
    process.stderr.write(`interrupted after ${rows.length} pictures${how}\n`);
    process.exitCode = 130;
    return;
  }
  if (rows.length === 0) throw new GeorError('data', 'there is no picture among the inputs');
  if (output !== undefined) writeFileAtomic(output, formatLocated(rows, format));
  else if (!isStreamed) process.stdout.write(formatLocated(rows, format));
  finish();
  endWith(rows, failed, isSingle && format === 'text');
}

/** The exit code; the error itself when there was but one picture and nothing to show. */
function endWith(rows: readonly LocateRow[], failed: number, isSingle: boolean): void {
  if (failed === 0) return;
  const errors = rows.flatMap((row) => ('error' in row ? [row.error] : []));
  const [first] = errors;
  if (isSingle && first)
    throw new GeorError(first.code === 'backend' ? 'backend' : 'image', first.message, {
      ...(first.hint !== undefined && { hint: first.hint }),
    });
  process.stderr.write(`${failed} of ${rows.length} pictures failed\n`);
  const isBackend = failed === rows.length && errors.every(({ code }) => code === 'backend');
  process.exitCode = isBackend ? 3 : 1;
}

const isOnePicture = (input: string): boolean =>
  inputKind(input) === 'photographs' ? true : !input.includes('?') && input !== 'earth:';

const settingsOf = (flags: LocateFlags) =>
  completeSettings({
    ...{ contract: flags.recipe, condition: flags.prompt, samples: flags.samples },
    ...{ topP: flags.topP, seed: flags.seed },
    ...(flags.temperature !== undefined && { temperature: flags.temperature }),
    ...(flags.maxTokens !== undefined && { maxTokens: flags.maxTokens }),
  });

/** Names and borders, under the policy that the flags choose. */
function gazetteerOf(flags: Pick<LocateFlags, 'gazetteer' | 'policy'>): Gazetteer {
  const whole = flags.gazetteer === undefined ? defaultGazetteer() : loadGazetteer(flags.gazetteer);
  return flags.policy === undefined ? whole : withPolicy(whole, readPolicy(flags.policy));
}

const inputOptions = (flags: LocateFlags, tile: Backend['tile']): InputOptions => ({
  guard: { maxPixels: flags.maxPixels, multipleOf: 28 },
  tile: tile ?? TILE_FOR_OTHERS,
  stdin: process.stdin,
  onSkipped: (path) => process.stderr.write(`passed over: ${path} is no picture\n`),
});

async function printDryRun(
  inputs: readonly string[],
  flags: LocateFlags,
  format: LocateFormat,
): Promise<void> {
  const address = backendAddress({ ...flags, allowRemote: true });
  const url = isAddress(address) && URL.canParse(address) ? new URL(address) : undefined;
  const settings = settingsOf(flags);
  const found = await dryRun(
    openInputs(inputs, inputOptions(flags, url ? undefined : QUICKSTART_TILE)),
    flags.limit ?? Number.POSITIVE_INFINITY,
    {
      ...settings,
      promptStyle: url ? 'full' : 'short',
      host: url?.host,
      isRemote: url !== undefined && !isLoopback(url.hostname),
      ...{ priceIn: flags.priceIn, priceOut: flags.priceOut },
    },
  );
  const text = format === 'text' ? dryRunText(found) : `${JSON.stringify(found, null, 2)}\n`;
  if (flags.output === undefined) process.stdout.write(text);
  else writeFileAtomic(flags.output, text);
}
