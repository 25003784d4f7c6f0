import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  formulaImage,
  formulaParameters,
  scoreAnswers,
  tinyJson,
} from '../../test/support/tiny-model.ts';
import { Session } from '../tensor/index.ts';
import { nextTokenLoss } from '../train/index.ts';
import { answerGraph } from './answer-graph.ts';
import { batchFeeds } from './batch-feeds.ts';
import { parseModelConfig } from './config.ts';
import { readPrompts } from './generation/read-prompts.ts';
import { Runner } from './generation/runner.ts';
import { ImageProcessor } from './image-processor.ts';
import { pack } from './packing.ts';
import { promptPositions } from './positions.ts';

interface Golden {
  readonly config: object;
  readonly image: { width: number; height: number };
  readonly examples: {
    prompt: number[];
    answer: number[];
    positions: number[][];
    logProbabilities: number[];
    firstAnswerLogProbabilities: number[];
    patches: number[];
    patchSamples: number[][];
  }[];
  readonly loss: number;
  readonly gradients: Record<string, { shape: number[]; norm: number; samples: number[] }>;
}
const golden: Golden = JSON.parse(
  readFileSync(new URL('../../test/golden/model.json', import.meta.url), 'utf8'),
);

const config = parseModelConfig(golden.config);
const parameters = formulaParameters(config);
const processor = new ImageProcessor(config.vision_config, golden.image);
const { grid } = processor;
const pixels = new Float32Array(2 * processor.size);
golden.examples.forEach((_, i) => {
  processor.write(formulaImage(i, golden.image.width * golden.image.height * 3), pixels, i);
});
const images = { grids: golden.examples.map(() => grid), pixels };
const examples = golden.examples.map(({ prompt, answer }, image) => ({
  prompt,
  images: [image],
  completions: [answer],
}));
const wantedLogs = golden.examples.flatMap(({ logProbabilities }) => logProbabilities);

/** Fails unless the numbers differ by less than 1e-4 of the largest one. */
function expectClose(got: ArrayLike<number>, want: readonly number[], what = ''): void {
  const scale = Math.max(...want.map(Math.abs));
  want.forEach((value, i) => {
    expect(Math.abs(got[i]! - value), `${what}[${i}]: ${got[i]}, not ${value}`).toBeLessThan(
      1e-4 * scale,
    );
  });
}

it('the model of the other tests is the golden one', () => {
  expect(tinyJson).toEqual(golden.config);
});

describe('against transformers', () => {
  it('patches have the same order and values', () => {
    golden.examples.forEach(({ patches, patchSamples }, image) => {
      patches.forEach((wanted, patch) => {
        const start = image * processor.size + patch * 3 * 14 * 14;
        const own = pixels.subarray(start, start + 3 * 14 * 14);
        expect(own.reduce((sum, x) => sum + Math.abs(x), 0) / own.length).toBeCloseTo(wanted, 5);
        expectClose(
          [0, 1, 2].map((channel) => own[channel * 196 + 3 * 14 + 11]!),
          patchSamples[patch]!,
          `patch ${patch}`,
        );
      });
    });
  });

  it('tokens have the same positions', () => {
    for (const { prompt, answer, positions } of golden.examples) {
      const placed = promptPositions(prompt, config, [grid]);
      const rest = answer.map((_, i) => placed.next + i);
      expect(placed.axes.map((axis) => [...axis, ...rest])).toEqual(positions);
    }
  });

  it('answers have the same log-probabilities', async () => {
    const batch = pack(examples, { length: 40, config, grids: images.grids });
    expect(batch.sequences).toBe(1);
    expectClose(await scoreAnswers(config, parameters, batch, images), wantedLogs);
  });

  it('every token is as probable as the first of the answer', async () => {
    const runner = await Runner.create(config, parameters, { threads: 1 });
    const prompts = golden.examples.map(({ prompt }, image) => ({
      tokens: prompt,
      images: [image],
    }));
    const { probabilities } = await readPrompts(runner, { prompts, images }, 1);
    await runner.release();
    golden.examples.forEach(({ firstAnswerLogProbabilities: wanted }, i) => {
      const own = probabilities.data.slice(i * config.vocab_size, (i + 1) * config.vocab_size);
      expectClose(own.map(Math.log), wanted);
    });
  });

  describe('loss and gradients', () => {
    let loss = 0;
    const gradients = new Map<string, Float32Array>();
    beforeAll(async () => {
      const answers = answerGraph(config, { images: 'ragged', length: 20 });
      const { graph } = answers;
      const built = nextTokenLoss(answers);
      const names = [...answers.parameters.keys()];
      graph.output(built.loss, 'loss');
      graph.gradients(built.loss, [...answers.parameters.values()]).forEach((gradient, i) => {
        graph.output(gradient, `gradient:${names[i]}`);
      });
      const session = await Session.create(graph, { threads: 1 });
      for (const [name, parameter] of parameters) session.bind(name, parameter);
      const batch = pack(examples, { length: 20, config, grids: images.grids });
      expect(batch.sequences).toBe(2);
      const weights = new Float32Array(wantedLogs.length).fill(1 / wantedLogs.length);
      const out = await session.run({
        ...batchFeeds(batch, images, config, 'ragged'),
        weights: { data: weights, shape: [weights.length] },
      });
      loss = Number(out['loss']!.data[0]);
      for (const name of names) gradients.set(name, out[`gradient:${name}`]!.data as Float32Array);
      await session.release();
    });

    it('the loss is the same', () => {
      expect(Math.abs(loss / golden.loss - 1)).toBeLessThan(1e-5);
    });

    it('parameters are the same ones', () => {
      expect([...parameters.keys()].sort()).toEqual(Object.keys(golden.gradients));
      expect([...gradients.keys()].sort()).toEqual(Object.keys(golden.gradients));
    });

    it.each(Object.keys(golden.gradients))('the gradient of %s is the same', (name) => {
      const { shape, norm, samples } = golden.gradients[name]!;
      const gradient = gradients.get(name)!;
      expect(parameters.get(name)!.shape).toEqual(shape);
      // a key's bias moves all scores of a query alike: its gradient is rounding
      if (norm < 1e-7) return expect(Math.hypot(...gradient)).toBeLessThan(1e-6);
      expect(Math.abs(Math.hypot(...gradient) / norm - 1)).toBeLessThan(1e-4);
      const stride = Math.max(1, Math.floor(gradient.length / 7));
      const scale = Math.max(norm / Math.sqrt(gradient.length), ...samples.map(Math.abs));
      samples.forEach((want, i) => {
        expect(Math.abs(gradient[i * stride]! - want), `sample ${i}`).toBeLessThan(2e-4 * scale);
      });
    });
  });
});
