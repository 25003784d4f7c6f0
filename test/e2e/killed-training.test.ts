import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'geor-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** `trainToy` from its sources, in a process of its own. */
const start = (path: string): ChildProcess =>
  spawn(
    process.execPath,
    ['test/support/run-source.mjs', 'test/support/train-toy.ts', 'trainToy', path],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );

/** Waits for the end; kills the process as soon as the metrics hold `row`. */
function ended(child: ChildProcess, path: string, row?: string): Promise<number | string | null> {
  return new Promise((resolve) => {
    const file = join(path, 'metrics.jsonl');
    const watch = row
      ? setInterval(() => {
          if (existsSync(file) && readFileSync(file, 'utf8').includes(row)) child.kill('SIGKILL');
        }, 2)
      : undefined;
    child.on('close', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? signal);
    });
  });
}

it('training killed three times ends with the bytes of a run that nothing hit', async () => {
  const [whole, killed] = ['whole', 'killed'].map((name) => mkdtempSync(join(folder, name)));
  expect(await ended(start(whole!), whole!)).toBe(0);
  for (const row of ['"sft","step":2,', '"sft","step":8,', '"grpo","step":5,'])
    expect(await ended(start(killed!), killed!, row)).toBe('SIGKILL');
  expect(existsSync(join(killed!, 'grpo.safetensors'))).toBe(false);
  expect(await ended(start(killed!), killed!)).toBe(0);
  const names = readdirSync(whole!).sort();
  expect(names).toContain('grpo.safetensors');
  for (const name of names)
    expect(readFileSync(join(killed!, name)).equals(readFileSync(join(whole!, name))), name).toBe(
      true,
    );
});
