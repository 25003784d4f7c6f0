/**
 * The two models of a quick start: supervised, and improved by reinforcement.
 *
 * Supervised training learns two answers to each tile, the Chain of Region and the coordinates alone,
 * packed side by side over one image. Measured against training on either alone (docs/log.md), both
 * answers get better, the chain's coordinates most.
 * @module
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Generator, type Model } from '../model/index.ts';
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
import { answerTiles } from './answer-tiles.ts';
import { hardTiles } from './hard-tiles.ts';
import { Interrupted, type Workshop } from './workshop.ts';

/** The trained models: supervised, and the same improved by reinforcement. */
export interface TrainedModels {
  readonly sft: Model;
  readonly grpo: Model;
}

interface StagePlan {
  readonly name: keyof TrainedModels;
  readonly steps: number;
  /** Steps between two looks at a held-out tile. */
  readonly watchEvery: number;
  readonly start: () => Model;
  readonly train: (model: Model, context: StageContext) => Promise<StageResult>;
  /** What the display shows of a step. */
  readonly fields: (row: MetricsRow) => Record<string, number>;
}

/** Trains both models, or takes up those that are done. */
export async function trainModels(workshop: Workshop): Promise<TrainedModels> {
  const { prepared, recipe, seed, reward } = workshop;
  const { grid } = prepared.processor;
  const sft = await runStage(workshop, {
    name: 'sft',
    steps: recipe.sft.steps,
    watchEvery: 50,
    start: () => prepared.newModel(seed),
    train: (model, context) =>
      trainSft({ ...model, grid }, prepared.task('train', 'cor', 'direct'), recipe.sft, context),
    fields: (row) => ({ loss: Number(row['loss']) }),
  });
  const hard = await hardTiles(workshop, sft);
  const grpo = await runStage(workshop, {
    name: 'grpo',
    steps: recipe.grpo.steps,
    watchEvery: 4,
    start: () => ({ ...sft, parameters: frozenCopy(sft.parameters) }),
    train: (model, context) =>
      trainGrpo(
        { model, grid, reward, reference: sft.parameters },
        prepared.task(hard, 'cor'),
        recipe.grpo,
        context,
      ),
    fields: (row) => ({ reward: Number(row['reward']), KL: Number(row['kl'] ?? 0) }),
  });
  return { sft, grpo };
}

async function runStage(workshop: Workshop, plan: StagePlan): Promise<Model> {
  const { folder, observer, signal, seed } = workshop;
  const { name, steps } = plan;
  const target = folder.file('models', name);
  observer.stage(name);
  if (existsSync(join(target, 'model.safetensors'))) {
    observer.endStage('done before');
    return loadModel(target);
  }
  return folder.timed(name, async () => {
    const model = plan.start();
    const generator = await Generator.create(model.config, model.parameters);
    const checkpointPath = folder.file('checkpoints', `${name}.safetensors`);
    const result = await plan.train(model, {
      stage: name,
      seed,
      metrics: new MetricsLog(folder.file('metrics.jsonl')),
      completions: new MetricsLog(folder.file('completions.jsonl')),
      checkpointPath,
      checkpointEvery: Math.max(2, Math.ceil(steps / 10)),
      signal,
      onStep: async (row) => {
        observer.progress(row.step, steps, plan.fields(row));
        if (row.step % plan.watchEvery === 0) await look(workshop, generator, row.step);
        await new Promise((resume) => setImmediate(resume)); // Ctrl-C is heard here
      },
    });
    await generator.release();
    if (!result.finished) throw new Interrupted();
    saveModel(target, model);
    removeCheckpoint(checkpointPath);
    return model;
  });
}

/** Shows what the model answers just now to one held-out tile after the other. */
async function look(
  { prepared, recipe, seed, reward, observer }: Workshop,
  generator: Generator,
  step: number,
): Promise<void> {
  const samples = prepared.samples.test;
  const [answer] = await answerTiles(
    generator,
    {
      task: prepared.task('test', 'cor'),
      grid: prepared.processor.grid,
      samples,
      tokenizer: prepared.tokenizer,
      indices: [(step * 7) % samples.length],
    },
    { reward, gazetteer: prepared.gazetteer },
    { maxTokens: recipe.grpo.maxCompletionLength, temperature: 0, samples: 1, seed },
  );
  if (answer) observer.sample(answer, prepared.tileOf(answer.sample));
}
