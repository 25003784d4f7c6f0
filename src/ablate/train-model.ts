/**
 * One model of a seed: trained, or taken up where its last checkpoint left it, or loaded.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileAtomic } from '../core/node/index.ts';
import type { Coordinate } from '../geo/index.ts';
import type { Model } from '../model/index.ts';
import { loadModel, saveModel } from '../model/node/index.ts';
import {
  frozenCopy,
  MetricsLog,
  type MetricsRow,
  removeCheckpoint,
  type StageContext,
  type StageResult,
  trainGrpo,
  trainSft,
} from '../train/index.ts';
import { judgeTiles } from './judge-tiles.ts';
import {
  BASE,
  type GrpoPlan,
  type ModelName,
  type PoolName,
  planOf,
  type SftPlan,
} from './models.ts';
import { hardIndices, range, subsetTask } from './pools.ts';
import { sftTiles } from './recipe.ts';
import { trainingReward } from './rewards.ts';
import { breathe, Interrupted, type Workshop } from './workshop.ts';

const isDone = (workshop: Workshop, name: ModelName): boolean =>
  existsSync(workshop.folder.file('models', name, 'model.safetensors'));

/**
 * Trains a model, or loads it when it is done.
 *
 * @throws Interrupted when the signal stopped it; its checkpoint is written
 */
export async function trainModel(workshop: Workshop, name: ModelName): Promise<Model> {
  const { folder, seed, signal, observer, threads } = workshop;
  const target = folder.file('models', name);
  if (isDone(workshop, name)) return loadModel(target);
  const checkpointPath = folder.file('checkpoints', `${name}.safetensors`);
  const plan = planOf(name);
  const steps = stepsOf(workshop, plan);
  const context: StageContext = {
    ...{ stage: name, seed, signal, checkpointPath },
    ...(threads !== undefined && { threads }),
    metrics: new MetricsLog(folder.file('metrics', `${name}.jsonl`)),
    checkpointEvery: Math.max(2, Math.ceil(steps / 8)),
    onStep: async (row) => {
      observer.progress(name, row.step / steps, fieldsOf(row, plan));
      await breathe(); // Ctrl-C is heard here
    },
  };
  const { model, finished } =
    plan.kind === 'sft'
      ? await supervise(workshop, plan, steps, context)
      : await reinforce(workshop, plan, context);
  if (!finished) throw new Interrupted();
  saveModel(target, model);
  removeCheckpoint(checkpointPath);
  return model;
}

function stepsOf({ recipe }: Workshop, plan: SftPlan | GrpoPlan): number {
  return plan.kind === 'sft' ? Math.round(recipe.sft.steps * plan.share) : recipe.grpo.steps;
}

const fieldsOf = (row: MetricsRow, { kind }: SftPlan | GrpoPlan): Record<string, number> =>
  kind === 'sft' ? { loss: Number(row['loss']) } : { reward: Number(row['reward']) };

type Trained = StageResult & { readonly model: Model };

/** From nothing; every model of a seed begins with the same parameters. */
async function supervise(
  workshop: Workshop,
  { conditions, pool, share }: SftPlan,
  steps: number,
  context: StageContext,
): Promise<Trained> {
  const { prepared, recipe, seed } = workshop;
  const tiles = Math.round(sftTiles(recipe) * share);
  const indices = pool === 'random' ? range(0, tiles) : await hardPool(workshop, 'sft', tiles);
  const task = subsetTask(prepared.task('train', ...conditions), indices);
  const model = prepared.newModel(seed);
  const warmupSteps = Math.ceil(recipe.sft.warmupSteps * share);
  const settings = { ...recipe.sft, steps, warmupSteps };
  const { grid } = prepared.processor;
  return { ...(await trainSft({ ...model, grid }, task, settings, context)), model };
}

async function reinforce(
  workshop: Workshop,
  { pool, reward, hasKl }: GrpoPlan,
  context: StageContext,
): Promise<Trained> {
  const { prepared, recipe, geocoder } = workshop;
  const base = await trainModel(workshop, BASE);
  const task = subsetTask(prepared.task('train', 'cor'), await reinforcementPool(workshop, pool));
  const model = { ...base, parameters: frozenCopy(base.parameters) };
  const subject = {
    ...{ model, grid: prepared.processor.grid, reference: base.parameters },
    reward: trainingReward(reward, prepared.gazetteer, geocoder),
  };
  const settings = { ...recipe.grpo, ...(!hasKl && { beta: 0 }) };
  return { ...(await trainGrpo(subject, task, settings, context)), model };
}

/** Tiles that supervised training left: all of them, or the hard ones. */
async function reinforcementPool(workshop: Workshop, pool: PoolName): Promise<readonly number[]> {
  const { recipe, prepared } = workshop;
  const left = range(sftTiles(recipe), prepared.samples.train.length);
  return pool === 'random' ? left : hardPool(workshop, 'rl', left.length);
}

/**
 * Hard tiles, at most so many: for reinforcement among those that the base has not seen, for
 * supervised training from nothing among all.
 */
async function hardPool(
  workshop: Workshop,
  purpose: 'sft' | 'rl',
  count: number,
): Promise<readonly number[]> {
  const { recipe, prepared } = workshop;
  const { train } = prepared.samples;
  const from = purpose === 'sft' ? 0 : sftTiles(recipe);
  const popular = await popularPoints(workshop);
  return hardIndices(train, range(from, train.length), popular, recipe.hard).slice(0, count);
}

const popularSchema = z.strictObject({
  candidates: z.number(),
  rightKm: z.number(),
  /** Share of all training tiles that is hard, percent. */
  hardPercent: z.number(),
  popular: z.array(z.strictObject({ lat: z.number(), lon: z.number() })),
});

/** Where the supervised model is right, found once a seed. */
async function popularPoints(workshop: Workshop): Promise<readonly Coordinate[]> {
  const { folder, recipe, prepared } = workshop;
  const file = folder.file('popular.json');
  if (existsSync(file)) return popularSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).popular;
  const base = await trainModel(workshop, BASE);
  const { train } = prepared.samples;
  const { candidates, rightKm } = recipe.hard;
  const from = sftTiles(recipe);
  const asked = range(from, Math.min(train.length, from + candidates));
  const rows = await judgeTiles(workshop, base, 'cor', 'popular places', 'train', asked);
  const popular = rows.flatMap(({ distanceKm }, i) => {
    const { lat, lon } = train[asked[i]!]!;
    return distanceKm !== null && distanceKm <= rightKm ? [{ lat, lon }] : [];
  });
  const hard = hardIndices(train, range(0, train.length), popular, recipe.hard).length;
  const found = {
    ...{ candidates: asked.length, rightKm },
    hardPercent: (100 * hard) / train.length,
    popular,
  };
  writeFileAtomic(file, `${JSON.stringify(found)}\n`);
  return popular;
}
