import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  tinyModelConfig as config,
  EOS,
  formulaParameters,
  imagePrompt,
  noise,
  scoreAnswers,
} from '../../../test/support/tiny-model.ts';
import { random } from '../../core/index.ts';
import { pack } from '../packing.ts';
import { type Generated, type GenerateOptions, Generator } from './generator.ts';

const grid = { height: 4, width: 2 };
const parameters = formulaParameters(config);
const prompts = [imagePrompt(2, 20), imagePrompt(2, 21), imagePrompt(2, 22)];
const pixels = Float32Array.from(noise(7, 3 * 8 * 588));
const images = { grids: [grid, grid, grid], pixels };
const asked = prompts.map((tokens, image) => ({ tokens, images: [image] }));
const maxTokens = 8;
const randomOf = (prompt: number, sample: number) => random('generate.test', prompt, sample);

describe('Generator', () => {
  let generator: Generator;
  beforeAll(async () => {
    generator = await Generator.create(config, parameters, { threads: 1 });
  });
  afterAll(() => generator.release());

  const generate = (options: Partial<GenerateOptions>): Promise<Generated[]> =>
    generator.generate({ prompts: asked, images }, { maxTokens, ...options });

  /** Log-probabilities by one forward pass without a cache. */
  async function scored(answers: readonly Generated[], temperature = 1): Promise<number[][]> {
    const samples = answers.length / prompts.length;
    const examples = prompts.map((prompt, image) => ({
      prompt,
      images: [image],
      completions: answers
        .slice(image * samples, (image + 1) * samples)
        .map(({ tokens }) => tokens),
    }));
    const batch = pack(examples, { length: 64, config, grids: images.grids });
    const logs = await scoreAnswers(config, parameters, batch, images, temperature);
    return answers.map((_, completion) => [
      ...logs.filter((_x, i) => batch.answerCompletions[i] === completion),
    ]);
  }

  async function expectScored(answers: readonly Generated[], temperature?: number): Promise<void> {
    for (const [i, wanted] of (await scored(answers, temperature)).entries()) {
      const { tokens, logProbabilities } = answers[i]!;
      expect(logProbabilities.length).toBe(tokens.length);
      wanted.forEach((want, k) => {
        expect(Math.abs(logProbabilities[k]! - want), `answer ${i}, token ${k}`).toBeLessThan(1e-4);
      });
    }
  }

  it('greedy tokens have the log-probabilities of a forward pass, and no other is likelier', async () => {
    const answers = await generate({ temperature: 0 });
    expect(answers).toHaveLength(3);
    expect(new Set(answers.map(({ tokens }) => tokens.join())).size).toBeGreaterThan(1);
    await expectScored(answers);
    const [{ tokens, logProbabilities }] = answers as [Generated];
    const others = Array.from({ length: 64 }, (_, token) => token);
    for (const at of [0, 1, 4]) {
      const examples = [
        {
          prompt: prompts[0]!,
          images: [0],
          completions: others.map((token) => [...tokens.slice(0, at), token]),
        },
      ];
      const batch = pack(examples, { length: 64, config, grids: images.grids });
      const logs = await scoreAnswers(config, parameters, batch, images);
      const finals = others.map((i) => logs[batch.answerCompletions.lastIndexOf(i)]!);
      expect(Math.max(...finals) - logProbabilities[at]!).toBeLessThan(1e-4);
      expect(finals.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 4);
    }
  });

  it('frozen, gives the same tokens, whatever becomes of the parameters', async () => {
    const own = new Map(
      Array.from(parameters, ([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
    );
    const frozen = await Generator.create(config, own, { threads: 1, frozen: true });
    const ask = (of: Generator, options: Partial<GenerateOptions>): Promise<Generated[]> =>
      of.generate({ prompts: asked, images }, { maxTokens, ...options });
    await frozen.features(images); // compiled when images come
    for (const { data } of own.values()) data.fill(0);
    for (const options of [{ temperature: 0 }, { samples: 4, randomOf }]) {
      const [want, got] = [await generate(options), await ask(frozen, options)];
      expect(got.map(({ tokens }) => tokens)).toEqual(want.map(({ tokens }) => tokens));
    }
    await frozen.release();
  });

  it.each([1, 0.5, 2])(
    'samples at temperature %d have the log-probabilities of a forward pass',
    async (temperature) => {
      const answers = await generate({ samples: 12, temperature, randomOf });
      expect(answers).toHaveLength(36);
      await expectScored(answers, temperature);
      const texts = answers.map(({ tokens }) => tokens.join());
      expect(new Set(texts).size).toBeGreaterThan(20);
    },
  );

  it('answers that end early stop there, and leave the others untouched', async () => {
    // hot, with few tokens allowed, so that many end at different times and the cache is compacted
    const allowed = new Set([EOS, 10, 11, 12]);
    const banned = new Set(Array.from({ length: 64 }, (_, i) => i).filter((i) => !allowed.has(i)));
    const options = { samples: 12, temperature: 4, banned, randomOf };
    const answers = await generate(options);
    const lengths = answers.map(({ tokens }) => tokens.length);
    expect(new Set(lengths).size).toBeGreaterThan(4);
    for (const { tokens, ended } of answers) {
      expect(tokens.every((token) => allowed.has(token))).toBe(true);
      expect(ended).toBe(tokens.includes(EOS));
      expect(tokens.indexOf(EOS)).toBe(ended ? tokens.length - 1 : -1);
      if (!ended) expect(tokens.length).toBe(maxTokens);
    }
    expect(answers.filter(({ ended }) => ended).length).toBeGreaterThan(18);
    await expectScored(answers, 4);
    // the same samples one prompt at a time
    for (const prompt of [0, 2]) {
      const own = pixels.slice(prompt * 8 * 588, (prompt + 1) * 8 * 588);
      const only = {
        prompts: [{ tokens: prompts[prompt]!, images: [0] }],
        images: { grids: [grid], pixels: own },
      };
      const alone = await generator.generate(only, {
        maxTokens,
        ...options,
        randomOf: (_, sample) => randomOf(prompt, sample),
      });
      expect(alone.map(({ tokens }) => tokens)).toEqual(
        answers.slice(12 * prompt, 12 * prompt + 12).map(({ tokens }) => tokens),
      );
    }
  });

  it('never takes banned tokens, greedily or by chance', async () => {
    const [first] = (await generate({ temperature: 0 })) as [Generated];
    const banned = new Set([first.tokens[0]!]);
    const [other] = (await generate({ temperature: 0, banned })) as [Generated];
    expect(other.tokens[0]).not.toBe(first.tokens[0]);
    const sampled = await generate({ samples: 6, banned, randomOf });
    expect(sampled.flatMap(({ tokens }) => tokens)).not.toContain(first.tokens[0]);
  });

  it('top-k of one is greedy, whatever the temperature; logged probabilities are the full ones', async () => {
    const greedy = await generate({ temperature: 0 });
    const answers = await generate({ temperature: 1, topK: 1, randomOf });
    expect(answers.map(({ tokens }) => tokens)).toEqual(greedy.map(({ tokens }) => tokens));
    await expectScored(answers);
    const nucleus = await generate({ temperature: 1, topP: 1e-6, randomOf });
    expect(nucleus.map(({ tokens }) => tokens)).toEqual(greedy.map(({ tokens }) => tokens));
  });

  it('reads parameters in place', async () => {
    const name = 'model.norm.weight';
    const { data } = parameters.get(name)!;
    const before = await generate({ temperature: 0, maxTokens: 1 });
    const kept = data.slice();
    data.fill(0);
    const [flat] = await generate({ temperature: 0, maxTokens: 1 });
    data.set(kept);
    expect(flat!.logProbabilities[0]).toBeCloseTo(-Math.log(64), 4);
    expect(await generate({ temperature: 0, maxTokens: 1 })).toEqual(before);
  });

  it('refuses image tokens that no image has, and sampling without randomness', async () => {
    const prompts = [{ tokens: imagePrompt(3, 20, 21), images: [0] }];
    await expect(generator.generate({ prompts, images }, { maxTokens, randomOf })).rejects.toThrow(
      '3 image tokens',
    );
    await expect(generate({ maxTokens: 0 })).rejects.toThrow('at least one token');
    await expect(generate({ temperature: 1 })).rejects.toThrow('randomness');
  });
});
