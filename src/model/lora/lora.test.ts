import { describe, expect, it } from 'vitest';
import { formulaParameters, tinyModelConfig } from '../../../test/support/tiny-model.ts';
import { GeorError } from '../../core/index.ts';
import { writeSafetensors } from '../../tensor/index.ts';
import { filesInMemory } from '../checkpoint/index.ts';
import {
  ADAPTER_CONFIG,
  ADAPTER_WEIGHTS,
  adapterJson,
  adapterShapes,
  type LoraConfig,
  loraTargets,
  mergeAdapter,
  newAdapter,
  parseAdapterConfig,
  peftName,
  readAdapter,
} from './index.ts';

const model = tinyModelConfig;
const lora: LoraConfig = { rank: 4, alpha: 8, targetModules: ['q_proj', 'v_proj'] };
const names = (config: Partial<LoraConfig>): string[] => [
  ...loraTargets(model, { ...lora, ...config }).keys(),
];

describe('the layers of an adapter', () => {
  it('are those whose name ends in a whole target', () => {
    expect(names({})).toEqual([
      'model.layers.0.self_attn.q_proj',
      'model.layers.0.self_attn.v_proj',
      'model.layers.1.self_attn.q_proj',
      'model.layers.1.self_attn.v_proj',
    ]);
    expect(names({ targetModules: ['layers.1.mlp.up_proj'] })).toEqual([
      'model.layers.1.mlp.up_proj',
    ]);
    expect(() => names({ targetModules: ['proj'] })).not.toThrow(); // visual attn.proj
    expect(names({ targetModules: ['proj'] }).every((name) => name.endsWith('attn.proj'))).toBe(
      true,
    );
  });

  it('are those whose whole name matches an expression', () => {
    const targetModules = String.raw`model\.language_model\.layers\.\d+\.mlp\.(gate|up)_proj`;
    expect(names({ targetModules })).toHaveLength(4);
    expect(() => names({ targetModules: 'mlp' })).toThrow(/no linear layer matches/);
  });

  it('are all linear layers but the head for all-linear', () => {
    const all = names({ targetModules: 'all-linear' });
    expect(all).toHaveLength(model.vision_config.depth * 5 + 2 + model.num_hidden_layers * 7);
    expect(all).not.toContain('lm_head');
    expect(all).not.toContain('visual.patch_embed.proj');
    const language = names({
      targetModules: 'all-linear',
      excludeModules: String.raw`.*visual\..*`,
    });
    expect(language).toHaveLength(model.num_hidden_layers * 7);
  });

  it('have the rank and weight of the first pattern that ends their name', () => {
    const targets = loraTargets(model, {
      ...lora,
      rankPattern: { 'layers.1.self_attn.q_proj': 16, q_proj: 2 },
      alphaPattern: { v_proj: 1 },
    });
    const of = (name: string) => targets.get(`model.layers.${name}`)!;
    expect(of('1.self_attn.q_proj')).toEqual({ rank: 16, scale: 0.5, into: 32, out: 32 });
    expect(of('0.self_attn.q_proj')).toEqual({ rank: 2, scale: 4, into: 32, out: 32 });
    expect(of('0.self_attn.v_proj')).toEqual({ rank: 4, scale: 0.25, into: 32, out: 16 });
  });

  it('weigh alpha / sqrt(rank) when rank-stabilised', () => {
    const [target] = loraTargets(model, { ...lora, rankStabilised: true }).values();
    expect(target!.scale).toBe(4);
  });

  it('refuse an expression that is none', () => {
    expect(() => names({ targetModules: '(?P<x>q' })).toThrow(/target_modules is no expression/);
  });
});

describe('a new adapter', () => {
  const adapter = newAdapter(model, lora, 3);

  it('is the same for the same seed and starts where PEFT starts', () => {
    expect(newAdapter(model, lora, 3)).toEqual(adapter);
    expect(newAdapter(model, lora, 4)).not.toEqual(adapter);
    for (const [name, { data, shape }] of adapter.parameters) {
      const largest = Math.max(...data.map(Math.abs));
      if (name.includes('lora_B')) expect(largest).toBe(0);
      else {
        const bound = 1 / Math.sqrt(shape[1]!);
        expect(largest).toBeLessThanOrEqual(bound);
        expect(largest).toBeGreaterThan(0.9 * bound);
      }
    }
  });

  it('merges to the base, bit for bit', () => {
    const base = formulaParameters(model);
    const merged = mergeAdapter(base, adapter);
    for (const [name, { data }] of base) expect(merged.get(name)!.data, name).toEqual(data);
  });

  it('merges W + scale B A, by hand', () => {
    const base = formulaParameters(model);
    const trained = newAdapter(model, lora, 3);
    const layer = 'model.layers.1.self_attn.v_proj';
    const a = trained.parameters.get(`${layer}.lora_A.weight`)!.data; // (4, 32)
    const b = trained.parameters.get(`${layer}.lora_B.weight`)!.data; // (16, 4)
    b.forEach((_, i) => {
      b[i] = ((i * 7) % 5) - 2;
    });
    const merged = mergeAdapter(base, trained).get(`${layer}.weight`)!.data;
    const old = base.get(`${layer}.weight`)!.data;
    for (const [row, column] of [
      [0, 0],
      [3, 17],
      [15, 31],
    ] as const) {
      let sum = 0;
      for (let r = 0; r < 4; r++) sum += b[row * 4 + r]! * a[r * 32 + column]!;
      expect(merged[row * 32 + column]).toBeCloseTo(old[row * 32 + column]! + 2 * sum, 6);
    }
  });
});

describe('the files of an adapter', () => {
  const adapter = newAdapter(model, { ...lora, baseModel: 'tiny' }, 3);
  const tensors = new Map([...adapter.parameters].map(([name, value]) => [peftName(name), value]));
  const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const config = adapterJson(adapter.config) as Record<string, unknown>;
  const read = (json: unknown, weights: Uint8Array = writeSafetensors(tensors)) =>
    readAdapter(
      filesInMemory(
        new Map([
          [ADAPTER_CONFIG, bytes(json)],
          [ADAPTER_WEIGHTS, weights],
        ]),
      ),
      model,
    );

  it('come back equal', () => {
    expect(peftName('model.layers.0.self_attn.q_proj.lora_A.weight')).toBe(
      'base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_A.weight',
    );
    expect(read(config)).toEqual(adapter);
    expect([...adapterShapes(adapter.targets).keys()]).toEqual([...adapter.parameters.keys()]);
  });

  it('may have the module names of older transformers', () => {
    const older = [...adapter.parameters].map(
      ([name, value]) => [`base_model.model.${name}`, value] as const,
    );
    expect(read(config, writeSafetensors(new Map(older)))).toEqual(adapter);
  });

  it('may leave layers of the vision model out, and no others', () => {
    const wider = { ...config, target_modules: ['q_proj', 'v_proj', 'proj'] };
    expect([...read(wider).targets.keys()]).toEqual([...adapter.targets.keys()]);
    const more = { ...config, target_modules: ['q_proj', 'v_proj', 'o_proj'] };
    expect(() => read(more)).toThrow(/o_proj.lora_A.weight is missing/);
  });

  const without = (part: string): Uint8Array =>
    writeSafetensors(new Map([...tensors].filter(([name]) => !name.includes(part))));
  it.each<[string, unknown, Uint8Array | undefined, RegExp]>([
    ['another kind', { ...config, peft_type: 'IA3' }, undefined, /peft_type/],
    ['DoRA', { ...config, use_dora: true }, undefined, /use_dora/],
    ['trained biases', { ...config, bias: 'all' }, undefined, /bias/],
    ['saved modules', { ...config, modules_to_save: ['lm_head'] }, undefined, /modules_to_save/],
    ['a rank of 0', { ...config, r: 0 }, undefined, /r/],
    ['an alpha of 0', { ...config, lora_alpha: 0 }, undefined, /lora_alpha/],
    ['no targets', { ...config, target_modules: null }, undefined, /target_modules/],
    ['targets that are nowhere', { ...config, target_modules: ['c_attn'] }, undefined, /matches/],
    ['another rank', { ...config, r: 8 }, undefined, /is \[4,32\], not \[8,32\]/],
    [
      'a lost matrix',
      config,
      without('layers.1.self_attn.v_proj.lora_B'),
      /lora_B.weight is missing/,
    ],
    ['too many matrices', { ...config, target_modules: ['q_proj'] }, undefined, /not expected/],
    [
      'a tensor of another kind',
      config,
      writeSafetensors(new Map([['x', { shape: [1], data: new Float32Array(1) }]])),
      /x is no LoRA/,
    ],
    ['null', null, undefined, /adapter_config/],
  ])('are refused with %s', (_, json, weights, message) => {
    let error: unknown;
    try {
      read(json, weights);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(GeorError);
    expect(['data', 'config']).toContain((error as GeorError).code);
    expect((error as GeorError).message).toMatch(message);
  });

  it('say which base they are for when they do not fit', () => {
    const other = { ...config, base_model_name_or_path: 'Qwen/Qwen2.5-VL-7B-Instruct', r: 8 };
    expect(() => read(other)).toThrow(
      expect.objectContaining({ hint: 'the adapter is for Qwen/Qwen2.5-VL-7B-Instruct' }),
    );
  });

  it('are written as PEFT reads them', () => {
    expect(parseAdapterConfig(config)).toEqual(adapter.config);
    expect(config).toMatchObject({ peft_type: 'LORA', r: 4, lora_alpha: 8, lora_dropout: 0 });
  });
});
