import { describe, expect, it } from 'vitest';
import { endpointEmbedder, TEXTS_PER_REQUEST } from './endpoint-embedder.ts';
import { endpointJudge } from './endpoint-judge.ts';
import type { Question } from './model.ts';

const baseUrl = 'http://model.test/v1';
type Body = Readonly<Record<string, unknown>>;

/** A `fetch` that answers each request body. */
const answering =
  (answer: (body: Body, url: string) => unknown): typeof fetch =>
  async (url, init) => {
    const value = answer(JSON.parse(String(init?.body)) as Body, String(url));
    return value instanceof Response ? value : new Response(JSON.stringify(value));
  };

describe('endpointJudge', () => {
  const question: Question = { prompt: 'Is it?', maxTokens: 1, topLogprobs: 5 };
  const reply = (content: string | null, top?: unknown) => ({
    choices: [
      { message: { content }, ...(top ? { logprobs: { content: [{ top_logprobs: top }] } } : {}) },
    ],
  });
  const ask = (answer: unknown, asked: Question = question) =>
    endpointJudge({ baseUrl, model: 'j', fetch: answering(() => answer) }).ask(asked);

  it('asks greedily for log-probabilities, the picture before the text', async () => {
    const bodies: Body[] = [];
    const judge = endpointJudge({
      baseUrl,
      model: 'j',
      fetch: answering((body, url) => {
        expect(url).toBe(`${baseUrl}/chat/completions`);
        bodies.push(body);
        return reply('Yes', [{ token: 'Yes', logprob: -0.1 }]);
      }),
    });
    await judge.ask({ ...question, image: 'data:image/jpeg;base64,AA' });
    await judge.ask({ prompt: 'Which?', maxTokens: 64, topLogprobs: 0 });
    expect(bodies[0]).toEqual({
      model: 'j',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AA' } },
            { type: 'text', text: 'Is it?' },
          ],
        },
      ],
      temperature: 0,
      max_tokens: 1,
      logprobs: true,
      top_logprobs: 5,
    });
    expect(bodies[1]).toEqual({
      model: 'j',
      messages: [{ role: 'user', content: 'Which?' }],
      temperature: 0,
      max_tokens: 64,
    });
  });

  it('reads text and first token', async () => {
    const top = [
      { token: 'Yes', logprob: -0.1 },
      { token: 'No', logprob: -2.4 },
    ];
    expect(await ask(reply('Yes', top))).toEqual({ value: { text: 'Yes', firstToken: top } });
  });

  it('fails when text or log-probabilities are missing', async () => {
    expect((await ask(reply(null))).failure).toContain('without text');
    expect((await ask(reply('Yes'))).failure).toContain('without log-probabilities');
    expect((await ask(reply('Yes', []))).failure).toContain('without log-probabilities');
    expect((await ask({ choices: [] })).failure).toContain('choices');
    expect((await ask({ error: 'x' })).failure).toContain('choices');
  });
});

describe('endpointEmbedder', () => {
  const vector = (text: string): number[] => [text.length, 1];
  const input = (body: Body): string[] => body['input'] as string[];
  const embed = (texts: readonly string[], answer: (body: Body) => unknown) =>
    endpointEmbedder({ baseUrl, model: 'e', fetch: answering(answer) }).embed(texts);

  it('puts vectors where their index says, in requests of bounded size', async () => {
    const texts = Array.from({ length: 2 * TEXTS_PER_REQUEST + 3 }, (_, i) => 'x'.repeat(i));
    const sizes: number[] = [];
    const outcomes = await embed(texts, (body) => {
      sizes.push(input(body).length);
      const data = input(body).map((text, index) => ({ index, embedding: vector(text) }));
      return { data: data.toReversed() };
    });
    expect(sizes).toEqual([TEXTS_PER_REQUEST, TEXTS_PER_REQUEST, 3]);
    expect(outcomes.map(({ value }) => value?.[0])).toEqual(texts.map(({ length }) => length));
  });

  it('fails only the text that the server refuses', async () => {
    const texts = ['a', 'bb', 'bad', 'dddd', 'eeeee'];
    const outcomes = await embed(texts, (body) =>
      input(body).includes('bad')
        ? new Response('too long', { status: 400 })
        : { data: input(body).map((text, index) => ({ index, embedding: vector(text) })) },
    );
    expect(outcomes.map(({ value }) => value?.[0])).toEqual([1, 2, undefined, 4, 5]);
    expect(outcomes[2]?.failure).toContain('answered 400: too long');
  });

  it('does not split what no text is to blame for', async () => {
    let calls = 0;
    const outcomes = await embed(['a', 'b'], () => {
      calls++;
      return new Response('who are you', { status: 401 });
    });
    expect(calls).toBe(1);
    expect(outcomes.map(({ failure }) => failure)).toEqual([
      ...Array.from({ length: 2 }, () => expect.stringContaining('401')),
    ]);
  });

  it('fails texts whose vector is missing, doubled or of another length', async () => {
    const outcomes = await embed(['a', 'b', 'c', 'd'], () => ({
      data: [
        { index: 0, embedding: [1, 2] },
        { index: 2, embedding: [1, 2] },
        { index: 2, embedding: [3, 4] },
        { index: 3, embedding: [1] },
        { index: 9, embedding: [1, 2] },
      ],
    }));
    expect(outcomes.map(({ value, failure }) => value ?? failure)).toEqual([
      Float32Array.of(1, 2),
      'the answer has no vector for this text',
      'the answer has several vectors for this text',
      'the answer has vectors of different length',
    ]);
  });
});
