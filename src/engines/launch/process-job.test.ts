import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { exampleManifest, temporaryFolder } from '../run.test-support.ts';
import { AttemptsFile } from './attempts.ts';
import { systemClock } from './clock.ts';
import type { JobState } from './job.ts';
import { LaunchLock } from './launch-lock.ts';
import { planAttempt, shellLine } from './launch-plan.ts';
import { ProcessJob, startProcess } from './process-job.ts';
import { isRunning, processStart } from './running-process.ts';

const { folder, write } = temporaryFolder();
write('engine/here', '');
const started: ProcessJob[] = [];
afterEach(async () => {
  for (const job of started.splice(0)) await job.stop();
});

let attempt = 0;
const start = async (...command: string[]): Promise<ProcessJob> => {
  const manifest = exampleManifest(folder);
  const plan = planAttempt(
    { ...manifest, launch: { ...manifest.launch, command } },
    { attempt: ++attempt, checkpoint: undefined, rewardUrl: 'http://127.0.0.1:1' },
  );
  const job = await startProcess(plan, attempt, { folder, environment: process.env });
  started.push(job);
  return job;
};
const until = async <T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> => {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await systemClock.wait(10);
  }
};
const ended = (job: ProcessJob): Promise<JobState> =>
  until(async () => {
    const state = await job.state();
    return state.state === 'running' ? undefined : state;
  });
const node = (script: string): string[] => [process.execPath, '-e', script];

describe('an engine on this machine', () => {
  it('runs in its folder and environment, with its output in a file', async () => {
    const job = await start(
      '/bin/sh',
      '-c',
      'pwd; echo "$GEOR_REWARD_URL $GEOR_ATTEMPT"; echo e >&2',
    );
    expect(await ended(job)).toEqual({ state: 'succeeded' });
    expect(await job.logTail(10)).toEqual([
      join(folder, 'engine'),
      `http://127.0.0.1:1 ${attempt}`,
      'e',
    ]);
  });

  it('tells its exit code, and what it means', async () => {
    expect(await ended(await start('/bin/sh', '-c', 'exit 7'))).toEqual({
      ...{ state: 'failed', exitCode: 7, message: null },
    });
    expect(await ended(await start('no-such-program'))).toMatchObject({
      ...{ exitCode: 127, message: 'the program was not found' },
    });
    expect(await ended(await start('/bin/sh', '-c', 'kill -9 $$'))).toMatchObject({
      ...{ exitCode: 137, message: expect.stringContaining('memory') },
    });
  });

  it('is found again by what was written down, while it runs and after', async () => {
    const job = await start(
      ...node(
        'process.on("SIGTERM", () => process.exit(3)); setInterval(() => {}, 1e6); console.log("up")',
      ),
    );
    await until(async () => (await job.logTail(1))[0]);
    const again = new ProcessJob(job.reference, attempt, folder);
    expect(await again.state()).toEqual({ state: 'running', isWaiting: false });
    await again.stop();
    expect(await again.state()).toMatchObject({ state: 'failed', exitCode: 3 });
  });

  it('is not taken for another process with the same number', async () => {
    const job = await start(...node('console.log("up"); setInterval(() => {}, 1e6)'));
    await until(async () => (await job.logTail(1))[0]);
    if (processStart(process.pid) === null) return; // no /proc here: a number is all there is
    const other = new ProcessJob({ ...job.reference, startedAt: '1' }, attempt + 100, folder);
    expect(await other.state()).toMatchObject({ state: 'failed', exitCode: null });
    await other.stop();
    expect((await job.state()).state).toBe('running');
  });

  it('ends with all its processes, and says so when nobody wrote an exit code', async () => {
    const job = await start(
      ...node(
        'const { spawn } = require("node:child_process"); const c = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], { detached: true }); console.log(c.pid); setInterval(() => {}, 1e6)',
      ),
    );
    const child = Number(await until(async () => (await job.logTail(1))[0]));
    process.kill(-job.reference.pid, 'SIGKILL');
    expect(await ended(job)).toMatchObject({
      exitCode: null,
      message: expect.stringContaining('killed'),
    });
    await until(() => (isRunning(child, null) ? undefined : true));
  });
});

describe('a command line', () => {
  it('can be pasted into a shell, and has its placeholders filled', () => {
    const manifest = exampleManifest('/shared/run 1');
    const plan = planAttempt(
      {
        ...manifest,
        launch: {
          ...manifest.launch,
          command: ['accelerate', 'launch', '--config', "it's {root}/engine/x.yaml"],
          environment: { GEOR_METRICS_FILE: '{root}/metrics/attempt-{attempt}.jsonl' },
        },
      },
      { attempt: 2, checkpoint: { step: 4, path: 'checkpoints/checkpoint-4' }, rewardUrl: null },
    );
    expect(plan.metricsFile).toBe('metrics/attempt-2.jsonl');
    expect(shellLine(plan)).toBe(
      "cd '/shared/run 1/engine' && GEOR_METRICS_FILE='/shared/run 1/metrics/attempt-2.jsonl' GEOR_ATTEMPT=2 " +
        "accelerate launch --config 'it'\\''s /shared/run 1/engine/x.yaml' --resume '/shared/run 1/checkpoints/checkpoint-4'",
    );
  });
});

describe('the record of attempts', () => {
  it('is read back, without a torn last line, and refused with the line that is wrong', () => {
    const run = join(folder, 'record');
    write('record/x', '');
    const file = new AttemptsFile(run);
    expect(file.last).toBeUndefined();
    const at = '2026-01-01T00:00:00.000Z';
    const job = { kind: 'process', pid: 5, startedAt: '7' } as const;
    file.add({ event: 'started', attempt: 1, at, job, resumedFrom: 0, rewardUrl: null });
    file.add({ event: 'service', at, url: 'http://127.0.0.1:5', pid: 6, startedAt: null });
    file.add({ event: 'ended', attempt: 1, at, outcome: 'failed', exitCode: 1, reason: 'x' });
    file.add({ event: 'started', attempt: 2, at, job, resumedFrom: 4, rewardUrl: null });
    write('record/attempts.jsonl', `${readFileSync(file.path, 'utf8')}{"event":"en`);
    const again = new AttemptsFile(run);
    expect(again.attempts).toEqual(file.attempts);
    expect(again.last).toMatchObject({ number: 2, ended: undefined });
    expect(again.service?.url).toBe('http://127.0.0.1:5');
    write('record/attempts.jsonl', '{"event":"begun"}\n');
    expect(() => new AttemptsFile(run)).toThrow(/attempts.jsonl:1/);
  });
});

describe('the lock of a run', () => {
  it('belongs to one living process', () => {
    const lock = new LaunchLock(folder);
    expect(lock.take()).toBeUndefined();
    expect(new LaunchLock(folder).take()).toBe(process.pid);
    expect(lock.isHeld).toBe(true);
    lock.release();
    expect(existsSync(join(folder, 'launch.lock'))).toBe(false);
    write('launch.lock', '{"pid":4194304,"startedAt":"1"}');
    expect(lock.isHeld).toBe(false);
    expect(lock.take()).toBeUndefined();
    lock.release();
    write('launch.lock', 'torn');
    expect(lock.take()).toBeUndefined();
    lock.release();
  });
});
