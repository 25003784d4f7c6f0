/**
 * `geor merge`: what a run trained, as one model that servers read.
 * @module
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { GeorError } from '../core/index.ts';
import {
  AttemptsFile,
  type Checkpoint,
  checkpointAt,
  lastCheckpoint,
  type Manifest,
  nextSteps,
  readManifest,
  type TrainedModel,
  trainedModel,
} from '../engines/index.ts';
import { type MergeReport, mergeLora } from '../model/node/index.ts';
import { formatCount, formatNumber, formatPercent } from '../report/index.ts';
import { readTrainingRecord, type TrainingRecord } from '../train/index.ts';
import { createDisplay } from './display/index.ts';
import { compareEmbedded, type EmbeddedCheck, isSmall } from './merge/embedded-check.ts';
import { compareLogits, type LogitCheck } from './merge/logit-check.ts';
import { runVerlMerger } from './merge/verl-merger.ts';
import { wholeNumber } from './whole-number.ts';

interface Flags {
  readonly output?: string;
  readonly step?: number;
  readonly base?: string;
  readonly python?: string;
  readonly json?: true;
}

/** The command with its flags and its action. */
export function command(): Command {
  return new Command('merge')
    .description('an adapter and its base to one model that servers read')
    .argument('<folder>', 'a run of geor train, or one that geor export wrote and geor launch ran')
    .option('-o, --output <folder>', 'where the model goes (default: merged/ in the run)')
    .option('--step <n>', 'the checkpoint of this step, not the last one', wholeNumber(1))
    .option('--base <folder>', 'the model that was trained, where the run names none that is here')
    .option(
      '--python <file>',
      "a Python with transformers and peft: compares logits, and runs verl's merger",
    )
    .option('--json', 'print what was merged and checked as one JSON document')
    .action(run);
}

async function run(path: string, flags: Flags): Promise<void> {
  const folder = resolve(path);
  const training = readTrainingRecord(folder);
  if (training) return await mergeTraining(folder, training, flags);
  const manifest = readManifest(folder);
  const checkpoint = wantedCheckpoint(folder, manifest, flags);
  const find = (): TrainedModel => trainedModel({ folder, manifest, checkpoint, base: flags.base });
  let trained = find();
  if (trained.kind === 'shards') {
    await runVerlMerger(trained, flags.python);
    trained = find();
  }
  const output = resolve(flags.output ?? join(folder, 'merged'));
  let merged: MergeReport | undefined;
  let logits: LogitCheck | undefined;
  let embedded: EmbeddedCheck | undefined;
  let served = output;
  if (trained.kind === 'adapter') {
    merged = await mergeShown(trained, output);
    const models = { ...trained, merged: output };
    if (flags.python !== undefined) logits = await compareLogits(flags.python, models);
    embedded = await embeddedCheck(models);
  } else if (trained.kind === 'whole') served = trained.folder;
  const next = nextSteps(served, manifest);
  const result = {
    run: manifest.run,
    step: checkpoint?.step ?? null,
    model: served,
    ...(merged && { merged }),
    ...(logits && { logits }),
    ...(embedded && { embedded }),
    ...next,
  };
  if (flags.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else process.stdout.write(`${next.serve}\n${next.evaluate}\n`);
}

/** A run of `geor train`: its adapter into the model that it was trained on. */
async function mergeTraining(
  folder: string,
  { model, recipe }: TrainingRecord,
  { output, base = model, step, python, json }: Flags,
): Promise<void> {
  if (step !== undefined)
    throw new GeorError('usage', 'a run of geor train keeps its last state alone', {
      hint: 'leave --step out',
    });
  const adapter = join(folder, 'adapter');
  if (!existsSync(adapter))
    throw new GeorError('usage', `${folder} holds no adapter`, {
      hint:
        recipe['adaptation'] === 'lora'
          ? 'it is not finished: geor train --resume'
          : `all parameters were trained: the model is ${join(folder, 'model')}`,
    });
  const merged = resolve(output ?? join(folder, 'merged'));
  const models = { adapter, base, merged };
  const report = await mergeShown({ kind: 'adapter', adapter, base }, merged);
  const logits = python === undefined ? undefined : await compareLogits(python, models);
  const embedded = await embeddedCheck(models);
  const locate = `geor locate --backend ${merged} photos/`;
  const result = {
    ...{ run: folder, model: merged, merged: report },
    ...(logits && { logits }),
    ...(embedded && { embedded }),
    locate,
  };
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : `${locate}\n`);
}

/** Asks geor's own engine where the model is small and the adapter is one it runs. */
async function embeddedCheck(models: {
  base: string;
  adapter: string;
  merged: string;
}): Promise<EmbeddedCheck | undefined> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  try {
    if (!isSmall(models.base)) {
      say('log-probabilities not compared here: the model is large; --python compares logits');
      return undefined;
    }
  } catch (error) {
    say(`log-probabilities not compared here: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  const found = await compareEmbedded(models);
  say(
    `log-probabilities of ${found.tokens} tokens: off by ${found.difference.toPrecision(3)} at most;` +
      ` the adapter changes them by ${found.change.toPrecision(3)}`,
  );
  return found;
}

/** The step asked for; the end of a run that is finished; else the last checkpoint that is whole. */
function wantedCheckpoint(
  folder: string,
  manifest: Manifest,
  { step }: Flags,
): Checkpoint | undefined {
  if (step !== undefined) {
    const found = checkpointAt(manifest, folder, step);
    if (!found)
      throw new GeorError('usage', `there is no whole checkpoint of step ${step}`, {
        hint: `see ${join(folder, manifest.checkpoints.folder)}`,
      });
    return found;
  }
  const isFinished = new AttemptsFile(folder).last?.ended?.outcome === 'succeeded';
  const place = join(folder, manifest.checkpoints.folder);
  const hasEnd = [
    'adapter_model.safetensors',
    'model.safetensors',
    'model.safetensors.index.json',
  ].some((name) => existsSync(join(place, name)));
  return isFinished && hasEnd && manifest.engine.name === 'trl'
    ? undefined
    : lastCheckpoint(manifest, folder);
}

async function mergeShown(
  { adapter, base }: Extract<TrainedModel, { kind: 'adapter' }>,
  output: string,
): Promise<MergeReport> {
  const { stderr } = process;
  const display = createDisplay({
    stream: stderr,
    isTty: stderr.isTTY === true,
    columns: () => stderr.columns,
    now: () => performance.now(),
  });
  const leaving = new AbortController();
  const leave = (): void => leaving.abort(new GeorError('usage', 'interrupted'));
  process.once('SIGINT', leave);
  try {
    display.stage(`Merging ${adapter}`);
    const report = await mergeLora({
      ...{ adapter, base, output, signal: leaving.signal },
      onProgress: (doneBytes, totalBytes) =>
        display.progress({ done: doneBytes, total: totalBytes }),
    });
    display.endStage(`${formatCount(report.changed)} of ${report.changed + report.copied} weights`);
    for (const line of checkLines(report)) display.note(line);
    display.done(output);
    return report;
  } catch (error) {
    display.done();
    if (leaving.signal.aborted) {
      process.stderr.write('Stopped. Nothing was left behind.\n');
      process.exit(130);
    }
    throw error;
  } finally {
    process.off('SIGINT', leave);
  }
}

function checkLines({ check }: MergeReport): string[] {
  const { numbers, weights, relativeChange, kept } = check;
  return [
    `checked: ${formatCount(numbers)} numbers of ${weights} weights computed again, all as near as their type allows`,
    `the adapter changes its weights by ${formatPercent(100 * relativeChange)} of their size; ${formatPercent(100 * kept)} of that is left after rounding`,
    ...(relativeChange === 0 ? ['warning: the adapter changes nothing; was it trained?'] : []),
    ...(kept < 0.9 && relativeChange > 0
      ? [
          `warning: rounding to 16 bits swallowed ${formatNumber(100 * (1 - kept))} % of the training`,
        ]
      : []),
  ];
}
