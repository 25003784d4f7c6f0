import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  type MockInstance,
  vi,
} from 'vitest';
import { buildChain } from '../chain/index.ts';
import { defaultGazetteer } from '../data/index.ts';
import { reverseGeocode } from '../geo/index.ts';
import { command as reward } from './reward.ts';
import { openModels } from './reward-models.ts';
import { batches, type InputLine, LONGEST_GROUP, readRewardRows } from './reward-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-reward-'));
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

const paris = { lat: 48.8566, lon: 2.3522 };
const place = reverseGeocode(defaultGazetteer(), paris.lat, paris.lon)!;
const gold = (recipe: 'geo-r' | 'globe' | 'geoagent') =>
  buildChain(place, recipe, { condition: 'cor' });

/** A chat server: yes to everything, and the true names to every question for three. */
let server: Server;
let judgeUrl: string;
const bodies: string[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    const top_logprobs = [{ token: 'yes', logprob: 0 }];
    const content = `${place.country}; ${place.region}; ${place.city}`;
    const choice = { message: { content }, logprobs: { content: [{ top_logprobs }] } };
    response.end(JSON.stringify({ choices: [choice] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  judgeUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs the command over rows and reads what it wrote. */
async function run(rows: readonly object[], ...flags: string[]) {
  writeFileSync(path('in.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
  const args = [path('in.jsonl'), '-o', path('out.jsonl'), ...flags];
  await reward().parseAsync(args, { from: 'user' });
  return readFileSync(path('out.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('geor reward', () => {
  it('reports extras of Geo-R, with or without a weight', async () => {
    const row = { id: 1, completion: gold('geo-r'), ...paris, member: 3 };
    const [plain] = await run([row]);
    expect(plain).toMatchObject({ total: 1, member: 3, parts: { distance: 1, format: 1 } });
    const [extra] = await run([row], '--extras', 'chainConsistency,levels=0.5');
    expect(extra.parts).toEqual({ distance: 1, format: 1, chainConsistency: 1, levels: 1 });
    expect(extra.total).toBe(1.5);
    await expect(run([row], '--extras', 'beauty')).rejects.toThrow();
  });

  it('scores GLOBE by the names of the row, or of the coordinate', async () => {
    const row = { id: 1, completion: gold('globe'), ...paris, entities: ['country'] };
    const rows = [row, { ...row, id: 2, place: { country: 'Spain', city: 'Vigo' } }];
    const [own, other] = await run(rows, '--recipe', 'globe', '--weights', 'two-reward');
    expect(own.parts).toEqual({ accuracy: 1, grounding: 1, format: 1 });
    expect(other.parts.accuracy).toBe(0);
    expect(own.distanceKm).toBeLessThan(5);
  });

  it('asks a judge once with a cache, and names no host that is this machine', async () => {
    const rows = [0, 1].map((id) => ({ id, completion: gold('globe'), ...paris, entities: [] }));
    const flags = ['--judge-url', judgeUrl, '--judge-model', 'm', '--cache', path('cache')];
    const weights = ['--weights', 'accuracy=1,localizability=1,grounding=0'];
    bodies.length = 0;
    const first = await run(rows, '--recipe', 'globe', ...weights, ...flags);
    expect(first.map(({ total }) => total)).toEqual([2, 2]);
    expect(bodies).toHaveLength(1);
    expect(await run(rows, '--recipe', 'globe', ...weights, ...flags)).toEqual(first);
    expect(bodies).toHaveLength(1);
    expect(said()).toBe('');
  });

  it('compares lengths within groups, and says which rows have none', async () => {
    const row = { completion: gold('geoagent'), ...paris };
    const rows = [
      { id: 1, group: 'a', ...row },
      { id: 2, ...row },
      { id: 3, group: 'b', ...row },
      { id: 4, group: 'a', ...row },
    ];
    const judge = ['--judge-url', judgeUrl, '--judge-model', 'm'];
    const out = await run(rows, '--recipe', 'geoagent', ...judge);
    expect(out.map(({ unscored }) => unscored !== undefined)).toEqual([false, true, false, false]);
    expect(Object.keys(out[0].parts)).toEqual(['spatial', 'nameMatch', 'consistency']);
    expect(said()).toContain('no group to compare lengths within');
    expect(said()).toContain('1 pieces of groups stood apart');
    expect(said()).toContain('names are compared with the gazetteer');
    const fixed = await run(rows, '--recipe', 'geoagent', '--lengths', '0-0', ...judge);
    expect(fixed.every(({ total }) => total > 2.9)).toBe(true);
  });

  it('plans without sending', async () => {
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    bodies.length = 0;
    writeFileSync(path('plan.jsonl'), `not json\n{"id":1,"completion":"","lat":0,"lon":0}\n`);
    const flags = ['--recipe', 'globe', '--judge-url', judgeUrl, '--judge-model', 'm', '--dry-run'];
    await reward().parseAsync([path('plan.jsonl'), ...flags], { from: 'user' });
    const text = stdout.mock.calls.map(([piece]) => piece).join('');
    expect(text).toContain('2 rows, 1 of them unreadable; nothing was scored or sent');
    expect(text).toContain(`at most 1 questions to ${judgeUrl}`);
    expect(bodies).toEqual([]);
  });

  it('fails before any work when the output cannot be written, and leaves nothing behind', async () => {
    writeFileSync(path('a-file'), '');
    const args = [path('in.jsonl'), '-o', join(path('a-file'), 'x')];
    await expect(reward().parseAsync(args, { from: 'user' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('cannot write'),
    });
    const missing = [path('nope.jsonl'), '-o', path('never.jsonl')];
    await expect(reward().parseAsync(missing, { from: 'user' })).rejects.toThrow('does not exist');
    expect(existsSync(path('never.jsonl'))).toBe(false);
    expect(existsSync(path('never.jsonl.partial'))).toBe(false);
  });

  it('takes a picture only through the guard', async () => {
    writeFileSync(path('no-picture.jpg'), 'not a picture');
    const row = {
      id: 1,
      completion: gold('globe'),
      ...paris,
      entities: [],
      image: 'no-picture.jpg',
    };
    const flags = ['--recipe', 'globe', '--judge-url', judgeUrl, '--judge-model', 'm'];
    const [out] = await run([row], ...flags);
    expect(out.total).toBeNull();
    expect(out.unscored).toContain('the picture cannot be used');
    expect((await run([row], '--recipe', 'globe', '--weights', 'two-reward'))[0].total).toBe(2);
  });
});

describe('openModels', () => {
  const flags = { concurrency: 1, timeout: 1 };

  it('names every host but this machine, and what goes there', () => {
    const remote = { judgeUrl: 'https://judge.test/v1', judgeModel: 'm', embedModel: 'a/b' };
    expect(openModels({ ...flags, ...remote }, {}).notices).toEqual([
      'reasoning, with pictures where rows have them, is sent to judge.test',
      'the encoder a/b is downloaded from the hub unless it is there already',
    ]);
    const local = { embedUrl: 'http://[::1]:8000/v1', embedModel: 'm' };
    expect(openModels({ ...flags, ...local }, {}).notices).toEqual([]);
    expect(openModels({ ...flags, embedModel: './m' }, {}).notices).toEqual([]);
  });

  it('refuses half of a pair', () => {
    for (const half of [{ judgeUrl: 'http://x' }, { judgeModel: 'm' }, { embedUrl: 'http://x' }])
      expect(() => openModels({ ...flags, ...half }, {})).toThrow('needs');
  });
});

describe('batches', () => {
  async function* lines(groups: readonly (string | undefined)[]): AsyncGenerator<InputLine> {
    for (const [line, group] of groups.entries())
      yield { line, row: { id: line, completion: '', ...paris, ...(group && { group }) } };
  }
  const sizes = async (groups: readonly (string | undefined)[], keepsGroups: boolean) => {
    const faults = { apart: 0, cut: 0 };
    const found: number[] = [];
    for await (const batch of batches(lines(groups), keepsGroups ? faults : undefined))
      found.push(batch.length);
    return { found, ...faults };
  };

  it('ends where it is full, or with the group that fills it', async () => {
    const groups = Array.from({ length: 600 }, (_, i) => `g${Math.floor(i / 100)}`);
    expect((await sizes(groups, false)).found).toEqual([256, 256, 88]);
    expect(await sizes(groups, true)).toEqual({ found: [300, 300], apart: 0, cut: 0 });
    expect(
      (
        await sizes(
          groups.map(() => undefined),
          true,
        )
      ).found,
    ).toEqual([256, 256, 88]);
  });

  it('cuts a group that would fill the memory, and notices one that goes on later', async () => {
    const long = Array.from({ length: LONGEST_GROUP + 1 }, () => 'g');
    expect(await sizes(long, true)).toEqual({ found: [LONGEST_GROUP, 1], apart: 0, cut: 1 });
    expect(await sizes(['a', 'b', 'a', 'a', 'b'], true)).toMatchObject({ apart: 2, cut: 0 });
  });

  it('reads rows with what is wrong with them', async () => {
    writeFileSync(
      path('odd.jsonl'),
      '\uFEFF{"id":"a","completion":"x\u2028y","lat":1,"lon":2}\n\n[]\n',
    );
    const found: unknown[] = [];
    for await (const { line, row } of readRewardRows(path('odd.jsonl'))) found.push([line, row]);
    expect(found).toEqual([
      [1, { id: 'a', completion: 'x\u2028y', lat: 1, lon: 2 }],
      [3, { id: null, unscored: expect.stringContaining('expected object') }],
    ]);
  });
});
