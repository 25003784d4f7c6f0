import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GeorError } from '../core/index.ts';
import { openRunFolder, readRecipe } from '../quickstart/index.ts';
import * as tensor from '../tensor/index.ts';
import * as tensorApart from '../tensor/node/index.ts';
import { command as evaluate } from './evaluate.ts';
import { command as generate } from './generate.ts';
import { command as locate } from './locate.ts';
import { command as quickstart } from './quickstart.ts';
import { command as serve } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'geor-provider-'));
const path = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(path('truth.csv'), 'id,lat,lon\na,60.39,5.32\n');

const MODEL = 'assets/earth-model';
const TINY = 'test/fixtures/quickstart-tiny.yaml';
const absent = new GeorError('engine', 'it does not run here', { hint: 'geor doctor' });
const before = process.exitCode;
let stderr = '';
beforeEach(() => {
  stderr = '';
  vi.spyOn(tensorApart, 'examineSafely').mockImplementation(async (provider) => ({
    ...{ provider, isThere: true, checks: [] },
  }));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = before;
});
const run = (command: () => Command, ...args: readonly string[]): Promise<unknown> =>
  command().exitOverride().parseAsync(args, { from: 'user' });

describe('--provider', () => {
  const asking = ['--truth', path('truth.csv'), '--answers', path('answers.jsonl')];
  const commands: readonly [string, () => Command, readonly string[]][] = [
    ['generate', generate, ['--model', MODEL, 'earth:60.39,5.32', '-o', path('rows.jsonl')]],
    ['locate', locate, ['earth:60.39,5.32', '--backend', MODEL, '-o', path('place.json')]],
    ['evaluate --backend', evaluate, ['--backend', MODEL, ...asking]],
    ['serve', serve, ['--port', '0']],
    ['quickstart', quickstart, ['-o', path('run'), '--recipe', TINY]],
  ];

  it.each(commands)('of geor %s is checked before anything is done', async (_, command, args) => {
    const useProvider = vi.spyOn(tensor, 'useProvider').mockRejectedValue(absent);
    await expect(run(command, ...args, '--provider', 'webgpu')).rejects.toBe(absent);
    expect(useProvider.mock.calls).toEqual([['webgpu']]);
    for (const name of ['rows.jsonl.partial', 'place.json.partial.jsonl', 'run', 'answers.jsonl'])
      expect(existsSync(path(name)), name).toBe(false);
  });

  it.each(commands)('of geor %s is one that geor knows', async (_, command, args) => {
    await expect(run(command, ...args, '--provider', 'abacus')).rejects.toMatchObject({
      code: 'commander.invalidArgument',
      message: expect.stringContaining('Allowed choices are cpu, webgpu, cuda'),
    });
  });

  it('is named in what a person reads, and the CPU is not', async () => {
    const check = { operation: 'add', variant: 'v', result: 2e-7, gradient: 0, isRight: true };
    const useProvider = vi.spyOn(tensor, 'useProvider').mockResolvedValue([check]);
    const args = ['earth:60.39,5.32', '--backend', MODEL, '-k', '1', '--threads', '1'];
    await run(locate, ...args, '--provider', 'cuda');
    expect(stderr).toBe('the model runs on cuda: 1 of 1 checks as on the CPU, at most 2e-7 off\n');
    stderr = '';
    await run(locate, ...args, '--provider', 'cpu');
    expect(stderr).toBe('');
    expect(useProvider).toHaveBeenCalledTimes(1);
  });

  it('is refused where it is not there, before it is tried in this process', async () => {
    const useProvider = vi.spyOn(tensor, 'useProvider').mockResolvedValue([]);
    vi.spyOn(tensorApart, 'examineSafely').mockImplementation(async (provider) => ({
      ...{ provider, isThere: false, problem: 'no driver', checks: [] },
    }));
    await expect(run(serve, '--port', '0', '--provider', 'webgpu')).rejects.toMatchObject({
      ...{ code: 'engine', message: 'webgpu does not run here: no driver' },
      hint: expect.stringContaining('geor doctor'),
    });
    expect(useProvider).not.toHaveBeenCalled();
  });

  it('is refused where no model runs in this process', async () => {
    const useProvider = vi.spyOn(tensor, 'useProvider').mockResolvedValue([]);
    const refusal = { code: 'usage', message: expect.stringContaining('no model runs') };
    const server = ['--backend', 'http://127.0.0.1:9/v1', '--provider', 'webgpu'];
    await expect(run(locate, 'earth:1,2', ...server)).rejects.toMatchObject(refusal);
    await expect(run(serve, '--port', '0', ...server)).rejects.toMatchObject(refusal);
    const bare = ['--port', '0', '--no-page', '--provider', 'webgpu'];
    await expect(run(serve, ...bare)).rejects.toMatchObject(refusal);
    expect(useProvider).not.toHaveBeenCalled();
  });

  it('tells rows of one provider from those of another, so that a run goes on as it began', async () => {
    vi.spyOn(tensor, 'useProvider').mockResolvedValue([]);
    const keyOn = async (...flags: string[]): Promise<unknown> => {
      const output = path('key.jsonl');
      const args = ['earth:60.39,5.32', '--backend', MODEL, '-k', '1', '--threads', '1'];
      await run(locate, ...args, '-o', output, '--format', 'jsonl', ...flags);
      return JSON.parse(readFileSync(output, 'utf8')).key;
    };
    const key = await keyOn();
    expect(await keyOn('--provider', 'cpu')).toBe(key);
    expect(await keyOn('--provider', 'webgpu')).not.toBe(key);
  });
});

describe('a quick start that goes on', () => {
  const begun = (name: string, provider?: string): string => {
    mkdirSync(path(name));
    const recipe = readRecipe(TINY);
    openRunFolder(path(name), { seed: 1, minutes: 5, recipe, ...(provider && { provider }) }, '0');
    return path(name);
  };

  it('is on the provider that it began on', async () => {
    const useProvider = vi.spyOn(tensor, 'useProvider').mockRejectedValue(absent);
    await expect(run(quickstart, '--resume', '-o', begun('a', 'webgpu'))).rejects.toBe(absent);
    expect(useProvider.mock.calls).toEqual([['webgpu']]);
  });

  it('is refused another one', async () => {
    const refusal = { code: 'usage', message: expect.stringMatching(/was begun on cpu$/) };
    const args = ['--resume', '-o', begun('b'), '--provider', 'webgpu'];
    await expect(run(quickstart, ...args)).rejects.toMatchObject(refusal);
  });
});
