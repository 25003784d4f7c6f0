import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeJpeg } from '../../src/data/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-quickstart-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (path: string, ...flags: string[]): ChildProcess =>
  spawn(process.execPath, ['dist/cli/main.js', 'quickstart', '-o', path, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Another Earth: a gradient that knows nothing of continents. */
const otherEarth = join(folder, 'other-earth.jpg');
writeFileSync(
  otherEarth,
  encodeJpeg({
    width: 160,
    height: 80,
    data: Uint8Array.from({ length: 160 * 80 * 3 }, (_, i) => Math.floor(i / 3) % 160),
  }),
);

const start = (path: string): ChildProcess =>
  run(
    path,
    ...['--minutes', '5', '--seed', '3', '--recipe', 'test/fixtures/quickstart-tiny.yaml'],
    ...['--other-earth', otherEarth],
  );

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Waits for the end; with `killAt`, kills with `signal` as soon as the metrics hold that row. */
function ended(
  child: ChildProcess,
  kill?: { path: string; row: string; signal: NodeJS.Signals },
): Promise<Ended> {
  return new Promise((resolve) => {
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    const watch = kill
      ? setInterval(() => {
          const file = join(kill.path, 'metrics.jsonl');
          if (existsSync(file) && readFileSync(file, 'utf8').includes(kill.row)) {
            clearInterval(watch);
            child.kill(kill.signal);
          }
        }, 2)
      : undefined;
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, stderr });
    });
  });
}

const content = (path: string, ...names: string[]): string =>
  names.map((name) => readFileSync(join(path, name), 'utf8')).join('\n');

const RESULTS = [
  'metrics.jsonl',
  'completions.jsonl',
  'figures.json',
  'predictions/sft.jsonl',
  'predictions/grpo.jsonl',
  'predictions/other-earth-grpo.jsonl',
  'hard-tiles.json',
];

describe('geor quickstart', { timeout: 600_000 }, () => {
  const unbroken = join(folder, 'unbroken');

  it('runs every stage and writes what a run folder holds', async () => {
    const { code, stderr } = await ended(start(unbroken));
    expect(stderr).toContain('GRPO, Geo-R reward');
    expect(code).toBe(0);
    const rows = content(unbroken, 'metrics.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.filter(({ stage }) => stage === 'sft')).toHaveLength(12);
    expect(rows.filter(({ stage }) => stage === 'grpo')).toHaveLength(8);
    expect(rows.at(-1)).toMatchObject({
      reward: expect.any(Number),
      kl: expect.any(Number),
      frac_reward_zero_std: expect.any(Number),
      'rewards/distance/mean': expect.any(Number),
      'completions/mean_length': expect.any(Number),
    });
    expect(JSON.parse(content(unbroken, 'run.json'))).toMatchObject({ seed: 3, finished: true });
    expect(content(unbroken, 'report.html')).toContain('<svg');
    expect(content(unbroken, 'report.html')).toContain('Another rendering of the Earth');
    expect(JSON.parse(content(unbroken, 'figures.json')).otherEarth).toHaveLength(5);
    expect(JSON.parse(content(unbroken, 'hard-tiles.json'))).toMatchObject({
      asked: 200,
      of: 1500,
      hard: expect.any(Number),
    });
    expect(stderr.match(/located: truth/g)).toHaveLength(3);
    expect(stderr).toContain('Every named place is where the coordinate lies');
    expect(JSON.parse(content(unbroken, 'models/grpo/config.json'))).toMatchObject({
      model_type: 'qwen2_5_vl',
    });
  });

  it('repeats to the byte with the same seed', async () => {
    const again = join(folder, 'again');
    expect((await ended(start(again))).code).toBe(0);
    expect(content(again, ...RESULTS)).toBe(content(unbroken, ...RESULTS));
  });

  it('survives kill -9 in SFT and in GRPO and ends as if nothing had happened', async () => {
    const broken = join(folder, 'broken');
    const inSft = { path: broken, row: '"stage":"sft","step":7', signal: 'SIGKILL' } as const;
    expect((await ended(start(broken), inSft)).code).toBeNull();
    const inGrpo = { path: broken, row: '"stage":"grpo","step":5', signal: 'SIGKILL' } as const;
    expect((await ended(run(broken, '--resume'), inGrpo)).code).toBeNull();
    expect(existsSync(join(broken, 'report.html'))).toBe(false);
    expect((await ended(run(broken, '--resume'))).code).toBe(0);
    expect(content(broken, ...RESULTS)).toBe(content(unbroken, ...RESULTS));
  });

  it('stops at Ctrl-C with exit code 130, says how to go on, and goes on', async () => {
    const stopped = join(folder, 'stopped');
    const atSft = { path: stopped, row: '"stage":"sft","step":4', signal: 'SIGINT' } as const;
    const { code, stderr } = await ended(start(stopped), atSft);
    expect(code).toBe(130);
    expect(stderr).toContain('--resume');
    expect((await ended(run(stopped, '--resume'))).code).toBe(0);
    expect(content(stopped, ...RESULTS)).toBe(content(unbroken, ...RESULTS));
  });

  it('refuses a folder that holds a run, and to resume where there is none', async () => {
    expect(await ended(start(unbroken))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--resume'),
    });
    const nothing = await ended(run(join(folder, 'nothing'), '--resume'));
    expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining('hint:') });
  });
});
