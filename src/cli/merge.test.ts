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
import { fileURLToPath } from 'node:url';
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
import { exampleManifest } from '../engines/run.test-support.ts';
import { newAdapter } from '../model/index.ts';
import { loadModel, saveAdapter, saveModel } from '../model/node/index.ts';
import { compareEmbedded } from './merge/embedded-check.ts';
import { command } from './merge.ts';

const MODEL = fileURLToPath(new URL('../../assets/earth-model', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'geor-merge-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
let stdout: MockInstance<typeof process.stdout.write>;
let stderr: MockInstance<typeof process.stderr.write>;
beforeEach(() => {
  stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());
const text = (spy: { mock: { calls: unknown[][] } }): string =>
  spy.mock.calls.map(([one]) => one).join('');

const base = loadModel(MODEL);
const adapter = newAdapter(
  base.config,
  { rank: 2, alpha: 4, targetModules: ['q_proj', 'down_proj'] },
  1,
);
for (const [name, { data }] of adapter.parameters)
  if (name.includes('lora_B')) for (let i = 0; i < data.length; i++) data[i] = Math.sin(i) / 10;

let count = 0;
const finishedRun = (): string => {
  const run = join(folder, `run-${++count}`);
  mkdirSync(run);
  saveAdapter(join(run, 'checkpoints'), adapter);
  const at = '2026-01-01T00:00:00.000Z';
  const job = { kind: 'process', pid: 1, startedAt: null };
  const events = [
    { event: 'started', attempt: 1, at, job, resumedFrom: 0, rewardUrl: null },
    { event: 'ended', attempt: 1, at, outcome: 'succeeded', exitCode: null, reason: null },
  ];
  writeFileSync(
    join(run, 'attempts.jsonl'),
    events.map((one) => `${JSON.stringify(one)}\n`).join(''),
  );
  writeFileSync(
    join(run, 'manifest.json'),
    JSON.stringify(
      exampleManifest(run, {
        model: { path: MODEL, preset: null, adaptation: 'lora', maxPixels: 12_544 },
      }),
    ),
  );
  return run;
};
const merge = (...flags: string[]) => command().exitOverride().parseAsync(flags, { from: 'user' });

describe('geor merge', () => {
  it('merges what a finished run trained, compares it, and says how to serve it', async () => {
    const run = finishedRun();
    await merge(run, '--json');
    const result = JSON.parse(text(stdout));
    expect(result).toMatchObject({
      ...{ run: 'tiny', step: null, model: join(run, 'merged') },
      merged: {
        changed: new Set(
          [...adapter.parameters.keys()].map((name) => name.replace(/lora_[AB]/, '')),
        ).size,
      },
      serve: expect.stringMatching(/^vllm serve .*\/merged --served-model-name tiny /),
      evaluate: expect.stringContaining('--model tiny'),
    });
    expect(result.embedded.change).toBeGreaterThan(0.01);
    // F16 weights: what is left is their rounding
    expect(result.embedded.difference).toBeLessThan(0.1 * result.embedded.change);
    expect(text(stderr)).toContain('computed again, all as near as their type allows');
    expect(readdirSync(join(run, 'merged'))).toEqual(
      expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json']),
    );
  });

  it('prints the two commands, and does not overwrite', async () => {
    const run = finishedRun();
    const output = join(folder, 'elsewhere');
    await merge(run, '-o', output);
    expect(text(stdout).split('\n')).toEqual([
      expect.stringContaining(`vllm serve ${output}`),
      expect.stringMatching(/^geor evaluate /),
      '',
    ]);
    await expect(merge(run, '-o', output)).rejects.toThrow(/is there already/);
  });

  it('refuses a checkpoint that is not there, and a run without one', async () => {
    const run = finishedRun();
    await expect(merge(run, '--step', '4')).rejects.toThrow(/no whole checkpoint of step 4/);
    rmSync(join(run, 'checkpoints'), { recursive: true });
    await expect(merge(run)).rejects.toThrow(/holds no adapter/);
    expect(existsSync(join(run, 'merged'))).toBe(false);
  });

  it("needs verl's Python for its shards, and says what to run", async () => {
    const run = finishedRun();
    const manifest = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8'));
    writeFileSync(
      join(run, 'manifest.json'),
      JSON.stringify({
        ...manifest,
        engine: { name: 'verl', version: '0.9.0' },
        checkpoints: { folder: 'checkpoints', latest: 'latest_checkpointed_iteration.txt' },
      }),
    );
    writeFileSync(join(run, 'checkpoints', 'latest_checkpointed_iteration.txt'), '8');
    await expect(merge(run)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('python -m verl.model_merger merge --backend fsdp'),
    });
  });
});

describe('a comparison by the embedded engine', () => {
  it('finds a merged model that is only the base', async () => {
    const paths = {
      base: MODEL,
      adapter: join(folder, 'adapter'),
      merged: join(folder, 'not-merged'),
    };
    saveAdapter(paths.adapter, adapter);
    saveModel(paths.merged, base);
    await expect(compareEmbedded(paths)).rejects.toThrow(/merged log-probabilities are off by/);
  });
});
