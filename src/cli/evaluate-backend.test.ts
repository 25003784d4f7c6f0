import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ChatServer, chatServer, type Reply } from '../../test/support/chat-server.ts';
import { encodeJpeg } from '../data/index.ts';
import { command as evaluate } from './evaluate.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-ask-truth-'));
const path = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
const hasSharp = await import('sharp').then(
  () => true,
  () => false,
);
if (!hasSharp) process.stderr.write('skipped: photographs are not asked about without sharp\n');

/** Four photographs named by the place they are from, as those of Im2GPS are. */
const TRUTH = [
  ['Tokyo_00070', 35.68, 139.69],
  ['Bergen_00001', 60.39, 5.32],
  ['Lagos_00002', 6.45, 3.39],
  ['Quito_00003', -0.18, -78.47],
] as const;
mkdirSync(path('photos'));
TRUTH.forEach(([id], i) => {
  const data = new Uint8Array(64 * 64 * 3).map((_, at) => (at * (i + 5)) % 241);
  writeFileSync(path(`photos/${id}.jpg`), encodeJpeg({ width: 64, height: 64, data }));
});
writeFileSync(path('truth.csv'), ['id,lat,lon', ...TRUTH.map((row) => row.join(','))].join('\n'));

let server: ChatServer | undefined;
let stdout = '';
const before = process.exitCode;
beforeEach(() => {
  stdout = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  process.exitCode = before;
  const { offences = [] } = server ?? {};
  await server?.close();
  server = undefined;
  expect(offences).toEqual([]);
});

/** Answers the pictures in turn. */
async function serve(...replies: readonly (string | Reply)[]): Promise<string> {
  server = await chatServer({
    reply: ({ n = 1 }, call) => {
      const said = replies[call % replies.length]!;
      return typeof said === 'string' ? { texts: new Array<string>(n).fill(said) } : said;
    },
  });
  return server.url;
}
const run = async (...flags: string[]) => {
  const truth = ['--truth', path('truth.csv'), '--photos', path('photos'), '--json'];
  await evaluate()
    .exitOverride()
    .parseAsync([...truth, '--concurrency', '1', '--answers', path('answers.jsonl'), ...flags], {
      from: 'user',
    });
  return JSON.parse(stdout) as {
    n: number;
    answered: number;
    invalid: number;
    accuracy: { thresholdKm: number; count: number }[];
    repairs?: Record<string, number>;
  };
};

describe.skipIf(!hasSharp)('geor evaluate --backend', () => {
  it('asks about every photograph, never by its name, and scores the answers as written', async () => {
    const backend = await serve(
      'Country: Japan\nCoordinates: (35.68, 139.70)',
      'Country: Norway\nCoordinates: 60.4, 5.3',
      'no idea',
      { status: 500, body: 'oops' },
    );
    const result = await run('--backend', backend);
    expect(result).toMatchObject({ n: 4, answered: 2, invalid: 2 });
    expect(result.accuracy.find(({ thresholdKm }) => thresholdKm === 1)?.count).toBe(1);
    expect(result.accuracy.find(({ thresholdKm }) => thresholdKm === 25)?.count).toBe(2);
    expect(result.repairs).toMatchObject({ 'missing-parentheses': 1 });
    expect(process.exitCode).toBe(1);
    expect(
      server!.requests.every(({ temperature, n }) => temperature === 0 && n === undefined),
    ).toBe(true);
    const sent = server!.bytes();
    for (const [id] of TRUTH) expect(sent.includes(id.split('_')[0]!), id).toBe(false);
  });

  it('goes on with --resume, asking only about what has no answer', async () => {
    rmSync(path('answers.jsonl'), { force: true });
    const backend = await serve(
      ...['Coordinates: (35, 139)', { status: 500, body: 'oops' }],
      ...new Array<string>(3).fill('Coordinates: (6, 3)'),
    );
    await run('--backend', backend);
    const asked = server!.requests.length;
    stdout = '';
    const result = await run('--backend', backend, '--resume');
    expect(server!.requests.length).toBe(asked + 1);
    expect(result.answered).toBe(4);
    expect(readFileSync(path('answers.jsonl'), 'utf8').trim().split('\n')).toHaveLength(4);
    expect(existsSync(path('answers.jsonl.partial.jsonl'))).toBe(false);
  });

  it('makes one point of several answers', async () => {
    const backend = await serve({
      texts: ['Coordinates: (60, 5)', 'Coordinates: (60, 5)', 'Coordinates: (-33, 18)'],
    });
    const result = await run('--backend', backend, '-k', '3', '--limit', '2');
    expect(result).toMatchObject({ n: 2, answered: 2 });
    expect(result.accuracy.find(({ thresholdKm }) => thresholdKm === 200)?.count).toBe(1);
  });

  it('says what is missing, and fails when not one answer came', async () => {
    await expect(run('--backend', 'http://x.example/v1')).rejects.toThrow('another machine');
    await expect(
      run('--backend', await serve('x'), '--predictions', path('p.jsonl')),
    ).rejects.toThrow('either --backend or --predictions');
    await server!.close();
    const dead = await serve({ status: 500, body: 'oops' });
    await expect(run('--backend', dead)).rejects.toMatchObject({ code: 'backend' });
    writeFileSync(path('other.csv'), 'id,lat,lon\nnobody,1,2\nBergen_00001,60.39,5.32\n');
    await server!.close();
    const result = await run(
      '--backend',
      await serve('Coordinates: (60, 5)'),
      '--truth',
      path('other.csv'),
    );
    expect(result).toMatchObject({ n: 2, answered: 1 });
  });
});

describe('geor evaluate --backend with the model that comes along', () => {
  it('cuts a tile around each true point', async () => {
    await evaluate()
      .exitOverride()
      .parseAsync(
        [
          ...['--truth', path('truth.csv'), '--backend', 'assets/earth-model', '--json'],
          ...['--answers', path('tiles.jsonl'), '--threads', '1'],
        ],
        { from: 'user' },
      );
    const result = JSON.parse(stdout) as { answered: number; accuracy: { count: number }[] };
    expect(result.answered).toBe(4);
    expect(result.accuracy.at(-1)!.count).toBeGreaterThanOrEqual(3); // within 2,500 km
  });
});
