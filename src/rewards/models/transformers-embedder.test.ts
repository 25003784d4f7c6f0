import { describe, expect, it } from 'vitest';
import { isModelFolder, transformersEmbedder } from './transformers-embedder.ts';

/** A stand-in for the package: vectors of two numbers, notes what it was asked. */
function library(encode: (texts: readonly string[]) => unknown) {
  const calls: unknown[][] = [];
  const env: Record<string, unknown> = {};
  const load = async () => ({
    env,
    pipeline: async (...args: unknown[]) => {
      calls.push(args);
      return async (texts: readonly string[], options: unknown) => {
        calls.push([texts.length, options]);
        return encode(texts);
      };
    },
  });
  return { load, calls, env };
}
const vectors = (texts: readonly string[]) => ({
  dims: [texts.length, 2],
  data: Float32Array.from(texts.flatMap((text) => [text.length, 1])),
});

describe('transformersEmbedder', () => {
  it('loads the encoder once, pools by the mean, and encodes in passes of bounded size', async () => {
    const { load, calls } = library(vectors);
    const embedder = transformersEmbedder({ model: 'some/model', load });
    const texts = Array.from({ length: 40 }, (_, i) => 'x'.repeat(i));
    const outcomes = await embedder.embed(texts);
    await embedder.embed(['y']);
    expect(outcomes.map(({ value }) => value?.[0])).toEqual(texts.map(({ length }) => length));
    const options = { pooling: 'mean', normalize: true };
    expect(calls).toEqual([
      ['feature-extraction', 'some/model'],
      [32, options],
      [8, options],
      [1, options],
    ]);
  });

  it('reads a folder without asking the hub', async () => {
    const { load, calls, env } = library(vectors);
    await transformersEmbedder({ model: './models/minilm/', load }).embed(['a']);
    expect(calls[0]).toEqual(['feature-extraction', 'minilm']);
    expect(env).toEqual({ localModelPath: './models/', allowRemoteModels: false });
    expect(['./m', '../m', '/m', 'C:\\m'].every(isModelFolder)).toBe(true);
    expect(isModelFolder('owner/model')).toBe(false);
  });

  it('fails the texts of a pass whose vectors cannot be used', async () => {
    for (const output of [vectors(['a']), { dims: [2, 2], data: [1, 2, 3, 4] }, new Error('oom')]) {
      const { load } = library(() => {
        if (output instanceof Error) throw output;
        return output;
      });
      const outcomes = await transformersEmbedder({ load }).embed(['a', 'b']);
      expect(outcomes).toHaveLength(2);
      for (const { failure } of outcomes) expect(failure).toContain('the encoder failed');
    }
  });

  it('says how to get a package that is not there, and which model cannot be loaded', async () => {
    await expect(transformersEmbedder().embed(['a'])).rejects.toMatchObject({
      code: 'backend',
      hint: expect.stringContaining('npm install @huggingface/transformers'),
    });
    const load = async () => ({
      env: {},
      pipeline: async () => {
        throw new Error('404');
      },
    });
    await expect(transformersEmbedder({ model: 'a/b', load }).embed(['a'])).rejects.toThrow(
      'the encoder a/b cannot be loaded: 404',
    );
  });
});
