/**
 * Learning in miniature: an image is one of four colours, the answer one of four coordinates.
 * @module
 */
import {
  answerTokens,
  chainPattern,
  ImageProcessor,
  initialParameters,
  loadTokenizer,
  type Model,
  promptTokens,
  SPECIAL_TOKENS,
  tinyConfig,
  trainTokenizer,
} from '../../src/model/index.ts';
import type { Reward, RewardResult } from '../../src/rewards/index.ts';
import type { GrpoSettings, SftSettings, Task } from '../../src/train/index.ts';

const SIDE = 28;
const COLOURS = [
  [220, 30, 30],
  [30, 200, 40],
  [40, 60, 230],
  [230, 220, 60],
] as const;
const TARGETS = [
  { lat: 10, lon: 20 },
  { lat: 40, lon: 50 },
  { lat: -30, lon: 70 },
  { lat: 60, lon: -80 },
] as const;

/** The answers, one per colour. */
export const ANSWERS: readonly string[] = TARGETS.map(({ lat, lon }) => `(${lat}, ${lon})`);

const tokenizer = loadTokenizer(
  trainTokenizer(ANSWERS, {
    vocabSize: 280,
    specialTokens: Object.values(SPECIAL_TOKENS),
    pattern: chainPattern,
  }),
);
const id = (token: string): number => tokenizer.tokenId(token)!;
const config = tinyConfig(
  tokenizer.vocabSize,
  {
    endOfText: id(SPECIAL_TOKENS.endOfText),
    endOfTurn: id(SPECIAL_TOKENS.endOfTurn),
    visionStart: id(SPECIAL_TOKENS.visionStart),
    visionEnd: id(SPECIAL_TOKENS.visionEnd),
    imagePad: id(SPECIAL_TOKENS.imagePad),
  },
  {
    hiddenSize: 32,
    layers: 2,
    heads: 2,
    keyValueHeads: 1,
    intermediateSize: 64,
    visionDepth: 1,
    visionIntermediateSize: 32,
  },
);
const processor = new ImageProcessor(config.vision_config, { width: SIDE, height: SIDE });

/** The patch grid of a toy image. */
export const grid = processor.grid;

/** A fresh toy model: about 30,000 parameters. */
export const toyModel = (seed = 1): Model => ({
  config,
  parameters: initialParameters(config, seed),
  tokenizer,
});

/**
 * 32 samples, sample i of colour i mod 4, with noise in training.
 *
 * @param answerOf - which answer supervised learning sees for a sample. Default: the right one
 */
export function toyTask(answerOf: (sample: number) => number = (sample) => sample % 4): Task {
  const prompt = promptTokens(tokenizer, '', { config, grid });
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  return {
    size: 32,
    imageSize: processor.size,
    writeImage(sample, out, slot, source) {
      const colour = COLOURS[sample % 4]!;
      const shift = source ? source.integer(21) - 10 : 0;
      for (let i = 0; i < rgb.length; i++) rgb[i] = colour[i % 3]! + shift;
      processor.write(rgb, out, slot);
    },
    turns: (sample) => [{ prompt, answer: answerTokens(tokenizer, ANSWERS[answerOf(sample)]!) }],
    prompt: () => prompt,
    target: (sample) => TARGETS[sample % 4]!,
  };
}

/** A reward of one part. */
export const scored = (name: string, total: readonly number[]): RewardResult => ({
  total,
  parts: { [name]: total },
  unscored: total.map(() => null),
});

/** 1 for the right answer, else 0. */
export const toyReward: Reward = ({ completions, targets }) =>
  scored(
    'exact',
    completions.map((text, i) => {
      const { lat, lon } = targets[i]!;
      return text === `(${lat}, ${lon})` ? 1 : 0;
    }),
  );

/** The share of digits in an answer: something to learn for a model that knows nothing. */
export const digitReward: Reward = ({ completions }) =>
  scored(
    'digits',
    completions.map((text) => (text.match(/\d/g) ?? []).length / (text.length + 1)),
  );

const optimiser = {
  warmupSteps: 2,
  schedule: 'constant',
  maxGradNorm: 1,
  weightDecay: 0.01,
} as const;

/** Supervised settings of the toy. */
export const sftSettings = (changes: Partial<SftSettings> = {}): SftSettings => ({
  ...optimiser,
  steps: 10,
  learningRate: 5e-3,
  batchSize: 8,
  rowLength: 32,
  ...changes,
});

/** Reinforcement settings of the toy. */
export const grpoSettings = (changes: Partial<GrpoSettings> = {}): GrpoSettings => ({
  ...optimiser,
  steps: 10,
  learningRate: 3e-3,
  prompts: 4,
  groupSize: 6,
  temperature: 1,
  maxCompletionLength: 12,
  updates: 1,
  promptsPerPass: 2,
  rowLength: 40,
  epsilon: 0.2,
  beta: 0,
  ...changes,
});
