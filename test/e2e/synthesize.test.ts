import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'geor-e2e-synthesize-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** 60,000 points in France; some come again, some are no coordinate. */
const points = join(folder, 'points.csv');
writeFileSync(
  points,
  `id,lat,lon\n${Array.from({ length: 60_000 }, (_, i) => {
    const id = i % 5000 === 4999 ? 'p0' : `p${i}`;
    return i % 700 === 0 && i > 0
      ? `${id},north,2`
      : `${id},${47 + (i % 997) / 500},${2 + i / 50_000}`;
  }).join('\n')}\n`,
);

interface Stop {
  /** Stop as soon as the journal says that this many items are done. */
  readonly items: number;
  readonly signal: NodeJS.Signals;
}

/** Runs `geor synthesize` as built; the exit code, null when it was killed. */
function geor(
  args: readonly string[],
  stop?: Stop,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'synthesize', ...args]);
  const output = args[args.indexOf('-o') + 1]!;
  return new Promise((resolve) => {
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    const watch = stop
      ? setInterval(() => {
          const journal = `${output}.journal.json`;
          if (!existsSync(journal)) return;
          const { tally } = JSON.parse(readFileSync(journal, 'utf8')) as {
            tally: { items: number };
          };
          if (tally.items < stop.items) return;
          clearInterval(watch);
          child.kill(stop.signal);
        }, 1)
      : undefined;
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, stderr });
    });
  });
}

/** Every file of a run with its hash. */
function filesOf(name: string): Record<string, string> {
  const at = join(folder, name);
  const names = readdirSync(at, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names
      .filter((file) => /\.\w+$/.test(file))
      .map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(at, file)))
          .digest('hex'),
      ]),
  );
}

const out = (name: string): string => {
  mkdirSync(join(folder, name), { recursive: true });
  return join(folder, name, 'rows.jsonl');
};

const points4096 = [points, '--style', 'short', '--journal-items', '4096', '-o'];

beforeAll(async () => {
  const alone = await geor([...points4096, out('alone'), '--threads', '0']);
  expect(alone).toMatchObject({ code: 1, stderr: expect.stringContaining('59903 rows') });
});

describe('geor synthesize', () => {
  it('gives the same bytes in one thread and in several', async () => {
    await geor([...points4096, out('threads'), '--threads', '2']);
    expect(filesOf('threads')).toEqual(filesOf('alone'));
    expect(Object.keys(filesOf('alone'))).toEqual([
      ...['rows.jsonl', 'rows.jsonl.card.json', 'rows.jsonl.rejects.jsonl'],
    ]);
  });

  it.each([
    ['0', 1, 'SIGKILL'],
    ['0', 20_000, 'SIGKILL'],
    ['2', 40_000, 'SIGKILL'],
    ['0', 10_000, 'SIGINT'],
  ] as const)(
    'with %s threads, stopped after %i rows by %s, resumes to the same bytes',
    async (threads, items, signal) => {
      const path = out(`stopped-${threads}-${items}`);
      const args = [...points4096, path, '--threads', threads];
      const { code, stderr } = await geor(args, { items, signal });
      expect(code).toBe(signal === 'SIGINT' ? 130 : null);
      if (signal === 'SIGINT') expect(stderr).toContain('with --resume goes on');
      expect(existsSync(path)).toBe(false);
      const resumed = await geor([...args, '--resume']);
      expect(resumed.code).toBe(1);
      expect(resumed.stderr).toMatch(/^resumed after \d+ rows of input/);
      expect(filesOf(`stopped-${threads}-${items}`)).toEqual(filesOf('alone'));
    },
  );

  it('resumes pictures and Parquet to the same bytes', async () => {
    const args = [
      'earth:?count=400&seed=2',
      '--size',
      '28',
      '--format',
      'verl',
      '--stage',
      'grpo',
      '--journal-items',
      '1',
      '-o',
    ];
    await geor([...args, out('whole')]);
    const path = out('killed');
    await geor([...args, path], { items: 100, signal: 'SIGKILL' });
    expect((await geor([...args, path, '--resume'])).code).toBe(0);
    expect(filesOf('killed')).toEqual(filesOf('whole'));
    expect(Object.keys(filesOf('whole')).length).toBeGreaterThan(390);
  });
});
