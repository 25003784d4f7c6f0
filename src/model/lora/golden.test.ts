import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formulaImage, formulaParameters, noise } from '../../../test/support/tiny-model.ts';
import { AnswerStep, nextTokenLoss } from '../../train/index.ts';
import { parseModelConfig } from '../config.ts';
import { ImageProcessor } from '../image-processor.ts';
import { pack } from '../packing.ts';
import { Policy } from '../policy.ts';
import { widenImages } from '../policy-request.ts';
import type { Tokenizer } from '../tokenizer/index.ts';
import {
  type Adapter,
  adapterShapes,
  loraTargets,
  mergeAdapter,
  parseAdapterConfig,
} from './index.ts';

interface Case {
  readonly config: Record<string, unknown>;
  readonly logProbabilities: number[][];
  readonly loss: number;
  readonly gradients: Record<string, { shape: number[]; norm: number; samples: number[] }>;
  readonly merged: Record<string, number[]>;
}
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${name}.json`, import.meta.url), 'utf8'));
const [{ config: json, images: sizes, examples: shown }] = read('model').cases;
const [width, height]: [number, number] = sizes[0]; // all alike, and whole patches
const { cases }: { cases: Record<string, Case> } = read('lora');

const config = parseModelConfig(json);
const base = formulaParameters(config);
const processor = new ImageProcessor(config.vision_config, { width, height });
const { grid } = processor;
const bytes = shown.map((_: unknown, i: number) => formulaImage(i, width * height * 3));
const pixels = new Float32Array(shown.length * processor.size);
bytes.forEach((rgb: Uint8Array, i: number) => {
  processor.write(rgb, pixels, i);
});
const grids = shown.map(() => grid);
const examples = (shown as { prompt: number[]; answer: number[] }[]).map((example, i) => ({
  prompt: widenImages(example.prompt, config, [grid]),
  images: [i],
  completions: [example.answer],
}));

/** An adapter with values of the formula in `interop/make_lora_golden.py`. */
function formulaAdapter(lora: object): Adapter {
  const parsed = parseAdapterConfig({ peft_type: 'LORA', ...lora });
  const targets = loraTargets(config, parsed);
  const shapes = adapterShapes(targets);
  const order = [...shapes.keys()].sort();
  const parameters = new Map(
    Array.from(shapes, ([name, shape]) => {
      const values = noise(2000 + order.indexOf(name), shape[0] * shape[1]);
      return [name, { shape, data: Float32Array.from(values, (u) => u * 0.3) }];
    }),
  );
  return { config: parsed, targets, parameters };
}

const expectClose = (got: ArrayLike<number>, want: readonly number[], what: string): void => {
  const scale = Math.max(...want.map(Math.abs));
  expect(got.length, what).toBe(want.length);
  want.forEach((value, i) => {
    expect(Math.abs(got[i]! - value), `${what}[${i}]`).toBeLessThan(1e-4 * scale);
  });
};

describe.each(Object.entries(cases))('an adapter as PEFT has it: %s', (_, wanted) => {
  const adapter = formulaAdapter(wanted.config);

  it('changes the same layers', () => {
    expect([...adapter.parameters.keys()].sort()).toEqual(Object.keys(wanted.gradients));
    for (const [name, { shape }] of Object.entries(wanted.gradients))
      expect(adapter.parameters.get(name)!.shape, name).toEqual(shape);
  });

  it('gives the same log-probabilities, loss and gradients', async () => {
    const shape = { grid, length: 40, threads: 1, adapter: { targets: adapter.targets, base } };
    const step = await AnswerStep.create(config, adapter.parameters, shape, (answers) => ({
      ...nextTokenLoss(answers),
      outputs: { logs: answers.logProbabilities },
    }));
    const batch = pack(examples, { length: 40, config, grids });
    const answers = batch.answerTargets.length;
    const weights = new Float32Array(answers).fill(1 / answers);
    const { loss, outputs } = await step.accumulate(batch, { grids, pixels }, { weights });
    await step.release();
    expect(Math.abs(loss / wanted.loss - 1)).toBeLessThan(1e-5);
    expectClose(outputs['logs']!, wanted.logProbabilities.flat(), 'log-probabilities');
    expect([...step.gradients.keys()].sort()).toEqual(Object.keys(wanted.gradients));
    for (const [name, { norm, samples }] of Object.entries(wanted.gradients)) {
      const gradient = step.gradients.get(name)!;
      expect(Math.abs(Math.hypot(...gradient) - norm), name).toBeLessThan(1e-4 * norm + 1e-7);
      const stride = Math.max(1, Math.floor(gradient.length / 5));
      const scale = Math.max(norm / Math.sqrt(gradient.length), ...samples.map(Math.abs));
      samples.forEach((value, i) => {
        expect(Math.abs(gradient[i * stride]! - value), name).toBeLessThan(2e-4 * scale + 1e-8);
      });
    }
  });

  it('merges to the same weights, which give the same log-probabilities', async () => {
    const parameters = mergeAdapter(base, adapter);
    for (const [name, samples] of Object.entries(wanted.merged)) {
      const { data } = parameters.get(name)!;
      const stride = Math.max(1, Math.floor(data.length / 7));
      expectClose(
        samples.map((_x, i) => data[i * stride]!),
        samples,
        name,
      );
    }
    const requests = examples.map(({ prompt }, i) => ({
      tokens: prompt,
      images: [{ width, height, data: bytes[i] }],
    }));
    const completions = examples.map((example) => example.completions);
    const preprocessor = {
      minPixels: 28 * 28,
      maxPixels: 1e6,
      mean: [0.48145466, 0.4578275, 0.40821073],
      deviation: [0.26862954, 0.26130258, 0.27577711],
    } as const;
    const tokenizer = undefined as unknown as Tokenizer; // requests are tokens
    for (const model of [
      { config, tokenizer, preprocessor, parameters },
      { config, tokenizer, preprocessor, parameters: base, adapter },
    ]) {
      const policy = await Policy.create(model, { threads: 1 });
      const logs = await policy.logProbabilities(requests, completions);
      await policy.release();
      logs.forEach(([own], i) => {
        expectClose(own!, wanted.logProbabilities[i]!, 'adapter' in model ? 'added' : 'merged');
      });
    }
  });
});
