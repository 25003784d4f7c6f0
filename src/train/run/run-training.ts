/**
 * One embedded training run from its data to its model: rows, start, stage, held-out answers.
 *
 * Everything is in the run's folder; a resumed run reads the same rows and goes on from the checkpoint.
 * @module
 */
import { existsSync } from 'node:fs';
import { defaultGazetteer } from '../../data/index.ts';
import { Generator, type ImageGrid, type Model, type RgbImage } from '../../model/index.ts';
import { saveAdapter, saveModel } from '../../model/node/index.ts';
import type { RecipeReward } from '../../rewards/index.ts';
import { removeCheckpoint } from '../checkpoint.ts';
import { frozenCopy, trainGrpo } from '../grpo.ts';
import type { GrpoSettings } from '../grpo-settings.ts';
import { MetricsLog, type MetricsRow } from '../metrics.ts';
import {
  type LeftOut,
  type RowTask,
  type RowTaskOptions,
  readRows,
  rowTask,
} from '../rows/index.ts';
import { type SftSettings, trainSft } from '../sft.ts';
import type { OptimizerSettings, StageContext, StageResult } from '../stage.ts';
import { answerRows, type RowAnswer } from './answer-rows.ts';
import {
  contractOf,
  type GrpoRecipe,
  type SftRecipe,
  stepsOf,
  type TrainingRecipe,
} from './recipe.ts';
import type { TrainingFolder } from './run-folder.ts';
import { isPreset, type StartModel, startModel } from './start-model.ts';

/** The parts of a run, in their order. */
export type RunPart = 'data' | 'before' | 'training' | 'after';

/** Who watches a run. Nothing here changes its result. */
export interface TrainingObserver {
  part(part: RunPart): void;
  endPart(remark: string): void;
  /** Counts of a part; steps have their row of metrics. */
  progress(done: number, total: number, row?: MetricsRow): void;
  /** What the model answers just now to a held-out row, with the picture as it sees it. */
  sample(answer: RowAnswer, image: RgbImage): void;
}

/** A run. */
export interface TrainingRun {
  readonly folder: TrainingFolder;
  readonly recipe: TrainingRecipe;
  /** Scores completions in GRPO, and held-out answers. */
  readonly reward: RecipeReward;
  /** Whether the reward's judge is shown pictures. */
  readonly showsPictures?: boolean;
  readonly threads?: number;
}

/** How a run ended. */
export interface TrainingOutcome {
  /** False when it was interrupted. */
  readonly finished: boolean;
  readonly steps: number;
  /** Rows that were left out, and pictures that broke during training. */
  readonly leftOut: readonly LeftOut[];
  readonly faults: number;
  /** Held-out answers of the model at the start (not of a new one) and at the end. */
  readonly before?: readonly RowAnswer[];
  readonly after?: readonly RowAnswer[];
  /** The folder of the trained model or adapter. */
  readonly result?: string;
}

/** Runs it, or goes on with it. */
export async function runTraining(
  run: TrainingRun,
  observer: TrainingObserver,
  signal: AbortSignal,
): Promise<TrainingOutcome> {
  const { folder, recipe } = run;
  observer.part('data');
  const prepared = await timed(folder, 'data', () => prepare(run, observer, signal));
  const { data, held, steps, leftOut, start } = prepared;
  observer.endPart(remarkOn(data, held, leftOut.length));
  const stopped = (done: number): TrainingOutcome => ({
    ...{ finished: false, steps: done, leftOut, faults: faultsOf(folder) },
  });
  if (signal.aborted) return stopped(0);
  const before =
    held && !isPreset(folder.record.model)
      ? await answerHeld(run, prepared, 'before', observer, signal)
      : undefined;
  if (signal.aborted) return stopped(0);
  observer.part('training');
  const { finished, steps: done } = await timed(folder, 'training', () =>
    train(run, prepared, observer, signal),
  );
  if (!finished) {
    observer.endPart(`stopped after step ${done}`);
    return stopped(done);
  }
  const result = folder.file(start.model.adapter ? 'adapter' : 'model');
  if (start.model.adapter) saveAdapter(result, start.model.adapter);
  else saveModel(result, start.model);
  observer.endPart(`${steps} steps`);
  const after = held ? await answerHeld(run, prepared, 'after', observer, signal) : undefined;
  if (signal.aborted) return { ...stopped(done), result };
  folder.note({ finished: true });
  removeCheckpoint(folder.file('checkpoints', `${recipe.stage}.safetensors`));
  return {
    ...{ finished: true, steps, leftOut, faults: faultsOf(folder), result },
    ...(before && { before }),
    ...(after && { after }),
  };
}

interface PreparedRun {
  readonly start: StartModel;
  readonly data: RowTask;
  readonly held: RowTask | undefined;
  readonly steps: number;
  readonly leftOut: readonly LeftOut[];
}

async function prepare(
  { folder, recipe, showsPictures = false }: TrainingRun,
  observer: TrainingObserver,
  signal: AbortSignal,
): Promise<PreparedRun> {
  const gazetteer = defaultGazetteer();
  const { columns, photos, seed, limit, evalLimit } = recipe;
  const reading = { gazetteer, columns, seed, ...(photos !== undefined && { photos }) };
  const read = await readRows(recipe.data ?? [], {
    ...reading,
    ...(limit !== undefined && { limit }),
  });
  const { data: _, evalData = [] } = recipe;
  const heldRead = await readRows(evalData, { ...reading, limit: evalLimit, unique: true });
  const asking = {
    contract: contractOf(recipe),
    conditions: recipe.condition,
    decimals: recipe.decimals,
  };
  const start = startModel(folder.record.model, recipe, asking, read.rows);
  const total = read.rows.length + heldRead.rows.length;
  const options = (before: number): RowTaskOptions => ({
    ...asking,
    tile: recipe.tile,
    stage: recipe.stage,
    maxTokens: recipe.stage === 'sft' ? recipe.maxLength : recipe.maxPromptLength,
    showsPictures,
    signal,
    onProgress: (done) => observer.progress(before + done, total),
  });
  const data = await rowTask(read.rows, start.model, options(0));
  const held =
    evalData.length > 0 && !signal.aborted
      ? await rowTask(heldRead.rows, start.model, {
          ...options(read.rows.length),
          // the first prompt is asked; whether its answer would fit is not of interest
          stage: 'grpo',
        })
      : undefined;
  const leftOut = [
    ...[...read.leftOut, ...data.leftOut],
    ...[...heldRead.leftOut, ...(held?.leftOut ?? [])],
  ];
  const steps = stepsOf(recipe, data.rows.length);
  folder.writeFailures(leftOut);
  const counts = ({ rows }: RowTask, others: number) => ({ used: rows.length, leftOut: others });
  folder.note({
    steps,
    rows: {
      data: counts(data, read.leftOut.length + data.leftOut.length),
      ...(held && {
        evalData: counts(held, heldRead.leftOut.length + held.leftOut.length),
      }),
    },
  });
  return { start, data, held, steps, leftOut };
}

function remarkOn(data: RowTask, held: RowTask | undefined, leftOut: number): string {
  const parts = [`${data.rows.length} to learn from`];
  if (held) parts.push(`${held.rows.length} held out`);
  if (leftOut > 0) parts.push(`${leftOut} left out`);
  return parts.join(', ');
}

/** Trains in place; true at once when the result is there already. */
async function train(
  run: TrainingRun,
  prepared: PreparedRun,
  observer: TrainingObserver,
  signal: AbortSignal,
): Promise<StageResult> {
  const { folder, recipe, threads } = run;
  const { start, data, held, steps } = prepared;
  const { stage } = recipe;
  const watchEvery = recipe.watchEvery ?? Math.max(1, Math.ceil(steps / 20));
  const generator = held && (await openGenerator(start.model, threads));
  const context: StageContext = {
    ...{ stage, seed: recipe.seed, signal },
    ...(threads !== undefined && { threads }),
    metrics: new MetricsLog(folder.file('metrics.jsonl')),
    completions: new MetricsLog(folder.file('completions.jsonl')),
    faults: new MetricsLog(folder.file('faults.jsonl')),
    checkpointPath: folder.file('checkpoints', `${stage}.safetensors`),
    checkpointEvery: recipe.checkpointEvery,
    onStep: async (row) => {
      observer.progress(row.step, steps, row);
      if (held && generator && row.step % watchEvery === 0)
        await look(run, { ...prepared, held }, generator, row.step, observer);
      await new Promise((resume) => setImmediate(resume)); // Ctrl-C is heard here
    },
  };
  try {
    const grid = commonGrid(data, held);
    return await (recipe.stage === 'sft'
      ? trainSft(
          {
            ...start.model,
            ...(grid && { grid }),
            ...(held && hasAnswers(held) && { heldOut: held.task }),
          },
          data.task,
          { ...optimizerOf(recipe, steps), ...sftSettings(recipe, data, held) },
          context,
        )
      : trainGrpo(
          {
            ...{ model: start.model, reward: run.reward },
            ...(grid && { grid }),
            reference: start.model.adapter ? start.reference : frozenCopy(start.reference),
          },
          data.task,
          { ...optimizerOf(recipe, steps), ...grpoSettings(recipe, data) },
          context,
        ));
  } finally {
    await generator?.release();
  }
}

function optimizerOf(recipe: TrainingRecipe, steps: number): OptimizerSettings {
  const { learningRate, schedule, warmupRatio, weightDecay, beta1, beta2, maxGradNorm, muon } =
    recipe;
  return {
    ...{ steps, learningRate, schedule, weightDecay, beta1, beta2, maxGradNorm },
    warmupSteps: Math.ceil(warmupRatio * steps),
    ...(muon && { muon }),
  };
}

/** The grid of every picture, where they are all alike: one shape is faster than any. */
function commonGrid({ grid }: RowTask, held: RowTask | undefined): ImageGrid | undefined {
  const isCommon =
    !held || (held.grid?.height === grid?.height && held.grid?.width === grid?.width);
  return isCommon ? grid : undefined;
}

const hasAnswers = ({ rows }: RowTask): boolean =>
  rows.every(({ given }) => !given || given.answer !== undefined);

function sftSettings(
  recipe: SftRecipe,
  data: RowTask,
  held: RowTask | undefined,
): Omit<SftSettings, keyof OptimizerSettings> {
  const { batchSize, rowLength = 0, samplesPerPass, evalEvery, coordinateWeight } = recipe;
  return {
    ...{ batchSize, coordinateWeight },
    rowLength: Math.max(rowLength, data.longestExample, held?.longestExample ?? 0),
    ...(samplesPerPass !== undefined && { samplesPerPass }),
    ...(evalEvery !== undefined && { evalEvery }),
  };
}

function grpoSettings(
  recipe: GrpoRecipe,
  { longestPrompt }: RowTask,
): Omit<GrpoSettings, keyof OptimizerSettings> {
  const { groupSize, maxCompletionLength, rowLength = 0, epsilonHigh } = recipe;
  const { temperature, epsilon, beta, lossType, ratioLevel, advantages } = recipe;
  const { dynamicSampling, maxUnscoredSteps } = recipe;
  return {
    ...{ groupSize, maxCompletionLength, temperature, epsilon, beta, lossType, ratioLevel },
    advantages,
    prompts: recipe.promptsPerStep,
    updates: recipe.updatesPerStep,
    promptsPerPass: recipe.promptsPerPass ?? recipe.promptsPerStep,
    rowLength: Math.max(rowLength, longestPrompt + groupSize * maxCompletionLength),
    ...(epsilonHigh !== undefined && { epsilonHigh }),
    ...(dynamicSampling && { dynamicSampling }),
    ...(maxUnscoredSteps !== undefined && { maxUnscoredSteps }),
  };
}

const openGenerator = (model: Model, threads: number | undefined): Promise<Generator> =>
  Generator.create(model.config, model.parameters, {
    ...(threads !== undefined && { threads }),
    ...(model.adapter && { adapter: model.adapter }),
  });

/** Tokens of a held-out answer at most. */
const maxAnswerTokens = (recipe: TrainingRecipe): number =>
  recipe.stage === 'grpo' ? recipe.maxCompletionLength : 256;

/** What the model answers just now to one held-out row after the other. */
async function look(
  { recipe, reward }: TrainingRun,
  { start, held }: PreparedRun & { held: RowTask },
  generator: Generator,
  step: number,
  observer: TrainingObserver,
): Promise<void> {
  const [answer] = await answerRows(
    generator,
    held,
    { tokenizer: start.model.tokenizer, reward },
    { maxTokens: maxAnswerTokens(recipe), indices: [(step * 7) % held.rows.length] },
  );
  const image = answer && held.pictures.image(answer.row);
  if (answer && image) observer.sample(answer, image);
}

/** Answers all held-out rows and keeps what was said for `geor evaluate`. */
async function answerHeld(
  run: TrainingRun,
  { start, held }: PreparedRun,
  part: 'before' | 'after',
  observer: TrainingObserver,
  signal: AbortSignal,
): Promise<readonly RowAnswer[] | undefined> {
  const { folder, recipe, reward, threads } = run;
  if (!held) return undefined;
  observer.part(part);
  const answers = await timed(folder, part, async () => {
    const generator = await openGenerator(start.model, threads);
    try {
      return await answerRows(
        generator,
        held,
        { tokenizer: start.model.tokenizer, reward },
        {
          maxTokens: maxAnswerTokens(recipe),
          signal,
          onProgress: (done, total) => observer.progress(done, total),
        },
      );
    } finally {
      await generator.release();
    }
  });
  if (signal.aborted) return undefined;
  folder.writeLines(
    'predictions/truth.jsonl',
    held.rows.map(({ id, lat, lon }) => ({ id, lat, lon })),
  );
  folder.writeLines(
    `predictions/${part}.jsonl`,
    answers.map(({ row, completion, distanceKm, reward: score }) => ({
      ...{ id: row.id, completion, distanceKm, reward: score },
    })),
  );
  observer.endPart(`${answers.length} answers`);
  return answers;
}

/** Pictures that broke during training. */
const faultsOf = (folder: TrainingFolder): number =>
  existsSync(folder.file('faults.jsonl'))
    ? new MetricsLog(folder.file('faults.jsonl')).rows().length
    : 0;

async function timed<T>(
  folder: TrainingFolder,
  part: RunPart,
  work: () => T | Promise<T>,
): Promise<T> {
  const start = performance.now();
  try {
    return await work();
  } finally {
    folder.addSeconds(part, (performance.now() - start) / 1000);
  }
}
