/**
 * The page of runs of an engine: their curves over each other, what happened, the record.
 * @module
 */
import {
  type Attempt,
  chartedFigures,
  type JoinedStep,
  type Manifest,
} from '../../engines/index.ts';
import { formatNumber, renderTraining, type TrainingRun } from '../../report/index.ts';

/** A run with everything that is known about it. */
export interface ReportedRun {
  readonly manifest: Manifest;
  readonly attempts: readonly Attempt[];
  readonly steps: readonly JoinedStep[];
  readonly totalSteps: number;
}

/** Renders the page of one run or of several side by side. */
export function renderRuns(runs: readonly ReportedRun[]): string {
  const names = runs.flatMap(({ steps }) => steps.flatMap(({ values }) => Object.keys(values)));
  return renderTraining({
    title: runs.length === 1 ? runs[0]!.manifest.run : `${runs.length} runs`,
    madeAt: new Date().toISOString(),
    runs: runs.map(trainingRun),
    figures: chartedFigures(names).map(({ name, label, isShare }) => ({
      title: label,
      ...(isShare && { include: [0, 1] }),
      series: runs.map(({ manifest, steps }) => ({
        name: manifest.run,
        points: steps.flatMap(({ step, values }) =>
          values[name] === undefined ? [] : [{ x: step, y: values[name] }],
        ),
      })),
    })),
  });
}

function trainingRun({ manifest, attempts, steps, totalSteps }: ReportedRun): TrainingRun {
  const { engine, stage, recipe, model, cluster, data } = manifest;
  const last = steps.at(-1);
  return {
    name: manifest.run,
    about: `${stage === 'grpo' ? 'GRPO' : 'Supervised fine-tuning'} of ${model.preset ?? model.path} with ${engine.name} ${engine.version}, ${recipe.name} (${recipe.variant}), ${data.train.rows} rows`,
    state: stateOf(attempts),
    step: last?.step ?? 0,
    totalSteps,
    ...(last?.values['reward'] !== undefined && { reward: last.values['reward'] }),
    attempts: attempts.map(({ number, started, ended }) => ({
      number,
      startedAt: started.at,
      endedAt: ended?.at ?? null,
      resumedFrom: started.resumedFrom,
      outcome: ended?.outcome ?? 'running',
      reason: ended?.reason ?? null,
    })),
    record: {
      engine: `${engine.name} ${engine.version}`,
      model: model.path,
      adaptation: model.adaptation,
      seed: manifest.seed,
      processes: cluster.nodes * cluster.processesPerNode,
      'training rows': data.train.rows,
      'training rows, sha256': data.train.sha256,
      geor: manifest.geor,
      ...Object.fromEntries(
        Object.entries(manifest.estimates).map(([name, value]) => [
          `estimate: ${name}`,
          formatNumber(value),
        ]),
      ),
    },
  };
}

function stateOf(attempts: readonly Attempt[]): string {
  const last = attempts.at(-1);
  if (!last) return 'not started';
  return last.ended?.outcome ?? 'running';
}
