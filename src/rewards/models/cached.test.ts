import { describe, expect, it } from 'vitest';
import { memoryCache, type TextCache } from '../../core/index.ts';
import { cachedEmbedder, cachedJudge } from './cached.ts';
import type { Embedder, Judge, Question } from './model.ts';

const question: Question = { prompt: 'p', maxTokens: 1, topLogprobs: 0 };

/** An embedder that counts its texts and fails those that start with `bad`. */
function counting(name = 'm') {
  const seen: string[] = [];
  const embedder: Embedder = {
    name,
    embed: async (texts) => {
      seen.push(...texts);
      return texts.map((text) =>
        text.startsWith('bad')
          ? { failure: 'bad' }
          : { value: Float32Array.of(text.length, 1 / 3, -0) },
      );
    },
  };
  return { embedder, seen };
}

/** A cache in which every entry can be looked at and spoiled. */
function openCache() {
  const entries = new Map<string, string>();
  const cache: TextCache = {
    get: async (key) => entries.get(key),
    set: async (key, text) => {
      entries.set(key, text);
    },
  };
  return { cache, entries };
}

describe('cachedEmbedder', () => {
  it('embeds each text once, gives the same vectors from the cache, and keeps no failure', async () => {
    const cache = memoryCache();
    const { embedder, seen } = counting();
    const cached = cachedEmbedder(embedder, cache);
    const first = await cached.embed(['a', 'bb', 'a', 'bad', 'bad']);
    expect(seen).toEqual(['a', 'bb', 'bad']);
    const second = await cachedEmbedder(embedder, cache).embed(['a', 'bb', 'a', 'bad', 'bad']);
    expect(second).toEqual(first);
    expect(second[1]?.value).toEqual(Float32Array.of(2, 1 / 3, -0));
    expect(seen).toEqual(['a', 'bb', 'bad', 'bad']);
  });

  it('does not share vectors between models', async () => {
    const cache = memoryCache();
    const other = counting('n');
    await cachedEmbedder(counting('m').embedder, cache).embed(['a']);
    await cachedEmbedder(other.embedder, cache).embed(['a']);
    expect(other.seen).toEqual(['a']);
  });

  it.each(['', 'AAAAgD8=', 'AAAA.', 'not a vector.'])(
    'takes a damaged entry %j for a miss and mends it',
    async (damage) => {
      const { cache, entries } = openCache();
      const { embedder, seen } = counting();
      const cached = cachedEmbedder(embedder, cache);
      await cached.embed(['a']);
      const [[key, good]] = [...entries] as [[string, string]];
      entries.set(key, damage);
      expect(await cached.embed(['a'])).toEqual([{ value: Float32Array.of(1, 1 / 3, -0) }]);
      expect(seen).toEqual(['a', 'a']);
      expect(entries.get(key)).toBe(good);
    },
  );

  it('fails a text for which the embedder gave nothing', async () => {
    const silent: Embedder = { name: 's', embed: async () => [] };
    expect(await cachedEmbedder(silent, memoryCache()).embed(['a'])).toEqual([
      { failure: 'the embedder gave no vector' },
    ]);
  });
});

describe('cachedJudge', () => {
  const judgeThat = (answers: readonly ('fails' | 'replies')[]) => {
    let calls = 0;
    const judge: Judge = {
      name: 'j',
      ask: async ({ prompt }) =>
        answers[calls++] === 'fails'
          ? { failure: 'down' }
          : { value: { text: `to ${prompt}`, firstToken: [{ token: 'to', logprob: -0.5 }] } },
    };
    return { judge, calls: () => calls };
  };

  it('asks once, also when asked twice at a time, and again after a failure', async () => {
    const cache = memoryCache();
    const { judge, calls } = judgeThat(['fails', 'replies']);
    const cached = cachedJudge(judge, cache);
    const both = await Promise.all([cached.ask(question), cached.ask(question)]);
    expect(both).toEqual([{ failure: 'down' }, { failure: 'down' }]);
    expect(calls()).toBe(1);
    const reply = await cached.ask(question);
    expect(reply.value?.text).toBe('to p');
    expect(await cachedJudge(judge, cache).ask(question)).toEqual(reply);
    expect(calls()).toBe(2);
  });

  it('tells questions apart by everything in them', async () => {
    const { judge, calls } = judgeThat([]);
    const cached = cachedJudge(judge, memoryCache());
    await cached.ask(question);
    await cached.ask({ ...question, maxTokens: 2 });
    await cached.ask({ ...question, image: 'data:,' });
    await cached.ask({ ...question, prompt: 'q' });
    expect(calls()).toBe(4);
  });

  it.each(['{', '{"text":1}', '[]'])('takes a damaged entry %j for a miss', async (damage) => {
    const { cache, entries } = openCache();
    const { judge, calls } = judgeThat([]);
    await cachedJudge(judge, cache).ask(question);
    for (const key of entries.keys()) entries.set(key, damage);
    expect((await cachedJudge(judge, cache).ask(question)).value?.text).toBe('to p');
    expect(calls()).toBe(2);
  });
});
