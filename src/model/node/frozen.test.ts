import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formulaImage, formulaParameters, tinyJson } from '../../../test/support/tiny-model.ts';
import { describeModel, filesInMemory } from '../checkpoint/index.ts';
import { parseModelConfig } from '../config.ts';
import { Policy } from '../policy.ts';
import { SPECIAL_TOKENS } from '../prompt.ts';
import { chainPattern, loadTokenizer, trainTokenizer } from '../tokenizer/index.ts';
import { loadModel, openModel, saveModel } from './index.ts';

const tokenizer = loadTokenizer(
  trainTokenizer(['Where is this?'], {
    vocabSize: 264,
    specialTokens: Object.values(SPECIAL_TOKENS),
    pattern: chainPattern,
  }),
);
const id = (token: string): number => tokenizer.tokenId(token)!;
const folder = mkdtempSync(join(tmpdir(), 'geor-frozen-'));
afterAll(() => rmSync(folder, { recursive: true }));

const images = [
  [90, 60],
  [56, 56],
].map(([width, height], i) => ({
  width: width!,
  height: height!,
  data: formulaImage(i, width! * height! * 3),
}));
const requests = images.map((image) => ({
  messages: [
    {
      role: 'user' as const,
      content: [
        { type: 'image', image } as const,
        { type: 'text', text: 'Where is this?' } as const,
      ],
    },
  ],
}));
const options = { samples: 3, maxTokens: 8, seed: 5 };

describe.each([
  ['F32', true],
  ['F16', true],
  ['BF16', false],
] as const)('weights left in their file as %s, tied %s', (dtype, tied) => {
  const config = parseModelConfig({
    ...tinyJson,
    tie_word_embeddings: tied,
    vocab_size: tokenizer.vocabSize,
    eos_token_id: id(SPECIAL_TOKENS.endOfTurn),
    pad_token_id: id(SPECIAL_TOKENS.endOfText),
    image_token_id: id(SPECIAL_TOKENS.imagePad),
    vision_start_token_id: id(SPECIAL_TOKENS.visionStart),
    vision_end_token_id: id(SPECIAL_TOKENS.visionEnd),
  });
  const own = join(folder, dtype);
  saveModel(own, { config, parameters: formulaParameters(config), tokenizer }, { dtype });
  const files = () =>
    new Map(
      ['config.json', 'tokenizer.json', 'model.safetensors'].map((name) => [
        name,
        new Uint8Array(readFileSync(join(own, name))),
      ]),
    );

  it.each([
    ['of the folder', () => [openModel(own), own] as const, {}],
    [
      'of the folder, sparing memory',
      () => [openModel(own), own] as const,
      { foldConstants: false },
    ],
    ['in memory', () => [describeModel(filesInMemory(files())), files()] as const, {}],
  ])('%s generates as with parameters in memory', async (_, open, memory) => {
    const [stored, weights] = open();
    const frozen = await Policy.create(stored, { weights, threads: 1, memory });
    const loaded = await Policy.create(loadModel(own), { threads: 1 });
    const got = await frozen.generate(requests, options);
    const want = await loaded.generate(requests, options);
    expect(got.map((each) => each.map(({ text }) => text))).toEqual(
      want.map((each) => each.map(({ text }) => text)),
    );
    const [a, b] = [got, want].map((all) =>
      all.flat().flatMap((each) => [...each.logProbabilities]),
    );
    a!.forEach((log, i) => {
      expect(Math.abs(log - b![i]!)).toBeLessThan(1e-4);
    });
    await Promise.all([frozen.release(), loaded.release()]);
  });
});
