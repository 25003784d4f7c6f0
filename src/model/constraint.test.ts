import { describe, expect, it } from 'vitest';
import { formulaParameters, imagePrompt, noise, tinyJson } from '../../test/support/tiny-model.ts';
import { type ByteAutomaton, random } from '../core/index.ts';
import { parseModelConfig } from './config.ts';
import { constrainTokens } from './constraint.ts';
import { Generator } from './generation/generator.ts';
import { SPECIAL_TOKENS } from './prompt.ts';
import { chainPattern, loadTokenizer, trainTokenizer } from './tokenizer/index.ts';

const utf8 = new TextEncoder();

/** The language of a list of texts: a state is the index of a prefix. */
function textsOnly(texts: readonly string[]): ByteAutomaton {
  const whole = new Set(texts.map((text) => utf8.encode(text).join()));
  const prefixes = ['', ...new Set(texts.flatMap((text) => prefixesOf(utf8.encode(text))))];
  const index = new Map(prefixes.map((prefix, i) => [prefix, i]));
  return {
    start: 0,
    next: (state, byte) => {
      const before = prefixes[state]!;
      return index.get(before === '' ? `${byte}` : `${before},${byte}`) ?? -1;
    },
    isFinal: (state) => whole.has(prefixes[state]!),
  };
}

const prefixesOf = (bytes: Uint8Array): string[] =>
  Array.from(bytes, (_, i) => bytes.slice(0, i + 1).join());

const texts = ['Chad', 'Chile', 'Côte d’Ivoire', 'Niger', 'Nigeria', '東京'];
const tokenizer = loadTokenizer(
  trainTokenizer([...texts, 'Chile Chad Chain'], {
    vocabSize: 300,
    specialTokens: Object.values(SPECIAL_TOKENS),
    pattern: chainPattern,
  }),
);
const end = tokenizer.tokenId(SPECIAL_TOKENS.endOfTurn)!;
const constraint = constrainTokens(tokenizer, textsOnly(texts), end);

/** Every text the constraint lets through, by all ways of cutting it. */
function spelled(): Map<string, number> {
  const found = new Map<string, number>();
  const walk = (state: number, tokens: readonly number[]): void => {
    constraint.allowed(state).forEach((isAllowed, token) => {
      if (!isAllowed) return;
      if (token === end) {
        const text = tokenizer.decode(tokens);
        found.set(text, (found.get(text) ?? 0) + 1);
      } else walk(constraint.next(state, token), [...tokens, token]);
    });
  };
  walk(constraint.start, []);
  return found;
}

describe('constrainTokens', () => {
  it('lets through exactly the texts of the language, cut in any way', () => {
    const found = spelled();
    expect([...found.keys()].sort()).toEqual([...texts].sort());
    expect(found.get('Chad')).toBeGreaterThan(1);
  });

  it('allows the end only where a text may end', () => {
    const stateAfter = (text: string): number =>
      tokenizer.encode(text).reduce((state, token) => constraint.next(state, token), 0);
    expect(constraint.allowed(stateAfter('Niger'))[end]).toBe(1);
    expect(constraint.allowed(stateAfter('Nige'))[end]).toBe(0);
    expect(constraint.allowed(0)[end]).toBe(0);
  });

  it('says so when the vocabulary cannot go on', () => {
    const nothing = constrainTokens(
      tokenizer,
      { start: 0, next: () => -1, isFinal: () => false },
      end,
    );
    expect(() => nothing.allowed(0)).toThrow('no token to go on with');
  });
});

describe('a Generator with a constraint', () => {
  const config = parseModelConfig({
    ...tinyJson,
    vocab_size: tokenizer.vocabSize,
    eos_token_id: end,
    pad_token_id: tokenizer.tokenId(SPECIAL_TOKENS.endOfText),
    image_token_id: tokenizer.tokenId(SPECIAL_TOKENS.imagePad),
    vision_start_token_id: tokenizer.tokenId(SPECIAL_TOKENS.visionStart),
    vision_end_token_id: tokenizer.tokenId(SPECIAL_TOKENS.visionEnd),
  });
  const grid = { height: 4, width: 2 };
  const pixels = Float32Array.from(noise(3, 8 * 588));
  const prompt = [
    config.vision_start_token_id,
    config.image_token_id,
    config.image_token_id,
    config.vision_end_token_id,
    40,
  ];

  it('answers with nothing but those texts, greedily, hot, and with every truncation', async () => {
    expect(imagePrompt(2, 40)).toHaveLength(prompt.length);
    const parameters = formulaParameters(config);
    const generator = await Generator.create(config, parameters);
    const batch = {
      prompts: [{ tokens: prompt, images: [0] }],
      images: { grids: [grid], pixels },
    };
    const answers = async (options: object) => {
      const generated = await generator.generate(batch, {
        maxTokens: 40,
        constraint,
        randomOf: (_, sample) => random('constraint.test', sample),
        ...options,
      });
      expect(generated.every(({ ended }) => ended)).toBe(true);
      return generated.map(({ tokens }) => tokenizer.decode(tokens.slice(0, -1)));
    };
    const seen = new Set(await answers({ temperature: 3, samples: 200 }));
    expect([...seen].sort()).toEqual([...texts].sort());
    for (const options of [{ temperature: 0 }, { topK: 1 }, { topP: 0.3 }])
      for (const text of await answers(options)) expect(texts).toContain(text);
    await generator.release();
  });
});
