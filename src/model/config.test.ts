import { describe, expect, it } from 'vitest';
import { tinyJson } from '../../test/support/tiny-model.ts';
import { GeorError } from '../core/index.ts';
import { headDimension, parseModelConfig, tinyConfig } from './config.ts';
import { initialParameters, parameterCount } from './parameters.ts';

const tokens = { endOfText: 0, endOfTurn: 2, visionStart: 3, visionEnd: 4, imagePad: 5 };

describe('parseModelConfig', () => {
  it('fills what Hugging Face leaves to defaults', () => {
    const config = parseModelConfig(tinyJson);
    expect(headDimension(config)).toBe(8);
    expect(config.hidden_act).toBe('silu');
    expect(config.architectures).toEqual(['Qwen2_5_VLForConditionalGeneration']);
    const { window_size: _, ...vision } = tinyJson.vision_config;
    expect(parseModelConfig({ ...tinyJson, vision_config: vision }).vision_config.window_size).toBe(
      112,
    );
  });

  it.each<[string, object, RegExp]>([
    ['another model', { model_type: 'llama' }, /model_type/],
    ['a missing size', { vocab_size: undefined }, /vocab_size/],
    ['a size that is no size', { hidden_size: -32 }, /hidden_size/],
    ['an odd head', { num_attention_heads: 32 }, /even/],
    ['heads that do not divide', { num_key_value_heads: 3 }, /evenly/],
    [
      'sections that miss the head',
      { rope_scaling: { type: 'mrope', mrope_section: [2, 2, 1] } },
      /half a head/,
    ],
    ['another rope', { rope_scaling: { type: 'yarn', mrope_section: [2, 1, 1] } }, /type/],
    [
      'features of another width',
      { vision_config: { ...tinyJson.vision_config, out_hidden_size: 16 } },
      /out_hidden_size/,
    ],
    [
      'vision heads of odd quarters',
      { vision_config: { ...tinyJson.vision_config, num_heads: 16 } },
      /divisible by 4/,
    ],
    ['an activation it lacks', { hidden_act: 'gelu' }, /hidden_act/],
  ])('refuses %s, naming it', (_, change, message) => {
    const parse = (): unknown => parseModelConfig({ ...tinyJson, ...change });
    expect(parse).toThrow(GeorError);
    expect(parse).toThrow(message);
  });

  it.each([[null], [[]], ['text'], [{}]])('refuses %j', (json) => {
    expect(() => parseModelConfig(json)).toThrow(GeorError);
  });
});

describe('tinyConfig', () => {
  it('shares the head as Qwen2.5-VL does: 16, 24, 24 of 64', () => {
    const config = tinyConfig(600, tokens, { hiddenSize: 256, heads: 2, keyValueHeads: 1 });
    expect(config.rope_scaling.mrope_section).toEqual([16, 24, 24]);
  });

  it('has about 1.5 million parameters with 2048 tokens', () => {
    const config = tinyConfig(2048, tokens);
    expect(config.eos_token_id).toBe(tokens.endOfTurn);
    const count = parameterCount(config);
    expect(count).toBeGreaterThan(1.3e6);
    expect(count).toBeLessThan(2.1e6);
  });
});

describe('initialParameters', () => {
  const config = parseModelConfig(tinyJson);
  it('are equal for equal seeds only', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => initialParameters(config, seed));
    const name = 'model.layers.0.mlp.up_proj.weight';
    expect(a!.get(name)!.data).toEqual(b!.get(name)!.data);
    expect(a!.get(name)!.data).not.toEqual(c!.get(name)!.data);
  });

  it('have the deviations of the formula; norms are one, biases zero', () => {
    const parameters = initialParameters(
      tinyConfig(512, tokens, { hiddenSize: 128, layers: 2 }),
      3,
    );
    const deviation = (name: string): number => {
      const { data } = parameters.get(name)!;
      return Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
    };
    expect(deviation('model.embed_tokens.weight') / 0.02).toBeCloseTo(1, 1);
    expect(deviation('model.layers.1.self_attn.q_proj.weight') * Math.sqrt(128)).toBeCloseTo(1, 1);
    const residual = deviation('model.layers.1.self_attn.o_proj.weight') * Math.sqrt(128);
    expect(residual * Math.sqrt(4)).toBeCloseTo(1, 1);
    expect(new Set(parameters.get('model.norm.weight')!.data)).toEqual(new Set([1]));
    expect(new Set(parameters.get('visual.merger.mlp.0.bias')!.data)).toEqual(new Set([0]));
  });
});
