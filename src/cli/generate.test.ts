import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeEach,
  describe,
  expect,
  it,
  type MockInstance,
  vi,
} from 'vitest';
import { parseAnswer } from '../chain/index.ts';
import { GeorError } from '../core/index.ts';
import { encodeJpeg } from '../data/index.ts';
import type { CompletionOptions, Policy, PolicyRequest } from '../model/index.ts';
import { newAdapter } from '../model/index.ts';
import { loadModel, saveAdapter } from '../model/node/index.ts';
import { GenerateJournal } from './generate/journal.ts';
import type { GenerateItem } from './generate/requests.ts';
import { photoOpener, rowItems } from './generate/requests.ts';
import { generateRows } from './generate/run.ts';
import { command } from './generate.ts';

const MODEL = 'assets/earth-model';
const folder = mkdtempSync(join(tmpdir(), 'geor-generate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
const before = process.exitCode;
let stderr: MockInstance<typeof process.stderr.write>;
beforeEach(() => {
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = before;
});
const said = (): string => stderr.mock.calls.map(([text]) => text).join('');

const side = 40;
const grey = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7) % 256);
writeFileSync(path('Bergen.jpg'), encodeJpeg({ width: side, height: side, data: grey }));
writeFileSync(path('note.jpg'), 'no picture');

const rows = (name: string, ...values: readonly (object | string)[]): string => {
  const lines = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  writeFileSync(path(name), `${lines.join('\n')}\n`);
  return path(name);
};
const read = (name: string): Record<string, unknown>[] =>
  readFileSync(path(name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const generate = (...args: readonly string[]): Promise<unknown> =>
  command()
    .exitOverride()
    .parseAsync(['--model', MODEL, '--threads', '1', ...args], { from: 'user' });

describe('geor generate', () => {
  it('writes a row for each sample, other fields included, and the same ones again', async () => {
    const input = rows(
      'rows.jsonl',
      { id: 'a', prompt: 'Country: ', image: 'Bergen.jpg', lat: 1, lon: 2 },
      { id: 7, prompt: '<image>Country: ', images: ['Bergen.jpg'] },
    );
    await generate(input, '-n', '3', '--max-tokens', '12', '--logprobs', '-o', path('out.jsonl'));
    const out = read('out.jsonl');
    expect(out.map(({ id, group, member }) => [id, group, member])).toEqual(
      ['a', '7'].flatMap((id) => [0, 1, 2].map((member) => [id, id, member])),
    );
    expect(out[0]).toMatchObject({ lat: 1, lon: 2 });
    for (const { tokens, tokenIds, logProbabilities } of out) {
      expect(tokenIds).toHaveLength(Number(tokens));
      expect((logProbabilities as number[]).every((value) => value <= 0)).toBe(true);
    }
    expect(existsSync(path('out.jsonl.progress'))).toBe(false);
    await generate(
      input,
      '-n',
      '3',
      '--max-tokens',
      '12',
      '--logprobs',
      '--batch-size',
      '1',
      '-o',
      path('again.jsonl'),
    );
    expect(read('again.jsonl').map(({ completion }) => completion)).toEqual(
      out.map(({ completion }) => completion),
    );
  });

  it('takes a photograph, and the place its name tells does not matter', async () => {
    writeFileSync(path('a.jpg'), readFileSync(path('Bergen.jpg')));
    const ask = (name: string) => generate(path(name), '-o', path('one.jsonl'));
    await ask('Bergen.jpg');
    const [first] = read('one.jsonl');
    await ask('a.jpg');
    expect(read('one.jsonl')[0]!['completion']).toBe(first!['completion']);
  });

  it('writes chains of regions that exist when told to', async () => {
    await generate(
      'earth:60.39,5.32',
      '-n',
      '4',
      '--temperature',
      '3',
      '--constraint',
      'geo-r',
      '--decimals',
      '1',
      '--max-tokens',
      '200',
      '-o',
      path('chains.jsonl'),
    );
    for (const { completion, finish } of read('chains.jsonl')) {
      expect(finish).toBe('stop');
      const answer = parseAnswer(String(completion), 'geo-r');
      expect(answer.coordinate).toBeDefined();
      expect(String(completion)).toMatch(
        /^Country: [^\n]+\n(State: [^\n]+\n)?(City: [^\n]+\n)?Coordinates: \(-?\d+\.\d, -?\d+\.\d\)$/,
      );
    }
  });

  it('adds an adapter, which at the start changes nothing', async () => {
    const model = loadModel(MODEL);
    const adapter = newAdapter(model.config, { rank: 2, alpha: 4, targetModules: ['q_proj'] }, 1);
    saveAdapter(path('zero'), adapter);
    for (const [name, { data }] of adapter.parameters) if (name.includes('lora_B')) data.fill(0.5);
    saveAdapter(path('strong'), adapter);
    const ask = async (...flags: string[]) => {
      await generate(path('Bergen.jpg'), ...flags, '-o', path('adapted.jsonl'));
      return read('adapted.jsonl')[0]!['completion'];
    };
    const plain = await ask();
    expect(await ask('--adapter', path('zero'))).toBe(plain);
    expect(await ask('--adapter', path('strong'))).not.toBe(plain);
    await expect(ask('--adapter', MODEL)).rejects.toThrow(/holds no adapter_config\.json/);
  });

  it('records rows that fail, with the reason, and goes on', async () => {
    const input = rows(
      'bad.jsonl',
      { id: 'good', prompt: 'Country: ', image: 'Bergen.jpg' },
      { id: 'gone', prompt: 'x', image: 'nowhere.jpg', lat: 3 },
      { id: 'text', prompt: 'x', image: 'note.jpg' },
      '{"id":',
      { id: 'mute', image: 'Bergen.jpg' },
      { id: 'many', prompt: '<image><image>', image: 'Bergen.jpg' },
      { id: 'sly', prompt: '<|image_pad|>', image: 'Bergen.jpg' },
      { id: 'kind', prompt: 3 },
    );
    await generate(input, '--max-tokens', '3', '-o', path('bad-out.jsonl'));
    const out = read('bad-out.jsonl');
    expect(out.map(({ id }) => id)).toEqual([
      'good',
      'gone',
      'text',
      'row-4',
      'mute',
      'many',
      'sly',
      'kind',
    ]);
    expect(out[0]).toHaveProperty('completion');
    const messages = out.slice(1).map(({ error }) => (error as { message: string }).message);
    for (const [i, pattern] of [
      /nowhere\.jpg/,
      /no usable photograph/,
      /not JSON/,
      /neither prompt nor messages/,
      /more images than the row has \(1\)/,
      /2 image tokens for 1 images/,
      /prompt/,
    ].entries())
      expect(messages[i]).toMatch(pattern);
    expect(out[1]).toMatchObject({ lat: 3 });
    expect(process.exitCode).toBe(1);
    expect(said()).toMatch(/7 of 8 rows failed/);
  });

  it.each<[string, string[], RegExp]>([
    ['a folder that is no model', ['--model', folder, 'earth:1,1'], /holds no config\.json/],
    [
      'rows and pictures at once',
      [rows('some.jsonl', { prompt: 'x' }), 'earth:1,1'],
      /rows and pictures/,
    ],
    ['a file that is not there', [path('none.jsonl')], /none\.jsonl cannot be read/],
    [
      'ids twice',
      [rows('twice.jsonl', { id: 'a', prompt: 'x' }, { id: 'a', prompt: 'y' })],
      /id of another row/,
    ],
    ['nothing', [rows('empty.jsonl', '')], /nothing to ask/],
    ['resume without a file', ['--resume', 'earth:1,1'], /--resume needs -o/],
  ])('refuses %s', async (_, args, message) => {
    await expect(generate(...args)).rejects.toThrow(message);
  });
});

describe('rows to conversations', () => {
  const open = photoOpener(784);
  const only = async (row: object, question?: string) => {
    const [item] = await rowItems(rows('row.jsonl', row), question, open);
    return (await item!.open()).map(({ role, content }) => [
      role,
      typeof content === 'string'
        ? content
        : content.map((part) => (part.type === 'text' ? part.text : part.type)),
    ]);
  };

  it('place images where the text says, else first', async () => {
    const image = 'Bergen.jpg';
    expect(await only({ prompt: 'Where?', image })).toEqual([['user', ['image', 'Where?']]]);
    expect(await only({ prompt: 'A <image> b', image })).toEqual([['user', ['A ', 'image', ' b']]]);
    expect(await only({ image }, 'Which?')).toEqual([['user', ['image', 'Which?']]]);
    const system = { role: 'system', content: 'Be brief.' };
    expect(
      await only({
        messages: [system, { role: 'user', content: 'Where?' }],
        images: [image, { image }],
      }),
    ).toEqual([
      ['system', 'Be brief.'],
      ['user', ['image', 'image', 'Where?']],
    ]);
  });

  it('read what training rows hold, without their answer', async () => {
    const user = { role: 'user', content: [{ type: 'image' }, { type: 'text', text: 'Where?' }] };
    const assistant = { role: 'assistant', content: [{ type: 'text', text: 'There.' }] };
    expect(await only({ messages: [user, assistant], images: ['Bergen.jpg'] })).toEqual([
      ['user', ['image', 'Where?']],
    ]);
    expect(await only({ prompt: [user], completion: [assistant], images: ['Bergen.jpg'] })).toEqual(
      [['user', ['image', 'Where?']]],
    );
  });
});

describe('a run that goes on', () => {
  const items = Array.from(
    { length: 7 },
    (_, i): GenerateItem => ({
      id: `r${i}`,
      rest: {},
      key: `question ${i}`,
      open: async () => [{ role: 'user', content: `question ${i}` }],
    }),
  );
  const asked: string[] = [];
  const policy = {
    async generate(requests: readonly PolicyRequest[], { seed }: CompletionOptions) {
      return requests.map((request, i) => {
        const [message] = 'messages' in request ? request.messages : [];
        asked.push(String(message!.content));
        if (message!.content === 'question 6') throw new GeorError('data', 'too long');
        const text = `${message!.content} ${(seed as number[])[i]}`;
        return [
          { text, tokens: [1], logProbabilities: Float32Array.of(-1), finish: 'stop' as const },
        ];
      });
    },
  } as unknown as Policy;
  const run = async (output: string, resume: boolean, settings = 's', stopAt = 99) => {
    asked.length = 0;
    const journal = new GenerateJournal(path(output), resume);
    const abort = new AbortController();
    const out: unknown[] = [];
    const result = await generateRows(policy, items, journal, {
      sampling: { maxTokens: 5 },
      seed: 1,
      batchSize: 2,
      logProbabilities: false,
      settings,
      signal: abort.signal,
      onProgress: (done) => {
        if (done >= stopAt) abort.abort();
      },
      onRows: async (made) => void out.push(...made),
    });
    journal.close();
    return { ...result, out };
  };

  it('asks only for what is not done, and gives the same rows', async () => {
    const whole = await run('whole', false);
    expect(whole).toMatchObject({ failed: 1, isInterrupted: false });
    expect(whole.out).toHaveLength(7);
    expect(await run('cut', false, 's', 4)).toMatchObject({ isInterrupted: true });
    const journal = path('cut.progress');
    writeFileSync(journal, `${readFileSync(journal, 'utf8')}{"key":"half`);
    const rest = await run('cut', true);
    expect(rest.out).toEqual(whole.out);
    expect(new Set(asked)).toEqual(new Set(['question 4', 'question 5', 'question 6']));
  });

  it('asks again for what failed, and for everything under other settings', async () => {
    await run('again', false);
    await run('again', true);
    expect(asked).toEqual(['question 6']);
    await run('again', true, 'other');
    expect(new Set(asked).size).toBe(7);
  });
});
