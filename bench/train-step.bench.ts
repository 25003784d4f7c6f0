/**
 * A training step and sampling of the `tiny` preset, and the same model in PyTorch: milliseconds,
 * ratios.
 *
 *     GEOR_PYTHON=venv/bin/python npx vitest bench bench/train-step.bench.ts --run
 *
 * The peer is `bench/peers/torch_model.py` (interop/requirements.txt); without torch the comparison
 * is left out. Both use `THREADS` threads and take turns, so that a busy machine slows both.
 * @module
 */
import { bench, describe } from 'vitest';
import { random } from '../src/core/index.ts';
import {
  decays,
  Generator,
  type ImageGrid,
  initialParameters,
  pack,
  parameterCount,
  tinyConfig,
} from '../src/model/index.ts';
import { AdamW, clippingScale, globalNorm } from '../src/tensor/index.ts';
import { AnswerStep, nextTokenLoss } from '../src/train/index.ts';
import { median } from './median.ts';
import { noComparison, startPython } from './python-peer.ts';

const THREADS = 2;
const ROUNDS = 4;
const VOCABULARY = 2048;
const IMAGES = 64;
const SAMPLES = 8;
const MAX_TOKENS = 23;
const ROW_LENGTH = 72; // two samples

const grid = { height: 4, width: 4 }; // 56 x 56 pixels
const special = { endOfText: 0, endOfTurn: 1, visionStart: 2, visionEnd: 3, imagePad: 4 };
const config = tinyConfig(VOCABULARY, special);
const parameters = initialParameters(config, 1);
const source = random('train-step.bench');
const word = (): number => 6 + source.integer(VOCABULARY - 6);
const pixels = Float32Array.from({ length: IMAGES * 16 * 588 }, () => source.normal());
const images = { grids: new Array<ImageGrid>(IMAGES).fill(grid), pixels };
const prompts = Array.from({ length: IMAGES }, () => [2, 4, 4, 4, 4, 3, word(), word(), 5]);
const examples = prompts.map((prompt, image) => ({
  prompt,
  images: [image],
  completions: [Array.from({ length: MAX_TOKENS - 3 + source.integer(7) }, word)],
}));
const answers = examples.map(({ completions }) => completions[0]!.length);

const step = await AnswerStep.create(
  config,
  parameters,
  { grid, length: ROW_LENGTH, threads: THREADS },
  nextTokenLoss,
);
const optimizer = new AdamW(new Map([...parameters].map(([name, { data }]) => [name, data])), {
  decays,
});
const generator = await Generator.create(config, parameters, { threads: THREADS });

/** Packing, forward, backward, clipping and AdamW. */
async function train(): Promise<void> {
  const batch = pack(examples, { length: ROW_LENGTH, config, grids: images.grids });
  const count = batch.answerTargets.length;
  step.clear();
  await step.accumulate(batch, images, { weights: new Float32Array(count).fill(1 / count) });
  const norm = globalNorm(step.gradients);
  optimizer.step(step.gradients, 1e-4, clippingScale(norm, 1));
}

const asked = {
  prompts: prompts.map((tokens, image) => ({ tokens, images: [image] })),
  images,
};
const banned = new Set([special.endOfTurn]); // every answer has all its tokens, as the peer's
let rollout = 0;

/** Prompts read, tokens drawn with a cache. */
async function sample(): Promise<void> {
  rollout++;
  await generator.generate(asked, {
    samples: SAMPLES,
    maxTokens: MAX_TOKENS,
    banned,
    randomOf: (prompt, index) => random('bench', rollout, prompt, index),
  });
}

async function timed(work: () => Promise<void>, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}

interface Reply {
  readonly torch?: string;
  readonly parameters?: number;
  readonly milliseconds?: number[];
}

/** The peer as a child process that answers lines; undefined when it does not start. */
async function startPeer(): Promise<
  { ask: (request: object) => Promise<Reply>; stop: () => void } | undefined
> {
  const settings = {
    threads: THREADS,
    vocabulary: VOCABULARY,
    images: IMAGES,
    prompt: prompts[0]!.length,
    samples: SAMPLES,
    maxTokens: MAX_TOKENS,
    answers,
  };
  const python = startPython('torch_model.py', [JSON.stringify(settings)]);
  const ask = (request: object): Promise<Reply> => python.ask(JSON.stringify(request));
  try {
    const { torch, parameters: theirs } = await ask({ do: 'describe' });
    const ours = parameterCount(config);
    if (theirs !== ours) throw new Error(`the peer has ${theirs} parameters, not ${ours}`);
    console.log(`PyTorch ${torch}, ${ours} parameters, ${THREADS} threads each`);
    return { ask, stop: python.stop };
  } catch (error) {
    noComparison('PyTorch', 'interop/requirements.txt', error);
    python.stop();
    return undefined;
  }
}

const show = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`;

const peer = await startPeer();
if (peer) {
  for (const [name, own, count, unit, units] of [
    ['train', train, 5, 'answer tokens', answers.reduce((a, b) => a + b, 0)],
    ['sample', sample, 2, 'tokens', IMAGES * SAMPLES * MAX_TOKENS],
  ] as const) {
    await timed(own, 2);
    await peer.ask({ do: name, count: 2 });
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(...(await timed(own, count)));
      theirs.push(...((await peer.ask({ do: name, count })).milliseconds ?? []));
    }
    const [a, b] = [median(ours), median(theirs)];
    const [bestA, bestB] = [Math.min(...ours), Math.min(...theirs)];
    console.log(
      `${name}: geor ${show(a)} (best ${show(bestA)}, ${((units / a) * 1000).toFixed(0)} ${unit}/s), ` +
        `PyTorch ${show(b)} (best ${show(bestB)}); ` +
        `geor takes ${(a / b).toFixed(2)} of its time (best against best ${(bestA / bestB).toFixed(2)})`,
    );
  }
  peer.stop();
}

describe(`tiny preset, ${IMAGES} images`, () => {
  const options = { time: 0, iterations: 5, warmupTime: 0, warmupIterations: 1 };
  bench('training step', train, options);
  bench(`${SAMPLES} samples each`, sample, { ...options, iterations: 2 });
});
