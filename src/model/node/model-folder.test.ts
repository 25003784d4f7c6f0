import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formulaParameters, tinyJson } from '../../../test/support/tiny-model.ts';
import { GeorError } from '../../core/index.ts';
import { writeSafetensors } from '../../tensor/index.ts';
import { filesInMemory, type Model, readModel } from '../checkpoint/index.ts';
import { parseModelConfig } from '../config.ts';
import { answerTokens, bannedTokens, promptTokens, SPECIAL_TOKENS } from '../prompt.ts';
import { chainPattern, loadTokenizer, trainTokenizer } from '../tokenizer/index.ts';
import { loadModel, openModel, saveModel } from './index.ts';

const tokenizer = loadTokenizer(
  trainTokenizer(['Country: Japan', 'Country: Chad'], {
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
const model: Model = { config, parameters: formulaParameters(config), tokenizer };

describe('a model folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'geor-model-'));
    saveModel(folder, model);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has the files of a Hugging Face model and comes back equal', () => {
    expect(readdirSync(folder).sort()).toEqual([
      'chat_template.jinja',
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'preprocessor_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    const loaded = loadModel(folder);
    expect(loaded.config).toEqual(config);
    expect([...loaded.parameters.keys()]).toEqual([...model.parameters.keys()]);
    for (const [name, { shape, data }] of model.parameters) {
      expect(loaded.parameters.get(name)!.shape).toEqual(shape);
      expect(
        Buffer.compare(
          Buffer.from(loaded.parameters.get(name)!.data.slice().buffer),
          Buffer.from(data.buffer),
        ),
      ).toBe(0);
    }
    expect(loaded.tokenizer.json).toEqual(tokenizer.json);
    const chat = JSON.parse(readFileSync(join(folder, 'tokenizer_config.json'), 'utf8'));
    expect(chat.chat_template).toContain('<|vision_start|><|image_pad|><|vision_end|>');
    expect(chat.eos_token).toBe('<|im_end|>');
  });

  it('saved again is the same, byte for byte', () => {
    const files = readdirSync(folder);
    const bytes = files.map((name) => readFileSync(join(folder, name)));
    saveModel(folder, loadModel(folder));
    files.forEach((name, i) => {
      expect(Buffer.compare(readFileSync(join(folder, name)), bytes[i]!), name).toBe(0);
    });
  });

  const path = (name: string): string => join(folder, name);
  const edit = (name: string, change: (json: Record<string, unknown>) => void): void => {
    const json = JSON.parse(readFileSync(path(name), 'utf8'));
    change(json);
    writeFileSync(path(name), JSON.stringify(json));
  };
  const weightsWithout = (drop: string): Uint8Array =>
    writeSafetensors(new Map([...model.parameters].filter(([name]) => name !== drop)));

  it.each<[string, () => void, RegExp]>([
    ['no config', () => rmSync(path('config.json')), /holds no config\.json/],
    ['no weights', () => rmSync(path('model.safetensors')), /holds no model\.safetensors/],
    ['no tokenizer', () => rmSync(path('tokenizer.json')), /holds no tokenizer\.json/],
    ['a config that is not JSON', () => writeFileSync(path('config.json'), '{"a":'), /not JSON/],
    ['a config of null', () => writeFileSync(path('config.json'), 'null'), /config\.json/],
    ['a tokenizer of null', () => writeFileSync(path('tokenizer.json'), 'null'), /tokenizer/],
    ['empty weights', () => writeFileSync(path('model.safetensors'), ''), /safetensors|header/i],
    ['cut weights', () => truncateSync(path('model.safetensors'), 5000), /./],
    [
      'a lost tensor',
      () => writeFileSync(path('model.safetensors'), weightsWithout('model.norm.weight')),
      /model\.norm\.weight is missing/,
    ],
    [
      'a wider config',
      () => edit('config.json', (json) => Object.assign(json, { intermediate_size: 52 })),
      /gate_proj\.weight is \[48,32\]/,
    ],
    [
      'a config of another kind',
      () => edit('config.json', (json) => Object.assign(json, { model_type: 'bert' })),
      /model_type/,
    ],
    ['a folder that is none', () => rmSync(folder, { recursive: true }), /holds no/],
  ])('with %s is refused with a reason', (_, damage, reason) => {
    damage();
    let error: unknown;
    try {
      loadModel(folder);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(GeorError);
    expect(['config', 'data']).toContain((error as GeorError).code);
    expect((error as GeorError).message).toMatch(reason);
  });
});

describe('the forms a folder comes in', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'geor-forms-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const edit = (name: string, change: (json: Record<string, unknown>) => unknown): void =>
    writeFileSync(path(name), JSON.stringify(change(JSON.parse(readFileSync(path(name), 'utf8')))));
  const expectSame = (loaded: Model, tolerance = 0): void => {
    expect([...loaded.parameters.keys()]).toEqual([...model.parameters.keys()]);
    for (const [name, { data }] of model.parameters) {
      const own = loaded.parameters.get(name)!.data;
      const worst = Math.max(...data.map((value, i) => Math.abs(own[i]! - value)));
      expect(worst, name).toBeLessThanOrEqual(tolerance);
    }
  };

  it('in shards, which replace a single file and are replaced by one', () => {
    saveModel(folder, model);
    saveModel(folder, model, { maxShardBytes: 40_000 });
    const shards = readdirSync(folder).filter((name) => /^model-\d{5}-of-/.test(name));
    expect(shards.length).toBeGreaterThan(2);
    expect(readdirSync(folder)).not.toContain('model.safetensors');
    expectSame(loadModel(folder));
    const { stored } = openModel(folder);
    expect(new Set([...stored.values()].map(({ file }) => file))).toEqual(new Set(shards));
    saveModel(folder, model);
    expect(readdirSync(folder).filter((name) => /shard|-of-|index/.test(name))).toEqual([]);
    expectSame(loadModel(folder));
  });

  it('in 16 bits', () => {
    saveModel(folder, model, { dtype: 'F16' });
    expect(JSON.parse(readFileSync(path('config.json'), 'utf8')).torch_dtype).toBe('float16');
    expectSame(loadModel(folder), 2 ** -11 * 2);
    saveModel(folder, model, { dtype: 'BF16' });
    expectSame(loadModel(folder), 2 ** -8 * 2);
  });

  it('with the names and the configuration of newer transformers', () => {
    saveModel(folder, model);
    const inside = (name: string): string =>
      name.startsWith('visual.')
        ? `model.${name}`
        : name.replace(/^model\./, 'model.language_model.');
    const buffer = { shape: [1], data: new Float32Array(1) };
    const renamed = [...model.parameters].map(([name, value]) => [inside(name), value] as const);
    const all = new Map([
      ...renamed,
      ['model.language_model.rotary_emb.inv_freq', buffer] as const,
    ]);
    writeFileSync(path('model.safetensors'), writeSafetensors(all));
    edit('config.json', ({ model_type, vision_config, image_token_id, ...text }) => ({
      ...{ model_type, vision_config, image_token_id, tie_word_embeddings: false },
      ...{ vision_start_token_id: text['vision_start_token_id'] },
      ...{ vision_end_token_id: text['vision_end_token_id'], transformers_version: '5.23.0' },
      text_config: {
        ...text,
        ...{
          rope_scaling: undefined,
          rope_theta: undefined,
          eos_token_id: [config.eos_token_id, 0],
        },
        rope_parameters: { rope_type: 'default', rope_theta: 10_000, mrope_section: [2, 1, 1] },
      },
    }));
    rmSync(path('preprocessor_config.json'));
    const size = { shortest_edge: 3136, longest_edge: 12_544 };
    writeFileSync(path('processor_config.json'), JSON.stringify({ image_processor: { size } }));
    writeFileSync(path('chat_template.jinja'), 'own');
    const loaded = loadModel(folder);
    expectSame(loaded);
    expect(loaded.config).toMatchObject(config);
    expect(loaded.preprocessor).toMatchObject({ minPixels: 3136, maxPixels: 12_544 });
    expect(loaded.chatTemplate).toBe('own');
  });

  it('in memory, where there is no disk', () => {
    saveModel(folder, model, { maxShardBytes: 40_000 });
    const files = readdirSync(folder).map(
      (name) => [name, new Uint8Array(readFileSync(path(name)))] as const,
    );
    expectSame(readModel(filesInMemory(new Map(files))));
    expect(() => readModel(filesInMemory(new Map()))).toThrow(/the model holds no config\.json/);
  });

  it('appears whole or not at all', () => {
    const target = path('new');
    const broken = {
      ...model,
      parameters: new Map([['x', { shape: [2], data: new Float32Array(1) }]]),
    };
    expect(() => saveModel(target, broken)).toThrow(/does not fit/);
    expect(readdirSync(folder)).toEqual(['new.partial']);
    saveModel(target, model);
    expect(readdirSync(folder)).toEqual(['new']);
  });

  const index = (map: Record<string, string>): string => JSON.stringify({ weight_map: map });
  const shard = 'model-00001-of-00004.safetensors';
  it.each<[string, () => void, RegExp]>([
    [
      'a lost shard',
      () => rmSync(path(readdirSync(folder).find((name) => name.includes('-00002-'))!)),
      /names model-00002-of-\d+\.safetensors, which is not there/,
    ],
    [
      'a cut shard',
      () => truncateSync(path(readdirSync(folder).find((name) => name.includes('-00002-'))!), 300),
      /-00002-.*the file at 300|in a file of 300/,
    ],
    [
      'a lost index',
      () => rmSync(path('model.safetensors.index.json')),
      /holds no model\.safetensors/,
    ],
    [
      'an index that is not JSON',
      () => writeFileSync(path('model.safetensors.index.json'), '{'),
      /index\.json is not JSON/,
    ],
    [
      'an index of null',
      () => writeFileSync(path('model.safetensors.index.json'), 'null'),
      /index\.json/,
    ],
    [
      'an index without a map',
      () => writeFileSync(path('model.safetensors.index.json'), '{}'),
      /weight_map/,
    ],
    [
      'a path that escapes',
      () => writeFileSync(path('model.safetensors.index.json'), index({ x: '../../etc/passwd' })),
      /x lies in "\.\.\/\.\.\/etc\/passwd"/,
    ],
    [
      'a path of another drive',
      () => writeFileSync(path('model.safetensors.index.json'), index({ x: 'c:x.safetensors' })),
      /x lies in/,
    ],
    [
      'a hidden file',
      () => writeFileSync(path('model.safetensors.index.json'), index({ x: '.safetensors' })),
      /x lies in/,
    ],
    [
      'a tensor in the wrong shard',
      () =>
        edit('model.safetensors.index.json', ({ weight_map }) => ({
          weight_map: {
            ...(weight_map as object),
            'model.norm.weight':
              Object.values(weight_map as object)[0] === shard
                ? 'model-00002-of-00004.safetensors'
                : shard,
          },
        })),
      /holds no model\.norm\.weight|which is not there/,
    ],
    [
      'a bad generation config',
      () => writeFileSync(path('generation_config.json'), '{"temperature":-1}'),
      /generation_config\.json.*temperature|temperature/s,
    ],
    [
      'patches of another size',
      () => edit('preprocessor_config.json', (json) => ({ ...json, patch_size: 16 })),
      /patch_size is 16/,
    ],
    [
      'crossed pixel bounds',
      () =>
        edit('preprocessor_config.json', (json) => ({ ...json, min_pixels: 99, max_pixels: 9 })),
      /99 pixels at least, 9 at most/,
    ],
    [
      'another resampling',
      () => edit('preprocessor_config.json', (json) => ({ ...json, resample: 2 })),
      /resample/,
    ],
    [
      'sliding windows',
      () => edit('config.json', (json) => ({ ...json, use_sliding_window: true })),
      /use_sliding_window/,
    ],
    [
      'another rotary',
      () => edit('config.json', (json) => ({ ...json, rope_parameters: { rope_type: 'yarn' } })),
      /rope_scaling/,
    ],
    [
      'a tokenizer of a larger model',
      () => edit('config.json', (json) => ({ ...json, vocab_size: 100 })),
      /tokenizer\.json has \d+ tokens/,
    ],
  ])('is refused with %s', (_, damage, reason) => {
    saveModel(folder, model, { maxShardBytes: 40_000 });
    damage();
    let error: unknown;
    try {
      loadModel(folder);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(GeorError);
    expect(['config', 'data']).toContain((error as GeorError).code);
    expect((error as GeorError).message).toMatch(reason);
  });

  it('names all that does not fit at once', () => {
    saveModel(folder, model);
    const odd = new Map(model.parameters);
    odd.delete('model.norm.weight');
    odd.set('model.extra', { shape: [1], data: new Float32Array(1) });
    odd.set('model.embed_tokens.weight', { shape: [1, 32], data: new Float32Array(32) });
    writeFileSync(path('model.safetensors'), writeSafetensors(odd));
    expect(() => loadModel(folder)).toThrow(
      /model\.norm\.weight is missing; model\.embed_tokens\.weight is \[1,32\], not \[\d+,32\]; model\.extra not expected/,
    );
    const twice = new Map([
      ...model.parameters,
      ['model.language_model.norm.weight', model.parameters.get('model.norm.weight')!] as const,
    ]);
    writeFileSync(path('model.safetensors'), writeSafetensors(twice));
    expect(() => loadModel(folder)).toThrow(/model\.norm\.weight is there twice/);
  });
});

describe('prompts', () => {
  it('show the image, ask, and start the turn', () => {
    const tokens = promptTokens(tokenizer, 'Country: ', { config, grid: { height: 4, width: 6 } });
    expect(tokens.slice(0, 8)).toEqual([
      config.vision_start_token_id,
      ...new Array(6).fill(config.image_token_id),
      config.vision_end_token_id,
    ]);
    expect(tokens.at(-1)).toBe(id(SPECIAL_TOKENS.startOfTurn));
    expect(tokenizer.decode(tokens.slice(8, -1))).toBe('Country: ');
  });

  it('answers end with the end of turn, which alone is not banned', () => {
    const tokens = answerTokens(tokenizer, 'Japan');
    expect(tokens.at(-1)).toBe(config.eos_token_id);
    expect(tokenizer.decode(tokens, { skipSpecialTokens: true })).toBe('Japan');
    const banned = bannedTokens(tokenizer);
    expect(banned.size).toBe(5);
    expect(banned.has(config.eos_token_id)).toBe(false);
    expect(banned.has(config.image_token_id)).toBe(true);
  });
});
