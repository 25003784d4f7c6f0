import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formulaImage, formulaParameters, tinyJson } from '../../test/support/tiny-model.ts';
import { parseModelConfig } from './config.ts';
import type { RgbImage } from './image-processor.ts';
import { type Completion, Policy, type TokenEvent } from './policy.ts';
import { type PolicyRequest, promptBatch } from './policy-request.ts';
import { promptTokens, SPECIAL_TOKENS } from './prompt.ts';
import { chainPattern, loadTokenizer, trainTokenizer } from './tokenizer/index.ts';

const tokenizer = loadTokenizer(
  trainTokenizer(['Country: France', 'Where is this?'], {
    vocabSize: 270,
    specialTokens: Object.values(SPECIAL_TOKENS),
    pattern: chainPattern,
  }),
);
const id = (token: string): number => tokenizer.tokenId(token)!;
const config = parseModelConfig({
  ...tinyJson,
  vocab_size: tokenizer.vocabSize,
  eos_token_id: id(SPECIAL_TOKENS.endOfTurn),
  pad_token_id: id(SPECIAL_TOKENS.endOfText),
  image_token_id: id(SPECIAL_TOKENS.imagePad),
  vision_start_token_id: id(SPECIAL_TOKENS.visionStart),
  vision_end_token_id: id(SPECIAL_TOKENS.visionEnd),
});
const preprocessor = {
  minPixels: 56 * 56,
  maxPixels: 28 * 28 * 24,
  mean: [0.5, 0.4, 0.3],
  deviation: [0.3, 0.2, 0.1],
} as const;
const model = { config, parameters: formulaParameters(config), tokenizer, preprocessor };

const picture = (number: number, width: number, height: number): RgbImage => ({
  width,
  height,
  data: formulaImage(number, width * height * 3),
});
const ask = (text: string, ...images: RgbImage[]): PolicyRequest => ({
  messages: [
    {
      role: 'user',
      content: [
        ...images.map((image) => ({ type: 'image', image }) as const),
        { type: 'text', text },
      ],
    },
  ],
});

/** A square, a wide and a high picture, two at once, one far above the budget, and none. */
const requests: readonly PolicyRequest[] = [
  ask('Where?', picture(1, 56, 56)),
  ask('Where is this?', picture(2, 170, 60)),
  ask('W', picture(3, 40, 130), picture(4, 84, 56)),
  ask('Country', picture(5, 400, 300)),
  ask('Where is nothing?'),
];
const maxTokens = 10;

describe('Policy', () => {
  let policy: Policy;
  beforeAll(async () => {
    policy = await Policy.create(model, { threads: 1 });
  });
  afterAll(() => policy.release());

  function expectAlike(got: readonly Completion[], want: readonly Completion[]): void {
    expect(got.map(({ tokens }) => tokens)).toEqual(want.map(({ tokens }) => tokens));
    got.forEach(({ logProbabilities }, i) => {
      logProbabilities.forEach((log, k) => {
        expect(Math.abs(log - want[i]!.logProbabilities[k]!)).toBeLessThan(1e-4);
      });
    });
  }

  it.each([
    { temperature: 0 },
    { samples: 4, temperature: 1.5, seed: 7 },
    { samples: 4, temperature: 1.5, seed: 7, topP: 0.9 },
  ])('answers requests of all shapes together as each alone: %o', async (options) => {
    const together = await policy.generate(requests, { maxTokens, ...options });
    expect(new Set(together.flat().map(({ text }) => text)).size).toBeGreaterThan(3);
    for (const [i, request] of requests.entries()) {
      const [alone] = await policy.generate([request], { maxTokens, ...options });
      expectAlike(alone!, together[i]!);
    }
  });

  it('scores completions as it generated them', async () => {
    const completions = await policy.generate(requests, { samples: 3, maxTokens, temperature: 2 });
    const scored = await policy.logProbabilities(
      requests,
      completions.map((own) => own.map(({ tokens }) => tokens)),
      2,
    );
    completions.forEach((own, request) => {
      own.forEach(({ logProbabilities, tokens }, sample) => {
        expect(scored[request]![sample]).toHaveLength(tokens.length);
        logProbabilities.forEach((log, i) => {
          expect(Math.abs(log - scored[request]![sample]![i]!)).toBeLessThan(1e-4);
        });
      });
    });
  });

  it('reports each token as it comes, with the text so far', async () => {
    const events: TokenEvent[] = [];
    const completions = await policy.generate(requests.slice(0, 2), {
      samples: 2,
      maxTokens,
      onToken: (event) => void events.push(event),
    });
    expect(events.slice(0, 4).map(({ request, sample }) => [request, sample])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    completions.forEach((own, request) => {
      own.forEach(({ tokens, text }, sample) => {
        const mine = events.filter((event) => event.request === request && event.sample === sample);
        expect(mine.map(({ token }) => token)).toEqual(tokens);
        expect(mine.at(-1)!.text).toBe(text);
      });
    });
  });

  it('lets the event loop run between tokens, and stops when told to', async () => {
    const controller = new AbortController();
    let tokens = 0;
    const work = policy.generate(requests.slice(0, 1), {
      maxTokens: 50,
      banned: new Set([config.eos_token_id]),
      signal: controller.signal,
      onToken: () => {
        if (++tokens === 3) setImmediate(() => controller.abort(new Error('enough')));
      },
    });
    await expect(work).rejects.toThrow('enough');
    expect(tokens).toBeLessThan(6);
  });

  it('ends at any stop token and never writes a banned one', async () => {
    const [[free]] = (await policy.generate(requests.slice(0, 1), {
      maxTokens,
      temperature: 0,
    })) as [[Completion]];
    const third = free.tokens[2]!;
    const [[stopped]] = (await policy.generate(requests.slice(0, 1), {
      maxTokens,
      temperature: 0,
      stop: [third],
    })) as [[Completion]];
    expect(stopped.finish).toBe('stop');
    expect(stopped.tokens).toEqual(free.tokens.slice(0, free.tokens.indexOf(third) + 1));
    const [many] = await policy.generate(requests.slice(0, 1), { samples: 40, maxTokens });
    expect(many!.flatMap(({ tokens }) => tokens)).not.toContain(config.image_token_id);
  });

  it('takes tokens with one placeholder an image, or with all', async () => {
    const image = picture(2, 170, 60);
    const text = tokenizer.encode(`Where is this?${SPECIAL_TOKENS.startOfTurn}`);
    const marked = (count: number): number[] => [
      config.vision_start_token_id,
      ...new Array<number>(count).fill(config.image_token_id),
      config.vision_end_token_id,
      ...text,
    ];
    const [chat] = await policy.generate([requests[1]!], { maxTokens, temperature: 0 });
    const tokens = [marked(1), marked(12)].map((own) => ({ tokens: own, images: [image] }));
    for (const completions of await policy.generate(tokens, { maxTokens, temperature: 0 }))
      expectAlike(completions, chat!);
    await expect(
      policy.generate([{ tokens: marked(3), images: [image] }], { maxTokens }),
    ).rejects.toThrow('3 image tokens for 1 images');
  });

  it('sees smaller images under a smaller budget', async () => {
    const small = await Policy.create(model, { threads: 1, maxPixels: 56 * 56 });
    const [full] = await policy.generate([requests[3]!], { maxTokens, temperature: 0 });
    const [less] = await small.generate([requests[3]!], { maxTokens, temperature: 0 });
    expect(less).not.toEqual(full);
    await small.release();
    await expect(Policy.create(model, { minPixels: 10, maxPixels: 9 })).rejects.toThrow('at least');
  });

  it('without a template of its own a model is asked as the small presets are', () => {
    const { prompts, images } = promptBatch([requests[1]!], model);
    const wanted = promptTokens(tokenizer, 'Where is this?', { config, grid: images.grids[0]! });
    expect(prompts[0]!.tokens).toEqual(wanted);
  });
});
