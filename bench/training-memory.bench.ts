/**
 * Memory over 500 training steps of the `tiny` preset: resident set, JavaScript heap and arrays, in MiB.
 *
 *     npx vitest bench bench/training-memory.bench.ts --run
 *
 * Every step draws other numbers of answers, so that buffers of many sizes come and go.
 * @module
 */
import { bench, describe } from 'vitest';
import { random } from '../src/core/index.ts';
import { decays, initialParameters, pack, tinyConfig } from '../src/model/index.ts';
import { AdamW, clippingScale, globalNorm } from '../src/tensor/index.ts';
import { AnswerStep, nextTokenLoss } from '../src/train/index.ts';

const STEPS = 500;
const EVERY = 50;
const VOCABULARY = 512;
const IMAGES = 8;

const grid = { height: 4, width: 4 }; // 56 x 56 pixels
const special = { endOfText: 0, endOfTurn: 1, visionStart: 2, visionEnd: 3, imagePad: 4 };
const config = tinyConfig(VOCABULARY, special);
const parameters = initialParameters(config, 1);
const step = await AnswerStep.create(config, parameters, { grid, length: 72 }, nextTokenLoss);
const optimizer = new AdamW(new Map([...parameters].map(([name, { data }]) => [name, data])), {
  decays,
});

async function train(index: number): Promise<number> {
  const source = random('training-memory', index);
  const word = (): number => 6 + source.integer(VOCABULARY - 6);
  const count = 1 + source.integer(IMAGES);
  const pixels = Float32Array.from({ length: count * 16 * 588 }, () => source.uniform());
  const examples = Array.from({ length: count }, (_, image) => ({
    prompt: [2, 4, 4, 4, 4, 3, word(), 5],
    images: [image],
    completions: [Array.from({ length: 4 + source.integer(20) }, word)],
  }));
  const batch = pack(examples, { length: 72, config, grids: examples.map(() => grid) });
  const answers = batch.answerTargets.length;
  const weights = new Float32Array(answers).fill(1 / answers);
  step.clear();
  const images = { grids: examples.map(() => grid), pixels };
  const { loss } = await step.accumulate(batch, images, { weights });
  optimizer.step(step.gradients, 1e-4, clippingScale(globalNorm(step.gradients), 1));
  return loss;
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0).padStart(8);
console.log(
  `${'step'.padStart(6)}${['resident', 'heap', 'arrays'].map((c) => c.padStart(9)).join('')}`,
);
const resident: number[] = [];
for (let index = 1; index <= STEPS; index++) {
  await train(index);
  if (index % EVERY !== 0) continue;
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  resident.push(rss);
  const columns = [rss, heapUsed, arrayBuffers].map((bytes) => ` ${mebibytes(bytes)}`);
  console.log(`${String(index).padStart(6)}${columns.join('')}`);
}
const growth = resident.at(-1)! - resident[STEPS / EVERY / 2 - 1]!;
console.log(
  `from step ${STEPS / 2} to ${STEPS}: ${(growth / 2 ** 20).toFixed(1)} MiB more resident`,
);

describe('tiny preset, up to 8 images', () => {
  let index = STEPS;
  bench('training step', async () => void (await train(++index)), { time: 0, iterations: 5 });
});
