/**
 * The page of embedded training runs: curves, held-out figures, the record.
 * @module
 */
import { basename, join, resolve } from 'node:path';
import { chartedFigures } from '../../engines/index.ts';
import {
  formatNumber,
  type HeldOutRow,
  renderTraining,
  type TrainingRun,
} from '../../report/index.ts';
import { MetricsLog, readTrainingRecord, type TrainingRecord } from '../../train/index.ts';
import { type HeldOutFigures, heldOutFigures } from './held-out.ts';
import { figuresOf } from './watch.ts';

interface ReadRun {
  readonly name: string;
  readonly folder: string;
  readonly record: TrainingRecord;
  readonly steps: readonly { step: number; values: Readonly<Record<string, number>> }[];
  readonly heldOut: readonly HeldOutFigures[];
}

/** Whether a folder holds a run of `geor train`. */
export const isTrainingFolder = (folder: string): boolean =>
  readTrainingRecord(folder) !== undefined;

/** Renders the page of one run or of several side by side. */
export function renderTrainingFolders(folders: readonly string[]): string {
  const runs = folders.map(readRun);
  const names = runs.flatMap(({ steps }) => steps.flatMap(({ values }) => Object.keys(values)));
  return renderTraining({
    title: runs.length === 1 ? runs[0]!.name : `${runs.length} runs`,
    madeAt: new Date().toISOString(),
    runs: runs.map(trainingRun),
    figures: chartedFigures(names).map(({ name, label, isShare }) => ({
      title: label,
      ...(isShare && { include: [0, 1] }),
      series: runs.map((run) => ({
        name: run.name,
        points: run.steps.flatMap(({ step, values }) =>
          values[name] === undefined ? [] : [{ x: step, y: values[name] }],
        ),
      })),
    })),
    heldOut: runs.flatMap((run) => run.heldOut.map((figures) => heldOutRow(run.name, figures))),
  });
}

function readRun(path: string): ReadRun {
  const folder = resolve(path);
  const record = readTrainingRecord(folder)!;
  return {
    ...{ folder, record, name: basename(folder) },
    steps: new MetricsLog(join(folder, 'metrics.jsonl'))
      .rows()
      .map((row) => ({ step: row.step, values: figuresOf(row) })),
    heldOut: heldOutFigures(folder),
  };
}

function trainingRun({ name, record, steps }: ReadRun): TrainingRun {
  const { stage, recipe, model, rows, inputs, finished } = record;
  const last = steps.at(-1);
  const reward = last?.values['reward'];
  return {
    name,
    about: `${stage === 'grpo' ? 'GRPO' : 'Supervised fine-tuning'} of ${basename(model)}, ${recipe['recipe']}, ${recipe['adaptation'] === 'lora' ? 'an adapter' : 'all parameters'}, ${rows?.data.used ?? 0} rows`,
    state: finished ? 'finished' : 'not finished',
    step: last?.step ?? 0,
    totalSteps: record.steps ?? 0,
    ...(reward !== undefined && { reward }),
    record: {
      command: `geor ${record.arguments.join(' ')}`,
      model,
      ...(rows && { 'rows left out': rows.data.leftOut + (rows.evalData?.leftOut ?? 0) }),
      ...Object.fromEntries(inputs.map(({ path, sha256 }) => [`sha256 of ${path}`, sha256])),
      ...Object.fromEntries(
        Object.entries(recipe).map(([setting, value]) => [
          setting,
          typeof value === 'number'
            ? formatNumber(value)
            : typeof value === 'string'
              ? value
              : JSON.stringify(value),
        ]),
      ),
    },
  };
}

const heldOutRow = (run: string, figures: HeldOutFigures): HeldOutRow => ({
  run,
  when: figures.name === 'before' ? 'before' : 'trained',
  n: figures.n,
  withoutPlace: figures.withoutPlace,
  within: figures.within,
  medianKm: figures.medianKm,
  ...(figures.reward && { reward: figures.reward }),
});
