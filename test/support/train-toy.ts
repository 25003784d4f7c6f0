/**
 * Trains the toy in a process of its own, to be killed: 20 supervised steps, then 20 of GRPO, into
 * `process.argv[2]`. Whatever is there already is gone on from.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../src/core/node/index.ts';
import type { Model } from '../../src/model/index.ts';
import { readSafetensors, writeSafetensors } from '../../src/tensor/index.ts';
import {
  frozenCopy,
  MetricsLog,
  type StageContext,
  type StageResult,
  trainGrpo,
  trainSft,
} from '../../src/train/index.ts';
import { digitReward, grid, grpoSettings, sftSettings, toyModel, toyTask } from './toy-task.ts';

/** Steps of each stage. */
export const STEPS = 20;

/** Trains both stages. @returns the two models */
export async function trainToy(folder: string): Promise<{ sft: Model; grpo: Model }> {
  const stage = async (
    name: string,
    model: Model,
    train: (model: Model, context: StageContext) => Promise<StageResult>,
  ): Promise<Model> => {
    const target = join(folder, `${name}.safetensors`);
    if (existsSync(target)) {
      const tensors = readSafetensors(readFileSync(target));
      for (const [key, { data }] of model.parameters) data.set(tensors.get(key)!.data);
      return model;
    }
    await train(model, {
      ...{ stage: name, seed: 11, threads: 1, checkpointEvery: 3 },
      metrics: new MetricsLog(join(folder, 'metrics.jsonl')),
      completions: new MetricsLog(join(folder, 'completions.jsonl')),
      faults: new MetricsLog(join(folder, 'faults.jsonl')),
      checkpointPath: join(folder, `${name}-checkpoint.safetensors`),
    });
    writeFileAtomic(target, writeSafetensors(new Map(model.parameters)));
    return model;
  };
  const sft = await stage('sft', toyModel(), (model, context) =>
    trainSft(
      { ...model, grid, heldOut: toyTask() },
      toyTask(),
      sftSettings({ steps: STEPS, schedule: 'cosine', samplesPerPass: 5, evalEvery: 5 }),
      context,
    ),
  );
  const start: Model = { ...sft, parameters: frozenCopy(sft.parameters) };
  const grpo = await stage('grpo', start, (model, context) =>
    trainGrpo(
      { model, grid, reward: digitReward, reference: sft.parameters },
      toyTask(),
      grpoSettings({
        ...{ steps: STEPS, prompts: 2, groupSize: 4, maxCompletionLength: 8, updates: 2 },
        ...{ learningRate: 1e-3, beta: 0.04 },
        dynamicSampling: { maxRounds: 1 },
      }),
      context,
    ),
  );
  return { sft, grpo };
}
