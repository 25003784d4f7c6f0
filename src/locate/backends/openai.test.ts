import { afterEach, describe, expect, it } from 'vitest';
import {
  type ChatServer,
  type ChatServerOptions,
  chatServer,
} from '../../../test/support/chat-server.ts';
import { answerPrompt } from '../../chain/index.ts';
import { encodeJpeg } from '../../data/index.ts';
import type { AskOptions, GuardedPicture, Prompt } from '../backend.ts';
import { type OpenAiOptions, openAiBackend } from './openai.ts';

const scene = { width: 8, height: 8, data: new Uint8Array(192).fill(120) };
const jpeg = encodeJpeg(scene);
const picture: GuardedPicture = {
  ...{ contentId: '0123456789abcdef', width: 8, height: 8 },
  jpeg: async () => jpeg,
  pixels: async () => scene,
};
const prompt: Prompt = {
  text: answerPrompt('geo-r', 'cor'),
  ...{ contract: 'geo-r', condition: 'cor' },
};
const asking: AskOptions = { samples: 3, temperature: 0.7, maxTokens: 99, seed: 2 ** 31 - 2 };
const bergen = 'Country: Norway\nCoordinates: (60.39, 5.32)';

let server: ChatServer | undefined;
afterEach(async () => {
  const { offences = [] } = server ?? {};
  await server?.close();
  server = undefined;
  expect(offences).toEqual([]);
});

async function connect(stub: ChatServerOptions, options: Partial<OpenAiOptions> = {}) {
  server = await chatServer(stub);
  return openAiBackend({ baseUrl: server.url, wait: async () => undefined, ...options });
}

/** The fields of a request whose answer is not kept in shape, besides the messages. */
const UNSHAPED = ['logprobs', 'max_tokens', 'model', 'seed', 'temperature'];

describe('a server that speaks the protocol', () => {
  it('is sent the picture and the question and nothing else, and gives all samples at once', async () => {
    const backend = await connect(
      { reply: ({ n = 1 }) => ({ texts: Array.from({ length: n }, (_, i) => `${i}`) }), key: 'k' },
      { key: 'k' },
    );
    const { completions, failures, notes } = await backend.ask(picture, prompt, asking);
    expect(completions.map(({ text, finish }) => text + finish)).toEqual([
      '0stop',
      '1stop',
      '2stop',
    ]);
    expect(failures).toEqual([]);
    expect(notes).toBeUndefined();
    expect(server!.requests).toEqual([
      {
        model: 'stub',
        messages: [
          {
            role: 'user',
            content: [
              {
                type: 'image_url',
                image_url: {
                  url: `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`,
                },
              },
              { type: 'text', text: answerPrompt('geo-r', 'cor') },
            ],
          },
        ],
        ...{ temperature: 0.7, max_tokens: 99, seed: 2 ** 31 - 2, logprobs: true, n: 3 },
      },
    ]);
  });

  it('says what it is: the model, the host, and that nothing leaves the machine', async () => {
    const backend = await connect({ reply: () => ({ texts: ['x'] }) });
    const { host } = new URL(server!.url);
    expect(backend).toMatchObject({
      ...{ name: `stub at ${host}`, host, isRemote: false, reads: 'photographs' },
      identity: `${server!.url} stub`,
    });
  });

  it('is asked again for each sample when it takes no notice of n, and from then on at once', async () => {
    const backend = await connect({ reply: (_, call) => ({ texts: [`answer ${call}`] }) });
    const first = await backend.ask(picture, prompt, asking);
    expect(first.completions.map(({ text }) => text).sort()).toEqual([
      ...['answer 0', 'answer 1', 'answer 2'],
    ]);
    expect(first.notes).toEqual(['the server does not take n: it is asked once for each sample']);
    expect(server!.requests.map(({ n, seed }) => [n, seed])).toEqual([
      [3, 2 ** 31 - 2],
      [undefined, 2 ** 31 - 1],
      [undefined, 0], // seeds wrap around and stay different
    ]);
    await backend.ask(picture, prompt, asking);
    expect(server!.requests).toHaveLength(6);
    expect(server!.requests.slice(3).every(({ n }) => n === undefined)).toBe(true);
  });

  it('is told to limit tokens by the name it knows', async () => {
    const backend = await connect({
      reply: ({ max_tokens }) =>
        max_tokens === undefined
          ? { texts: [bergen] }
          : {
              status: 400,
              body: JSON.stringify({
                error: {
                  message:
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                },
              }),
            },
    });
    const one = { ...asking, samples: 1 };
    expect((await backend.ask(picture, prompt, one)).completions).toHaveLength(1);
    await backend.ask(picture, prompt, one);
    expect(server!.requests.map((request) => request.max_completion_tokens)).toEqual([
      ...[undefined, 99, 99],
    ]);
  });

  it.each(['seed', 'logprobs', 'n', 'temperature', 'stream'])(
    'is asked without %s when it refuses it, and the asker is told',
    async (field) => {
      const backend = await connect({ refuses: [field], reply: () => ({ texts: [bergen] }) });
      const heard: string[] = [];
      const { completions, notes } = await backend.ask(picture, prompt, {
        ...asking,
        onText: (_, text) => heard.push(text),
      });
      expect(completions).toHaveLength(3);
      expect(heard).toHaveLength(3);
      expect(notes?.[0]).toContain(`does not take ${field}: `);
    },
  );

  it('keeps answers in shape by the way each server offers, where the contract is a form', async () => {
    const ask = async (owned_by: string, contract: Prompt['contract'], structured?: 'off') => {
      const backend = await connect(
        { models: [{ id: 'm', owned_by }], reply: () => ({ texts: ['x'] }) },
        structured ? { structured } : {},
      );
      await backend.ask(picture, { ...prompt, contract }, { ...asking, samples: 1 });
      const { messages: _, ...fields } = server!.requests[0]!;
      await server!.close();
      return fields;
    };
    const { structured_outputs } = await ask('vllm', 'geo-r');
    const form = new RegExp(`^(?:${structured_outputs!.regex})$`);
    expect(
      form.test('Country: Norway\nState: Vestland\nCity: Bergen\nCoordinates: (60.39, 5.32)'),
    ).toBe(true);
    expect(form.test(bergen)).toBe(true);
    expect(form.test('Norway, I think')).toBe(false);
    expect((await ask('sglang', 'geo-r')).regex).toBe(structured_outputs!.regex);
    for (const [owner, contract, off] of [
      ...([
        ['llamacpp', 'geo-r'],
        ['stub', 'json'],
        ['vllm', 'geoagent'],
      ] as const),
      ['vllm', 'geo-r', 'off'] as const,
    ]) {
      const fields = await ask(owner, contract, off);
      expect(Object.keys(fields).sort()).toEqual(UNSHAPED);
    }
    expect((await ask('llamacpp', 'json')).response_format?.json_schema.schema).toMatchObject({
      required: ['country', 'lat', 'lon'],
    });
  });

  it('gives probabilities and the reason why an answer ended', async () => {
    const backend = await connect({
      reply: () => ({ texts: [bergen], finish: 'length', logprobs: [-0.5, -0.25] }),
    });
    const { completions } = await backend.ask(picture, prompt, { ...asking, samples: 1 });
    expect(completions).toEqual([
      { text: bergen, finish: 'length', tokens: 2, logProbability: -0.75 },
    ]);
  });

  it('gives the thinking back to contracts whose answers hold it', async () => {
    const reply = () => ({ texts: ['<answer>country: Norway</answer>'], reasoning: 'fjords' });
    const backend = await connect({ reply });
    const texts = async (contract: Prompt['contract']) =>
      (await backend.ask(picture, { ...prompt, contract }, { ...asking, samples: 1 }))
        .completions[0]!.text;
    expect(await texts('globe')).toBe('<think>fjords</think><answer>country: Norway</answer>');
    expect(await texts('geo-r')).toBe('<answer>country: Norway</answer>');
  });

  it('is heard piece by piece when it streams', async () => {
    const backend = await connect({ reply: () => ({ stream: ['Country: ', 'Norw', 'æy'] }) });
    const heard: [number, string][] = [];
    const { completions } = await backend.ask(picture, prompt, {
      ...{ ...asking, samples: 1 },
      onText: (sample, text) => heard.push([sample, text]),
    });
    expect(heard).toEqual([
      [0, 'Country: '],
      [0, 'Country: Norw'],
      [0, 'Country: Norwæy'],
    ]);
    expect(completions).toEqual([{ text: 'Country: Norwæy', finish: 'stop' }]);
  });

  it('is suspected of ignoring the temperature when all its answers are one', async () => {
    const backend = await connect({ reply: () => ({ texts: [bergen, bergen, bergen] }) });
    expect((await backend.ask(picture, prompt, asking)).notes).toEqual([
      'all 3 answers are the same: the server may ignore the temperature',
    ]);
    expect(
      (await backend.ask(picture, prompt, { ...asking, temperature: 0 })).notes,
    ).toBeUndefined();
  });
});

describe('a server in trouble', () => {
  it('is waited for as long as it asks', async () => {
    const pauses: number[] = [];
    const backend = await connect(
      {
        reply: (_, call) =>
          call === 0
            ? { status: 429, body: 'slow down', headers: { 'retry-after': '17' } }
            : { texts: ['a', 'b', 'c'] },
      },
      {
        wait: async (milliseconds) => {
          pauses.push(milliseconds);
        },
      },
    );
    expect((await backend.ask(picture, prompt, asking)).completions).toHaveLength(3);
    expect(pauses).toEqual([17_000]);
  });

  it('fails with what it said, once for each sample', async () => {
    const backend = await connect({
      reply: () => ({
        status: 200,
        body: '<html><title>Sign in</title>',
        headers: { 'content-type': 'text/html' },
      }),
    });
    const { completions, failures } = await backend.ask(picture, prompt, asking);
    expect(completions).toEqual([]);
    expect(failures).toHaveLength(3);
    expect(failures[0]).toEqual({
      reason: `${server!.url} answered no JSON: <html><title>Sign in</title>`,
    });
  });

  it('keeps the samples that came when others fail', async () => {
    const backend = await connect({
      reply: (_, call) =>
        call === 1 ? { status: 500, body: 'out of memory' } : { texts: [`${call}`] },
    });
    const { completions, failures } = await backend.ask(picture, prompt, asking);
    expect(completions).toHaveLength(2);
    expect(failures).toEqual([{ reason: `${server!.url} answered 500: out of memory` }]);
  });

  it('that hangs is given up at the deadline', async () => {
    const deadline = () => AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    const backend = await connect({ reply: () => 'hang' });
    const slow = await openAiBackend({
      ...{ baseUrl: server!.url, model: 'stub', deadline, retries: 0 },
      fetch: (url, init) => (String(url).endsWith('/models') ? fetch(url) : fetch(url, init)),
    });
    const { failures } = await slow.ask(picture, prompt, { ...asking, samples: 1 });
    expect(failures).toEqual([{ reason: `${server!.url} did not answer within 120 s` }]);
    expect(backend.isRemote).toBe(false);
  });

  it('that breaks off is tried again', async () => {
    const backend = await connect({
      reply: (_, call) => (call === 0 ? 'break' : { texts: ['a', 'b', 'c'] }),
    });
    expect((await backend.ask(picture, prompt, asking)).completions).toHaveLength(3);
  });

  it('that died is told apart from one that refuses', async () => {
    const backend = await connect({ reply: () => ({ texts: ['x'] }) }, { retries: 0 });
    await server!.close();
    const { failures } = await backend.ask(picture, prompt, asking);
    expect(failures).toHaveLength(3);
    expect(failures[0]).toMatchObject({ isBackendLost: true });
    expect(failures[0]!.reason).toContain('cannot be reached');
  });

  it('is given up when the asker gives up', async () => {
    const backend = await connect({ reply: () => 'hang' });
    const caller = new AbortController();
    const asked = backend.ask(picture, prompt, { ...asking, signal: caller.signal });
    caller.abort();
    expect((await asked).failures[0]).toEqual({ reason: 'cancelled' });
  });
});

describe('connecting', () => {
  it('asks for the name of the model where there is a choice', async () => {
    const models = [{ id: 'a' }, { id: 'b' }];
    const reply = () => ({ texts: ['x'] });
    await expect(connect({ models, reply })).rejects.toMatchObject({
      code: 'usage',
      hint: 'name one with --model: a, b',
    });
    await server!.close();
    expect((await connect({ models, reply }, { model: 'b' })).identity).toContain(' b');
    await server!.close();
    await expect(connect({ models: [], reply })).rejects.toMatchObject({ code: 'usage' });
  });

  it('finds the API below an address without a path', async () => {
    server = await chatServer({ reply: () => ({ texts: ['x'] }) });
    const { url } = server;
    const backend = await openAiBackend({ baseUrl: url.replace('/v1', '/') });
    expect(backend.identity).toBe(`${url} stub`);
  });

  it('says so when nobody is there, or somebody else', async () => {
    server = await chatServer({ reply: () => ({ texts: ['x'] }) });
    const { url } = server;
    await expect(openAiBackend({ baseUrl: `${url}/wrong` })).rejects.toMatchObject({
      code: 'backend',
      hint: expect.stringContaining('mostly ends in /v1'),
    });
    await server.close();
    server = undefined;
    await expect(openAiBackend({ baseUrl: url })).rejects.toMatchObject({
      code: 'backend',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
