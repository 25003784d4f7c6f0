import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'geor-ablate-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (name: string, ...flags: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['dist/cli/main.js', 'ablate', '-o', join(folder, name), ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const start = (name: string): ChildProcess =>
  run(
    name,
    ...['--recipe', 'test/fixtures/ablate-tiny.yaml', '--threads', '1'],
    ...['--seeds', '5,6', '--only', 'rl'],
  );

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for the end; with `kill`, sends its signal as soon as its file holds its row. */
function ended(
  child: ChildProcess,
  kill?: { file: string; row: string; signal: NodeJS.Signals },
): Promise<Ended> {
  return new Promise((resolve) => {
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.on('data', (chunk: Buffer) => {
        texts[name] += chunk;
      });
    const watch = kill
      ? setInterval(() => {
          const file = join(folder, kill.file);
          if (existsSync(file) && readFileSync(file, 'utf8').includes(kill.row)) {
            clearInterval(watch);
            child.kill(kill.signal);
          }
        }, 2)
      : undefined;
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, ...texts });
    });
  });
}

const findings = (name: string): string => readFileSync(join(folder, name, 'ablate.json'), 'utf8');

const answers = (name: string): string =>
  [5, 6]
    .flatMap((seed) =>
      ['cor', 'rl-geo-r', 'rl-geo-r-hard'].map((arm) =>
        readFileSync(join(folder, name, `seed-${seed}`, 'answers', `${arm}.jsonl`), 'utf8'),
      ),
    )
    .join('\n');

describe('geor ablate', { timeout: 600_000 }, () => {
  let whole: Ended;
  beforeAll(async () => {
    whole = await ended(start('unbroken'));
  }, 600_000);

  it('prints its tables beside the published ones and leaves them in files', () => {
    expect(whole.code).toBe(0);
    expect(whole.stdout).toContain('+ RL, hard');
    expect(whole.stdout).toMatch(/Geo-R, 3B +8\.6 28\.7 45\.7\? +69\.0 +85\.4/);
    expect(whole.stdout).toContain('undecided');
    expect(whole.stderr).toContain('Seed 6');
    expect(JSON.parse(findings('unbroken'))).toMatchObject({ seeds: [5, 6], tiles: 12 });
    expect(readFileSync(join(folder, 'unbroken/ablate.md'), 'utf8')).toContain('### Claims');
    expect(readFileSync(join(folder, 'unbroken/report.html'), 'utf8')).toContain('</html>');
  });

  it('survives kill -9 in SFT and Ctrl-C in GRPO and ends as if nothing had happened', async () => {
    const at = (file: string, row: string, signal: NodeJS.Signals) => ({ file, row, signal });
    const sft = at('broken/seed-5/metrics/sft-cor.jsonl', '"step":5', 'SIGKILL');
    expect((await ended(start('broken'), sft)).code).toBeNull();
    const rl = at('broken/seed-6/metrics/rl-geo-r.jsonl', '"step":1', 'SIGINT');
    const stopped = await ended(run('broken', '--resume'), rl);
    expect(stopped).toMatchObject({ code: 130, stderr: expect.stringContaining('--resume') });
    expect((await ended(run('broken', '--resume'))).code).toBe(0);
    expect(answers('broken')).toBe(answers('unbroken'));
    expect(findings('broken')).toBe(findings('unbroken'));
  });

  it('refuses a folder that holds one, other settings on resuming, and names it does not know', async () => {
    const refused = (words: string) => ({ code: 2, stderr: expect.stringContaining(words) });
    expect(await ended(start('unbroken'))).toMatchObject(refused('--resume'));
    expect(await ended(run('nothing', '--resume'))).toMatchObject(refused('hint:'));
    const other = run('unbroken', '--resume', '--minutes', '3');
    expect(await ended(other)).toMatchObject(refused('began with'));
    expect(await ended(run('other', '--only', 'x'))).toMatchObject(refused('prompt, size'));
    expect(await ended(run('other', '--seeds', '1,1'))).toMatchObject(refused('different whole'));
  });
});
