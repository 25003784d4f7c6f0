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
import type { Model } from '../checkpoint/index.ts';
import { parseModelConfig } from '../config.ts';
import { answerTokens, bannedTokens, promptTokens, SPECIAL_TOKENS } from '../prompt.ts';
import { chainPattern, loadTokenizer, trainTokenizer } from '../tokenizer/index.ts';
import { loadModel, saveModel } from './index.ts';

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
