import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Picture } from '../../data/index.ts';
import type { AskOptions, GuardedPicture, Prompt } from '../backend.ts';
import { openBackend } from '../node/index.ts';

const scene: Picture = { width: 4, height: 2, data: new Uint8Array(24).map((_, i) => i) };
const picture: GuardedPicture = {
  ...{ contentId: '0123456789abcdef', width: 4, height: 2 },
  jpeg: () => Promise.reject(new Error('pixels were to be asked for')),
  pixels: async () => scene,
};
const prompt: Prompt = { text: 'Where?', contract: 'geo-r', condition: 'cor' };
const asking: AskOptions = { samples: 3, temperature: 0.7, maxTokens: 4, seed: 2 ** 31 - 2 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'geor--onnx-'));
  mkdirSync(join(folder, 'onnx'));
  for (const name of ['tokenizer.json', 'preprocessor_config.json']) put(name);
  put('config.json', '{"model_type": "qwen2_5_vl", "text_config": {}}');
  put('tokenizer_config.json', '{"chat_template": "its own"}');
  for (const graph of ['embed_tokens', 'vision_encoder', 'decoder_model_merged'])
    put(`onnx/${graph}_q4.onnx`, graph);
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text = '{}') => writeFileSync(join(folder, name), text);

/** Prompt of two tokens, then the numbers of the answer; 9 is the end, and shown as nothing. */
type Generate = (inputs: Record<string, unknown>, call: number) => unknown[] | Promise<unknown[]>;
const numbers: Generate = (_, call) => [5n, BigInt(call), 9n];

/** A stand-in for the package, after the source of 4.3.1; notes what it was asked. */
function library(generate: Generate = numbers) {
  const calls: unknown[][] = [];
  const env: Record<string, unknown> = { allowRemoteModels: true };
  const limits = { max_pixels: 1000 };
  const open = { underWay: 0, made: 0 };
  class RawImage {
    readonly seen: unknown[];
    constructor(...seen: unknown[]) {
      this.seen = seen;
    }
  }
  class InterruptableStoppingCriteria {
    interrupted = false;
    interrupt() {
      this.interrupted = true;
    }
  }
  const processor = Object.assign(
    async (text: unknown, image: unknown) => {
      calls.push(['process', text, image instanceof RawImage && image.seen]);
      return { input_ids: { dims: [1, 2] }, pixel_values: 'pixels' };
    },
    {
      image_processor: limits,
      apply_chat_template(...args: unknown[]) {
        calls.push(['chat', ...args]);
        return 'the chat';
      },
      batch_decode([tokens, ...rest]: bigint[][], options: unknown) {
        expect([rest, options]).toEqual([[], { skip_special_tokens: true }]);
        return [tokens!.filter((token) => token !== 9n).join(' ')];
      },
    },
  );
  const model = {
    async generate(inputs: Record<string, unknown>) {
      const { stopping_criteria, ...rest } = inputs;
      expect(stopping_criteria).toBeInstanceOf(InterruptableStoppingCriteria);
      expect(open.underWay++).toBe(0);
      calls.push(['generate', rest]);
      try {
        const answer = await generate(inputs, open.made++);
        return { tolist: () => [[1n, 2n, ...answer]] };
      } finally {
        open.underWay--;
      }
    },
    async dispose() {
      calls.push(['dispose']);
    },
  };
  const pretrained = (what: string, value: unknown) => ({
    async from_pretrained(...args: unknown[]) {
      expect(env['allowRemoteModels']).toBe(false);
      calls.push([what, ...args]);
      return value;
    },
  });
  const loaded = {
    ...{ env, RawImage, InterruptableStoppingCriteria },
    AutoProcessor: pretrained('processor', processor),
    AutoModelForImageTextToText: pretrained('model', model),
    random: { seed: (seed: number) => calls.push(['seed', seed]) },
  };
  return { loaded, calls, limits, loadTransformers: async () => loaded };
}

const Q4 = { embed_tokens: 'q4', vision_encoder: 'q4', decoder_model_merged: 'q4' };

describe('a folder of ONNX graphs', () => {
  it('is loaded from its own place and nowhere else, asked once a sample, each with its seed', async () => {
    const { calls, loadTransformers } = library();
    const backend = await openBackend(folder, { onnx: { loadTransformers } });
    const { completions, failures, notes } = await backend.ask(picture, prompt, asking);
    expect(completions).toEqual(
      ['5 0', '5 1', '5 2'].map((text) => ({ text, finish: 'stop', tokens: 3 })),
    );
    expect([failures, notes]).toEqual([[], undefined]);
    const content = [{ type: 'image' }, { type: 'text', text: 'Where?' }];
    const generate = [
      'generate',
      {
        input_ids: { dims: [1, 2] },
        pixel_values: 'pixels',
        max_new_tokens: 4,
        do_sample: true,
        temperature: 0.7,
        top_k: 0,
        repetition_penalty: 1,
      },
    ];
    expect(calls).toEqual([
      ['processor', folder, { local_files_only: true }],
      ['model', folder, { local_files_only: true, device: 'cpu', dtype: Q4 }],
      ['chat', [{ role: 'user', content }], { add_generation_prompt: true }],
      ['process', 'the chat', [scene.data, 4, 2, 3]],
      ...[['seed', 2 ** 31 - 2], generate],
      ...[['seed', 2 ** 31 - 1], generate],
      ...[['seed', 0], generate],
    ]);
    await backend.close();
    expect(calls.at(-1)).toEqual(['dispose']);
    const sha256 = createHash('sha256').update('embed_tokensvision_encoderdecoder_model_merged');
    expect(backend).toMatchObject({
      ...{ name: basename(folder), identity: `sha256:${sha256.digest('hex')}` },
      ...{ reads: 'photographs', isRemote: false, promptStyle: 'full' },
    });
    expect(backend.host).toBeUndefined();
  });

  it('runs where it is told, with the numbers, threads and pixels it is told', async () => {
    put('onnx/vision_encoder_fp16.onnx');
    put('onnx/decoder_model_merged.onnx');
    for (const [dtype, vision, decoder] of [
      [undefined, 'fp16', 'fp32'],
      ['q4', 'q4', 'q4'],
      [{ decoder_model_merged: 'q4' }, 'fp16', 'q4'],
    ] as const) {
      const { calls, limits, loadTransformers } = library();
      const onnx = { loadTransformers, device: 'cuda', maxPixels: 800, ...(dtype && { dtype }) };
      await openBackend(folder, { threads: 2, onnx });
      expect(calls[1]?.[2]).toEqual({
        local_files_only: true,
        device: 'cuda',
        dtype: { embed_tokens: 'q4', vision_encoder: vision, decoder_model_merged: decoder },
        session_options: { intraOpNumThreads: 2 },
      });
      expect(limits.max_pixels).toBe(800);
    }
    const { limits, loadTransformers } = library();
    await openBackend(folder, { onnx: { loadTransformers, maxPixels: 2000 } });
    expect(limits.max_pixels).toBe(1000);
  });

  it('is another when its weights are, also those beside a graph', async () => {
    const identity = async () => {
      const { loadTransformers } = library();
      return (await openBackend(folder, { onnx: { loadTransformers } })).identity;
    };
    const identities = [await identity()];
    put('onnx/decoder_model_merged_q4.onnx_data', 'weights');
    identities.push(await identity());
    put('onnx/decoder_model_merged_q4f16.onnx', 'not run');
    expect(await identity()).toBe(identities[1]);
    expect(identities[1]).not.toBe(identities[0]);
  });

  it('takes the most probable tokens at temperature 0, and says that top-p is left aside', async () => {
    const { calls, loadTransformers } = library();
    const backend = await openBackend(folder, { onnx: { loadTransformers } });
    const greedy = { ...asking, samples: 1, temperature: 0, topP: 0.9 };
    expect((await backend.ask(picture, prompt, greedy)).notes).toBeUndefined();
    expect(calls.at(-1)?.[1]).toMatchObject({ do_sample: false });
    expect(calls.at(-1)?.[1]).not.toHaveProperty('temperature');
    const { notes } = await backend.ask(picture, prompt, { ...asking, topP: 0.9 });
    expect(notes).toEqual([expect.stringContaining('no top-p')]);
  });

  it('tells whole texts, cut ones as such, and goes on after a sample that failed', async () => {
    const { loadTransformers } = library((_, call) => {
      if (call === 1) throw new Error('out of memory');
      return call === 0 ? [5n, 6n, 7n, 8n] : [5n, 9n];
    });
    const backend = await openBackend(folder, { onnx: { loadTransformers } });
    const told: unknown[] = [];
    const onText = (...args: unknown[]) => told.push(args);
    expect(await backend.ask(picture, prompt, { ...asking, onText })).toEqual({
      completions: [
        { text: '5 6 7 8', finish: 'length', tokens: 4 },
        { text: '5', finish: 'stop', tokens: 2 },
      ],
      failures: [{ reason: 'the model failed: out of memory' }],
    });
    expect(told).toEqual([
      [0, '5 6 7 8'],
      [2, '5'],
    ]);
  });

  it('fails a sample whose output is no row of tokens', async () => {
    const { loadTransformers } = library((_, call) => (call === 1 ? [5] : [5n]));
    const backend = await openBackend(folder, { onnx: { loadTransformers } });
    const { completions, failures } = await backend.ask(picture, prompt, asking);
    expect(completions).toHaveLength(2);
    expect(failures).toEqual([{ reason: expect.stringContaining('expected bigint') }]);
  });

  it('stops inside a sample when it is cancelled, and asks for no other', async () => {
    const cancelling = new AbortController();
    const stopping: unknown[] = [];
    const { loadTransformers } = library((inputs, call) => {
      if (call === 1) cancelling.abort();
      stopping.push(inputs['stopping_criteria']);
      return [5n];
    });
    const backend = await openBackend(folder, { onnx: { loadTransformers } });
    const { signal } = cancelling;
    const { completions, failures } = await backend.ask(picture, prompt, { ...asking, signal });
    expect(completions).toHaveLength(1);
    expect(failures).toEqual([{ reason: 'cancelled' }, { reason: 'cancelled' }]);
    expect(stopping).toEqual([{ interrupted: false }, { interrupted: true }]);
  });

  it('answers pictures one after the other, also after one that cannot be read', async () => {
    const { calls, loadTransformers } = library(async () => [5n]);
    const backend = await openBackend(folder, { onnx: { loadTransformers } });
    const broken = { ...picture, pixels: () => Promise.reject(new Error('no picture')) };
    const asked = await Promise.allSettled(
      [picture, broken, picture].map((each) => backend.ask(each, prompt, asking)),
    );
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const seeds = calls.filter(([what]) => what === 'seed').map(([, seed]) => seed);
    expect(seeds).toEqual([2 ** 31 - 2, 2 ** 31 - 1, 0, 2 ** 31 - 2, 2 ** 31 - 1, 0]);
  });

  it('gives the package the chat template that it would not read', async () => {
    put('tokenizer_config.json');
    put('chat_template.jinja', 'the template');
    const { calls, loadTransformers } = library();
    const backend = await openBackend(folder, { onnx: { loadTransformers } });
    await backend.ask(picture, prompt, asking);
    expect(calls[2]?.[2]).toEqual({ add_generation_prompt: true, chat_template: 'the template' });
  });
});

describe('a folder of ONNX graphs that cannot be run', () => {
  const refused = (loadTransformers: () => Promise<unknown> = library().loadTransformers) =>
    openBackend(folder, { onnx: { loadTransformers } });

  it('says how to get a package that is not there or is another', async () => {
    const error = {
      code: 'backend',
      message: expect.stringContaining('@huggingface/transformers cannot be loaded'),
      hint: expect.stringContaining('npm install @huggingface/transformers@4'),
    };
    await expect(openBackend(folder)).rejects.toMatchObject(error);
    const { random: _, ...older } = library().loaded;
    for (const other of [older, {}, null, { ...older, random: {} }])
      await expect(refused(async () => other)).rejects.toMatchObject(error);
  });

  it('says what the package says of a model', async () => {
    const { loaded } = library();
    loaded.AutoModelForImageTextToText = {
      from_pretrained: () => Promise.reject(new Error('Unsupported model type: florence')),
    };
    await expect(refused(async () => loaded)).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringContaining('Unsupported model type: florence'),
    });
  });

  it.each([
    ['config.json', 'lacks config.json', 'copy it'],
    ['tokenizer.json', 'lacks tokenizer.json', 'copy it'],
    ['tokenizer_config.json', 'lacks tokenizer_config.json', 'copy it'],
    ['preprocessor_config.json', 'lacks preprocessor_config.json', '"image_processor"'],
    ['onnx/vision_encoder_q4.onnx', 'lacks onnx/vision_encoder.onnx', 'embed_tokens, vision_'],
  ])('names %s when it is missing', async (name, message, hint) => {
    rmSync(join(folder, name));
    await expect(refused()).rejects.toMatchObject({
      code: 'data',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it('names a configuration of the form that the package does not read', async () => {
    put('config.json', '{"model_type": "qwen2_5_vl"}');
    await expect(refused()).rejects.toThrow('config.json without "text_config"');
    put('config.json', '{"model_type": "qwen2_vl"}');
    await expect(refused()).resolves.toBeDefined();
    put('config.json', '[]');
    await expect(refused()).rejects.toThrow('no usable config.json');
  });

  it('names a chat template that is nowhere, a broken file, and numbers that are not there', async () => {
    put('tokenizer_config.json');
    await expect(refused()).rejects.toThrow('has no chat template');
    put('tokenizer_config.json', '{');
    await expect(refused()).rejects.toThrow('no usable tokenizer_config.json');
    put('tokenizer_config.json', '{"chat_template": "its own"}');
    const { loadTransformers } = library();
    const wanting = openBackend(folder, { onnx: { loadTransformers, dtype: 'fp16' } });
    await expect(wanting).rejects.toMatchObject({
      message: expect.stringContaining('lacks onnx/embed_tokens_fp16.onnx'),
      hint: 'there is embed_tokens as q4',
    });
  });
});
