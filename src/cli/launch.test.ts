import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
import type { Manifest } from '../engines/index.ts';
import { exampleManifest } from '../engines/run.test-support.ts';
import { command } from './launch.ts';
import { command as report } from './report.ts';

const root = mkdtempSync(join(tmpdir(), 'geor-launch-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const before = process.exitCode;
let stdout: MockInstance<typeof process.stdout.write>;
let stderr: MockInstance<typeof process.stderr.write>;
beforeEach(() => {
  stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = before;
});
const text = (spy: { mock: { calls: unknown[][] } }): string =>
  spy.mock.calls.map(([one]) => one).join('');

/** Trains nothing: reports steps, "saves" every second one, and fails once at step 5. */
const ENGINE = `
import { appendFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
const [root, , from] = process.argv.slice(2);
const { GEOR_ATTEMPT: attempt, GEOR_METRICS_FILE: metrics } = process.env;
const first = from ? Number(/checkpoint-(\\d+)$/.exec(from)[1]) : 0;
for (let step = first + 1; step <= 6; step++) {
  appendFileSync(metrics, JSON.stringify({ step, wall: 1, loss: 6 - step, reward: step / 10 }) + '\\n');
  if (step % 2 === 0) {
    const folder = root + '/checkpoints/checkpoint-' + step;
    mkdirSync(folder, { recursive: true });
    for (const name of ['adapter_model.safetensors', 'rng_state_0.pth', 'rng_state_1.pth'])
      writeFileSync(folder + '/' + name, '');
    writeFileSync(folder + '/trainer_state.json', JSON.stringify({ global_step: step }));
  }
  if (step === 5 && attempt === '1') {
    console.error('Traceback (most recent call last):\\nRuntimeError: No space left on device');
    process.exit(1);
  }
}
`;

let count = 0;
const makeRun = (changes: Partial<Manifest> = {}, version = '1.13.0') => {
  const folder = join(root, `run-${++count}`);
  const write = (name: string, content: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  write('data/train.jsonl', '{}\n');
  write('engine/engine.mjs', ENGINE);
  const python = write('python', `#!/bin/sh\necho '{"trl": "${version}", "torch": "2.13.0"}'\n`);
  chmodSync(python, 0o755);
  const manifest = exampleManifest(folder);
  write(
    'manifest.json',
    JSON.stringify({
      ...manifest,
      launch: {
        ...manifest.launch,
        command: [process.execPath, 'engine.mjs', '{root}'],
        environment: { GEOR_METRICS_FILE: '{root}/metrics/attempt-{attempt}.jsonl' },
      },
      ...changes,
    }),
  );
  const launch = (...flags: string[]) =>
    command()
      .exitOverride()
      .parseAsync([folder, '--python', python, ...flags], { from: 'user' });
  return { folder, launch };
};

describe('geor launch', () => {
  it('keeps a run going over a failure, and shows it as one', async () => {
    const { folder, launch } = makeRun();
    await launch('--json');
    expect(JSON.parse(text(stdout))).toEqual({
      ...{ run: 'tiny', outcome: 'succeeded', step: 6 },
      checkpoint: { step: 6, path: 'checkpoints/checkpoint-6' },
      attempts: [
        { number: 1, resumedFrom: 0, outcome: 'failed', exitCode: 1, reason: 'exit code 1' },
        { number: 2, resumedFrom: 4, outcome: 'succeeded', exitCode: null, reason: null },
      ],
      report: join(folder, 'report.html'),
    });
    const said = text(stderr);
    expect(said).toContain('trl 1.13.0, torch 2.13.0');
    expect(said).toContain('first error: RuntimeError: No space left on device');
    expect(said).toContain('hint: free the disk');
    expect(said).toMatch(/attempt 2 from step 4 .*6\/6 \(100 %\), reward 0.600, loss 0/);
    expect(said).not.toContain('\u001b');
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('6 of 6');
    expect(page).toContain('failed: exit code 1');
    expect(existsSync(join(folder, 'launch.lock'))).toBe(false);
    expect(process.exitCode).toBe(0);

    const both = join(folder, 'both.html');
    await report().exitOverride().parseAsync([folder, folder, '-o', both], { from: 'user' });
    expect(readFileSync(both, 'utf8')).toContain('<title>2 runs</title>');

    stderr.mockClear();
    await launch();
    expect(text(stderr)).toContain(`The run is finished. Next: geor merge ${folder}`);
  });

  it('ends with 3 when it gives up, and starts again when asked again', async () => {
    const { launch } = makeRun();
    await launch('--attempts', '1');
    expect(process.exitCode).toBe(3);
    expect(text(stderr)).toContain('1 attempt was allowed');
    await launch('--json');
    expect(JSON.parse(text(stdout))).toMatchObject({ outcome: 'succeeded', step: 6 });
    expect(process.exitCode).toBe(0);
  });

  it('prints what would run, and runs nothing', async () => {
    const { folder, launch } = makeRun();
    await launch('--dry-run');
    expect(text(stdout)).toBe(
      `cd ${folder}/engine && GEOR_METRICS_FILE=${folder}/metrics/attempt-1.jsonl GEOR_ATTEMPT=1 ${process.execPath} engine.mjs ${folder}\n`,
    );
    expect(existsSync(join(folder, 'attempts.jsonl'))).toBe(false);
  });

  it('refuses another version of the engine, unless told otherwise', async () => {
    const { launch } = makeRun({}, '1.12.0');
    await expect(launch()).rejects.toThrow(/trl is 1.12.0; the run was exported for 1.13.0/);
    await launch('--any-version');
    expect(process.exitCode).toBe(0);
  });

  it('says so when there is nothing to take up or to stop', async () => {
    const { launch } = makeRun();
    await expect(launch('--attach')).rejects.toThrow('the run was not started yet');
    await expect(launch('--stop')).rejects.toThrow('the run is not going');
    const manifest = exampleManifest('/x');
    const many = makeRun({ cluster: { ...manifest.cluster, nodes: 2 } });
    await expect(many.launch()).rejects.toThrow(/now lies in|for 2 machines/);
  });

  it('needs a service that a cluster can reach', async () => {
    const manifest = exampleManifest('/shared/run');
    const { launch } = makeRun({
      launch: { ...manifest.launch, kind: 'ray-job' },
      reward: { url: null, config: { recipe: 'geo-r' }, groupSize: 4 },
    });
    await expect(launch('--address', 'http://127.0.0.1:1')).rejects.toThrow(/does not answer/);
  });
});
