import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  tinyModelConfig as config,
  formulaImage,
  formulaParameters,
  IMAGE,
  noise,
} from '../../test/support/tiny-model.ts';
import { DEFAULT_PREPROCESSOR } from '../model/checkpoint/index.ts';
import { pack, prepareImage } from '../model/index.ts';
import { AnswerStep } from './answer-step.ts';
import { imageBatch } from './draw-images.ts';
import { exampleOf } from './example.ts';
import { nextTokenLoss } from './loss.ts';
import type { MetricsRow } from './metrics.ts';
import { type SftSettings, trainSft } from './sft.ts';
import type { Task } from './task.ts';

const numbers = z.array(z.number());
const golden = z
  .object({
    learningRate: z.number(),
    maxGradNorm: z.number(),
    width: z.number(),
    height: z.number(),
    samples: z.array(z.object({ image: z.number(), prompt: numbers, answer: numbers })),
    trained: numbers,
    heldOut: numbers,
    steps: z.array(
      z.object({
        loss: z.number(),
        gradNorm: z.number(),
        evalLoss: z.number(),
        evalAccuracy: z.number(),
        gradients: z.array(numbers).optional(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../test/golden/sft.json', import.meta.url), 'utf8')));
const { width, height, steps } = golden;
const preprocessor = { ...DEFAULT_PREPROCESSOR, minPixels: 56 * 56, maxPixels: 40 * 28 * 28 };
const imageOf = (number: number) => {
  const data = formulaImage(number, width * height * 3);
  return prepareImage({ width, height, data }, config.vision_config, preprocessor);
};
const { grid } = imageOf(0);
const placeholders = (grid.height * grid.width) / 4;

function taskOf(chosen: readonly number[]): Task {
  const samples = chosen.map((number) => golden.samples[number]!);
  const prompts = samples.map(({ prompt }) =>
    prompt.flatMap((token) => new Array<number>(token === IMAGE ? placeholders : 1).fill(token)),
  );
  return {
    size: samples.length,
    imageSize: imageOf(0).pixels.length,
    writeImage: (index, out, slot) => {
      const { pixels } = imageOf(samples[index]!.image);
      out.set(pixels, slot * pixels.length);
    },
    turns: (index) => [{ prompt: prompts[index]!, answer: samples[index]!.answer }],
    prompt: (index) => prompts[index]!,
    target: () => ({ lat: 0, lon: 0 }),
  };
}

const settings: SftSettings = {
  ...{ steps: steps.length, batchSize: golden.trained.length, rowLength: 40, evalEvery: 1 },
  ...{ learningRate: golden.learningRate, maxGradNorm: golden.maxGradNorm, weightDecay: 0 },
  ...{ warmupSteps: 0, schedule: 'constant' },
};

describe('supervised training through a model, as TRL with completion_only_loss', () => {
  it.each([1, 2, 4])('loss, gradient norm and held-out loss, %i samples a pass', async (pass) => {
    const rows: MetricsRow[] = [];
    await trainSft(
      { config, parameters: formulaParameters(config), grid, heldOut: taskOf(golden.heldOut) },
      taskOf(golden.trained),
      { ...settings, samplesPerPass: pass },
      { stage: 'sft', seed: 1, threads: 1, onStep: (row) => void rows.push(row) },
    );
    expect(rows).toHaveLength(steps.length);
    steps.forEach((want, i) => {
      const row = rows[i]!;
      const near = (name: string, value: number): void => {
        const difference = Math.abs(Number(row[name]) / value - 1);
        expect(difference, `${name} of step ${i + 1}`).toBeLessThan(1e-5);
      };
      near('loss', want.loss);
      near('grad_norm', want.gradNorm);
      near('eval_loss', want.evalLoss);
      expect(row['eval_mean_token_accuracy']).toBeCloseTo(want.evalAccuracy, 6);
    });
    expect(steps.some(({ evalAccuracy }) => evalAccuracy > 0)).toBe(true);
  });

  it('every gradient', async () => {
    const task = taskOf(golden.trained);
    const images = golden.trained.map((number) => imageOf(golden.samples[number]!.image));
    const shown = imageBatch(images);
    const batch = pack(
      images.map((_, i) => exampleOf(task.turns(i), i)),
      { length: 40, config, grids: shown.grids },
    );
    const parameters = formulaParameters(config);
    const step = await AnswerStep.create(
      config,
      parameters,
      { grid, length: 40, threads: 1 },
      nextTokenLoss,
    );
    const { length } = batch.answerTargets;
    await step.accumulate(batch, shown, { weights: new Float32Array(length).fill(1 / length) });
    const want = steps[0]!.gradients!;
    const largest = Math.max(...want.map(([norm]) => norm!));
    [...step.gradients.keys()].sort().forEach((name, place) => {
      const values = step.gradients.get(name)!;
      const along = (vector: Float64Array): number =>
        values.reduce((sum, value, i) => sum + value * vector[i]!, 0);
      const vectors = [0, 1].map((k) => noise(4000 + 2 * place + k, values.length));
      [Math.hypot(...values), ...vectors.map(along)].forEach((value, k) => {
        expect(Math.abs(value - want[place]![k]!) / largest, name).toBeLessThan(1e-5);
      });
    });
    await step.release();
  });
});
