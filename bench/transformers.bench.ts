/**
 * A training step and sampling with transformers on the same checkpoint, for models of three sizes:
 * milliseconds, ratios.
 *
 *     GEOR_PYTHON=venv/bin/python npx vitest bench bench/transformers.bench.ts --run
 *
 * The peer is `bench/peers/transformers_model.py` (interop/requirements.txt). Four photographs of 224 x
 * 224 pixels with a short question; a training step learns an answer to each, sampling writes eight
 * completions of 48 tokens to each, with weights compiled in and with weights that training may change.
 * Both sides take turns with the same number of threads, so that a busy machine slows both.
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench, describe } from 'vitest';
import { random } from '../src/core/index.ts';
import {
  chainPattern,
  decays,
  Generator,
  initialParameters,
  loadTokenizer,
  pack,
  parameterCount,
  type SmallPreset,
  SPECIAL_TOKENS,
  smallConfig,
  trainTokenizer,
} from '../src/model/index.ts';
import { saveModel } from '../src/model/node/index.ts';
import { AdamW, globalNorm } from '../src/tensor/index.ts';
import { AnswerStep, nextTokenLoss } from '../src/train/index.ts';
import { median } from './median.ts';
import { noComparison, startPython } from './python-peer.ts';

const THREADS = 2;
const ROUNDS = 3;
const VOCABULARY = 2048;
const PROMPTS = 4;
const SAMPLES = 8;
const MAX_TOKENS = 48;
const GRID = { height: 16, width: 16 }; // 224 x 224 pixels, 64 tokens

const tokenizer = loadTokenizer(
  trainTokenizer(['Where on Earth was this photograph taken?'], {
    vocabSize: 300,
    specialTokens: Object.values(SPECIAL_TOKENS),
    pattern: chainPattern,
  }),
);
const id = (token: string): number => tokenizer.tokenId(token)!;
const special = {
  endOfText: id(SPECIAL_TOKENS.endOfText),
  endOfTurn: id(SPECIAL_TOKENS.endOfTurn),
  visionStart: id(SPECIAL_TOKENS.visionStart),
  visionEnd: id(SPECIAL_TOKENS.visionEnd),
  imagePad: id(SPECIAL_TOKENS.imagePad),
};
const source = random('transformers.bench');
const words = (count: number): number[] =>
  Array.from({ length: count }, () => 6 + source.integer(VOCABULARY - 6));
const prompts = Array.from({ length: PROMPTS }, () => [
  special.visionStart,
  ...new Array<number>(64).fill(special.imagePad),
  special.visionEnd,
  ...words(16),
]);
const answers = prompts.map(() => words(MAX_TOKENS));
const pixels = Float32Array.from({ length: PROMPTS * 256 * 588 }, () => source.normal());
const images = { grids: prompts.map(() => GRID), pixels };

interface Reply {
  readonly torch?: string;
  readonly transformers?: string;
  readonly parameters?: number;
  readonly milliseconds?: number[];
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function compare(preset: SmallPreset, folder: string): Promise<void> {
  const config = smallConfig(preset, VOCABULARY, special);
  const parameters = initialParameters(config, 1);
  saveModel(folder, { config, parameters, tokenizer });
  const rowLength = prompts[0]!.length + MAX_TOKENS - 1;
  const shape = { grid: GRID, length: rowLength, threads: THREADS };
  const step = await AnswerStep.create(config, parameters, shape, nextTokenLoss);
  const arrays = new Map([...parameters].map(([name, { data }]) => [name, data]));
  const optimizer = new AdamW(arrays, { decays });
  // as `Policy` compiles a model of this size, and as GRPO does, whose weights change
  const frozen = await Generator.create(config, parameters, { threads: THREADS, frozen: true });
  const changing = await Generator.create(config, parameters, { threads: THREADS });
  const generate = async (generator: Generator): Promise<void> => {
    await generator.generate(
      { prompts: prompts.map((tokens, i) => ({ tokens, images: [i] })), images },
      {
        ...{ samples: SAMPLES, maxTokens: MAX_TOKENS, stop: new Set() },
        randomOf: (prompt, sample) => random('transformers.bench', prompt, sample),
      },
    );
  };
  const examples = prompts.map((prompt, i) => ({
    prompt,
    images: [i],
    completions: [answers[i]!],
  }));
  const work = {
    train: async () => {
      const batch = pack(examples, { length: rowLength, config, grids: images.grids });
      const count = batch.answerTargets.length;
      step.clear();
      await step.accumulate(batch, images, { weights: new Float32Array(count).fill(1 / count) });
      optimizer.step(step.gradients, 1e-5, Math.min(1, 1 / globalNorm(step.gradients)));
    },
    sample: () => generate(frozen),
    'sample, weights in place': () => generate(changing),
  };
  const settings = {
    ...{ folder, prompts, answers, threads: THREADS, samples: SAMPLES, maxTokens: MAX_TOKENS },
    grid: [GRID.height, GRID.width],
  };
  const python = startPython('transformers_model.py', [JSON.stringify(settings)]);
  const ask = (request: object): Promise<Reply> => python.ask(JSON.stringify(request));
  try {
    const peer = await ask({ do: 'describe' });
    if (peer.parameters !== parameterCount(config))
      throw new Error(`the peer has ${peer.parameters} parameters, not ${parameterCount(config)}`);
    console.log(
      `${preset}: ${peer.parameters} parameters, transformers ${peer.transformers}, ` +
        `PyTorch ${peer.torch}, ${THREADS} threads each`,
    );
    for (const [name, run] of Object.entries(work)) {
      const theirWork = name === 'train' ? 'train' : 'sample';
      await run();
      await ask({ do: theirWork, count: 1 });
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await timed(run), await timed(run));
        theirs.push(...((await ask({ do: theirWork, count: 2 })).milliseconds ?? []));
      }
      const [a, b] = [median(ours), median(theirs)];
      const best = Math.min(...ours) / Math.min(...theirs);
      console.log(
        `${preset} ${name}: geor ${a.toFixed(0)} ms, transformers ${b.toFixed(0)} ms; ` +
          `geor takes ${(a / b).toFixed(2)} of its time (best against best ${best.toFixed(2)})`,
      );
    }
  } catch (error) {
    noComparison('transformers', 'interop/requirements.txt', error);
  } finally {
    python.stop();
    await Promise.all([step, frozen, changing].map((each) => each.release()));
  }
}

const presets = ['tiny', '5m', '25m'] as const;
const folder = mkdtempSync(join(tmpdir(), 'geor-bench-'));
try {
  for (const preset of presets) await compare(preset, join(folder, preset));
} finally {
  rmSync(folder, { recursive: true });
}

// the comparison is above; what is left to vitest is the time of compiling a model
describe.each(presets)('%s', (preset) => {
  const config = smallConfig(preset, VOCABULARY, special);
  const parameters = initialParameters(config, 1);
  const options = { time: 0, iterations: 3, warmupTime: 0, warmupIterations: 1 };
  bench(
    'graphs of generation compiled',
    async () => {
      const generator = await Generator.create(config, parameters, { threads: THREADS });
      await generator.release();
    },
    options,
  );
});
