/**
 * Whole steps of GRPO and of supervised training with TRL's trainers on the same checkpoint:
 * milliseconds, ratios, and where the time of each side goes.
 *
 *     GEOR_PYTHON=venv/bin/python npx vitest bench bench/trl.bench.ts --run
 *
 * The peer is `bench/peers/trl_steps.py` (interop/requirements.txt). A GRPO step samples eight answers
 * of 24 tokens to each picture (nothing may end one earlier), scores them by Geo-R's reward, on TRL's
 * side as its users write it, and makes one update; beta above 0 asks a reference as well. A supervised
 * step learns the chain of each picture, or the chain and the coordinates, two questions about one
 * picture. A step is everything: pictures, tokens, passes, optimiser. Pictures are tiles of the Earth,
 * of the quick start's 56 x 56 pixels and of 224 x 224. Both sides compute in 32 bits, take turns, and
 * have the same number of threads.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bench, describe } from 'vitest';
import { answerPrompt, type PromptCondition } from '../src/chain/index.ts';
import {
  bannedTokens,
  Generator,
  initialParameters,
  type Model,
  parameterCount,
  type SmallPreset,
  SPECIAL_TOKENS,
  smallConfig,
} from '../src/model/index.ts';
import { saveModel } from '../src/model/node/index.ts';
import { prepare } from '../src/quickstart/index.ts';
import { geoRReward } from '../src/rewards/index.ts';
import { AdamW, Session } from '../src/tensor/index.ts';
import {
  AnswerScorer,
  AnswerStep,
  frozenCopy,
  type Turn,
  trainGrpo,
  trainSft,
} from '../src/train/index.ts';
import { inTurns, partsOf, type Side, type StepTime, stageInTurns } from './in-turns.ts';
import { median } from './median.ts';
import { noComparison, startPython } from './python-peer.ts';
import { Stopwatch } from './stopwatch.ts';

const THREADS = 2;
const ROUNDS = 4;
const SEED = 1;
const PICTURES = 256;
const GROUP_SIZE = 8;
const MAX_TOKENS = 24;

/** What is compared: a model, the pictures, and how many of them make a step. */
const CASES = [
  { preset: 'tiny', sizePx: 56, prompts: 16, betas: [0, 0.04], batchSize: 64 },
  { preset: 'tiny', sizePx: 224, prompts: 8, betas: [0, 0.04], batchSize: 16 },
  { preset: '25m', sizePx: 224, prompts: 2, betas: [0.04], batchSize: 8 },
] as const satisfies readonly Case[];

interface Case {
  readonly preset: SmallPreset;
  readonly sizePx: number;
  readonly prompts: number;
  readonly betas: readonly number[];
  readonly batchSize: number;
}

const stopwatch = new Stopwatch();
let runs = 0;
stopwatch.watch(Generator.prototype, 'generate', () => {
  runs = 0;
  return 'drawing';
});
stopwatch.watch(Session.prototype, 'run', (outer) => {
  if (outer !== 'drawing') return undefined;
  return runs++ < 1 ? 'prompts' : 'decoding';
});
stopwatch.watch(AnswerScorer.prototype, 'score', 'reference');
stopwatch.watch(AnswerStep.prototype, 'accumulate', 'forward and backward');
stopwatch.watch(AdamW.prototype, 'step', 'AdamW');
const reward = stopwatch.around(geoRReward({ variant: 'paper' }), 'reward');

const optimizer = {
  ...{ steps: 1e6, learningRate: 1e-6, warmupSteps: 0, schedule: 'constant' as const },
  ...{ weightDecay: 0, maxGradNorm: 1 },
};

/** Pictures of a size, their questions and answers, and models for them. */
function workOf({ preset, sizePx, prompts, batchSize }: Case) {
  const data = { trainCount: 4000, testCount: 64, spanDegrees: 12, sizePx, decimals: 1 };
  const prepared = prepare({ data, model: { vocabularySize: 2048 } }, SEED);
  const { tokenizer } = prepared;
  const { grid } = prepared.processor;
  const taskOf = (...conditions: PromptCondition[]) => {
    const task = prepared.task('train', ...conditions);
    const writeImage = stopwatch.around(task.writeImage, 'pictures');
    return { ...task, size: PICTURES, writeImage };
  };
  const id = (token: string): number => tokenizer.tokenId(token)!;
  const config = smallConfig(preset, tokenizer.vocabSize, {
    endOfText: id(SPECIAL_TOKENS.endOfText),
    endOfTurn: id(SPECIAL_TOKENS.endOfTurn),
    visionStart: id(SPECIAL_TOKENS.visionStart),
    visionEnd: id(SPECIAL_TOKENS.visionEnd),
    imagePad: id(SPECIAL_TOKENS.imagePad),
  });
  const parameters = initialParameters(config, SEED);
  const model: Model = { ...prepared.newModel(SEED), config, parameters };
  const changing = () => ({ ...model, parameters: frozenCopy(parameters) });
  const context = { stage: 'bench', seed: SEED, threads: THREADS };

  /** GRPO as the quick start does it, but that no answer ends before its last token. */
  const grpo = (beta: number): Promise<Side> => {
    const endless = { ...config, eos_token_id: config.image_token_id };
    const task = taskOf('cor');
    const settings = {
      ...{ ...optimizer, prompts, groupSize: GROUP_SIZE, maxCompletionLength: MAX_TOKENS },
      ...{ temperature: 1, updates: 1, epsilon: 0.2, beta, promptsPerPass: prompts },
      rowLength: task.prompt(0).length + GROUP_SIZE * (MAX_TOKENS - 1),
    };
    const subject = { model: { ...changing(), config: endless }, grid, reward };
    return stageInTurns(stopwatch, (turns) =>
      trainGrpo({ ...subject, reference: parameters }, task, settings, { ...context, ...turns }),
    );
  };

  /** Supervised training; rows hold two pictures, as the quick start's. */
  const sft = (...conditions: PromptCondition[]): Promise<Side> => {
    const task = taskOf(...conditions);
    const [{ prompt }] = task.turns(0) as [Turn];
    // a little more than the first picture takes: others have longer names
    const length = task
      .turns(0)
      .reduce((sum, { answer }) => sum + answer.length + 4, prompt.length);
    const rowLength = 2 * length;
    const settings = { ...optimizer, batchSize, rowLength };
    return stageInTurns(stopwatch, (turns) =>
      trainSft({ ...changing(), grid }, task, settings, { ...context, ...turns }),
    );
  };

  const samples = prepared.samples.train.slice(0, PICTURES);
  return { model, prepared, samples, prompt: taskOf('cor').prompt(0), taskOf, grpo, sft };
}

type Work = ReturnType<typeof workOf>;

/** What the peer is given: the model's folder, the pictures' bytes. */
function writeWork({ model, prepared, samples }: Work, path: string, sizePx: number) {
  saveModel(path, model);
  const size = sizePx * sizePx * 3;
  const bytes = new Uint8Array(samples.length * size);
  samples.forEach((sample, i) => {
    bytes.set(prepared.tileOf(sample), i * size);
  });
  writeFileSync(`${path}.rgb`, bytes);
  return { folder: path, tiles: `${path}.rgb`, sizePx };
}

/** The rows of the peer: every question about every picture, with its answer. */
function rowsOf({ prepared, samples, taskOf }: Work, ...conditions: PromptCondition[]) {
  const task = taskOf(...conditions);
  return samples.flatMap(({ lat, lon }, picture) =>
    conditions.map((condition, i) => ({
      ...{ picture, lat, lon, question: answerPrompt('geo-r', condition, 'short') },
      answer: prepared.tokenizer.decode(task.turns(picture)[i]!.answer, {
        skipSpecialTokens: true,
      }),
    })),
  );
}

async function compare(name: string, ours: Side, theirs: Side, samples: number): Promise<void> {
  const times = await inTurns(ours, theirs, ROUNDS);
  const all = (steps: readonly StepTime[]) => steps.map(({ milliseconds }) => milliseconds);
  const [a, b] = [median(all(times.ours)), median(all(times.theirs))];
  const best = Math.min(...all(times.theirs)) / Math.min(...all(times.ours));
  const perSecond = (milliseconds: number): string => ((1000 * samples) / milliseconds).toFixed(1);
  console.log(
    `${name}: geor ${a.toFixed(0)} ms, TRL ${b.toFixed(0)} ms, ${(b / a).toFixed(2)} times that ` +
      `(best against best ${best.toFixed(2)}); ${perSecond(a)} and ${perSecond(b)} samples/s`,
  );
  console.log(`  geor: ${partsOf(times.ours)} ms`);
  console.log(`  TRL: ${partsOf(times.theirs)} ms`);
  await ours.end();
  await theirs.end();
}

const folder = mkdtempSync(join(tmpdir(), 'geor-bench-'));
const python = startPython('trl_steps.py', [String(THREADS)], {
  PYTHONPATH: fileURLToPath(new URL('../interop/stand-ins', import.meta.url)),
  HF_HUB_OFFLINE: '1',
  CUDA_VISIBLE_DEVICES: '',
});
const ask = <Reply>(request: object): Promise<Reply> => python.ask(JSON.stringify(request));

/** A trainer of TRL as a side, once it is sure that it trains the same model on the same prompts. */
async function theirSide(job: object, { model, prompt }: Work): Promise<Side> {
  const peer = await ask<{ parameters: number; prompt: number[] }>(job);
  const count = parameterCount(model.config);
  if (peer.parameters !== count)
    throw new Error(`the peer has ${peer.parameters} parameters, not ${count}`);
  if (peer.prompt.join() !== prompt.join()) throw new Error(`the peer reads ${peer.prompt}`);
  return {
    step: () => ask<StepTime>({ do: 'step' }),
    end: async () => void (await ask({ do: 'end' })),
  };
}

try {
  const versions = await ask<Readonly<Record<string, string>>>({ do: 'describe' });
  console.log(
    `TRL ${versions['trl']}, transformers ${versions['transformers']}, PyTorch ${versions['torch']}, ` +
      `${THREADS} threads each, ${ROUNDS} steps each`,
  );
  for (const each of CASES) {
    const { preset, sizePx, prompts, betas, batchSize } = each;
    const work = workOf(each);
    const name = `${preset} (${parameterCount(work.model.config)} parameters), ${sizePx} px`;
    const data = writeWork(work, join(folder, `${preset}-${sizePx}`), sizePx);
    const banned = [...bannedTokens(work.prepared.tokenizer), work.model.config.eos_token_id];
    for (const beta of betas) {
      const job = { do: 'grpo', samples: GROUP_SIZE, maxTokens: MAX_TOKENS, beta, banned };
      const rows = rowsOf(work, 'cor');
      const theirs = await theirSide({ ...data, ...job, rows, batch: prompts * GROUP_SIZE }, work);
      const ours = await work.grpo(beta);
      await compare(`${name}, GRPO, beta ${beta}`, ours, theirs, prompts * GROUP_SIZE);
    }
    for (const conditions of [['cor'], ['cor', 'direct']] as const) {
      const rows = rowsOf(work, ...conditions);
      const batch = batchSize * conditions.length;
      const theirs = await theirSide({ ...data, do: 'sft', rows, batch }, work);
      const ours = await work.sft(...conditions);
      const answers = conditions.length === 1 ? 'chain' : 'chain and coordinates';
      await compare(`${name}, SFT, ${answers}`, ours, theirs, batch);
    }
  }
} catch (error) {
  noComparison('TRL', 'interop/requirements.txt', error);
} finally {
  python.stop();
  rmSync(folder, { recursive: true });
}

// the comparison is above; what is left to vitest is the time of drawing the pictures of a step
describe.each(CASES)('$sizePx px', (each) => {
  const { taskOf } = workOf(each);
  const task = taskOf('cor');
  const pixels = new Float32Array(each.batchSize * task.imageSize);
  bench(`the pictures of a supervised step of ${each.batchSize}`, () => {
    for (let i = 0; i < each.batchSize; i++) task.writeImage(i, pixels, i);
  });
});
