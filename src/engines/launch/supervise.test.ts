import { describe, expect, it } from 'vitest';
import { GeorError } from '../../core/index.ts';
import { fakeClock, temporaryFolder } from '../run.test-support.ts';
import { AttemptsFile } from './attempts.ts';
import type { Job, JobState } from './job.ts';
import { STALL_RULE, StallWatch } from './stall.ts';
import { type SuperviseOptions, supervise } from './supervise.ts';

const { folder, write } = temporaryFolder();
const RUNNING: JobState = { state: 'running', isWaiting: false };
const FAILED: JobState = { state: 'failed', exitCode: 1, message: null };
let runs = 0;

/** A supervised run whose jobs go through given states, one at a look. */
function setUp(
  scripts: readonly (readonly (JobState | Error)[])[],
  changes: Partial<SuperviseOptions> = {},
  steps: readonly number[] = [],
) {
  const said: string[] = [];
  const startedFrom: (number | undefined)[] = [];
  const stopped: number[] = [];
  const run = `run-${++runs}`;
  write(`${run}/x`, '');
  const jobOf = (number: number): Job => {
    const states = [...(scripts[number - 1] ?? [])];
    return {
      reference: { kind: 'process', pid: number, startedAt: null },
      state: async () => {
        const next = states.length > 1 ? states.shift()! : states[0]!;
        if (next instanceof Error) throw next;
        return next;
      },
      stop: async () => void stopped.push(number),
      logTail: async () => ['before', 'ValueError: boom'],
    };
  };
  const attempts = new AttemptsFile(`${folder}/${run}`);
  const options: SuperviseOptions = {
    attempts,
    start: async (attempt, checkpoint) => {
      startedFrom.push(checkpoint?.step);
      return jobOf(attempt);
    },
    find: jobOf,
    lastCheckpoint: () => {
      const step = steps[attempts.attempts.length - 1];
      return step === undefined ? undefined : { step, path: `checkpoints/checkpoint-${step}` };
    },
    readFigures: () => false,
    rewardUrl: null,
    maxAttempts: 3,
    pollMs: 1000,
    stall: null,
    clock: fakeClock(),
    observer: {
      attempt: (number, from, isFound) =>
        said.push(`${isFound ? 'found' : 'began'} ${number} from ${from}`),
      failed: (number, reason, { message }) => said.push(`failed ${number}: ${reason}: ${message}`),
      note: (text) => said.push(text),
    },
    signal: new AbortController().signal,
    onSignal: () => 'stop',
    ...changes,
  };
  return { options, said, startedFrom, stopped, attempts };
}

describe('a supervised run', () => {
  it('that succeeds is written down so', async () => {
    const { options, attempts } = setUp([[RUNNING, RUNNING, { state: 'succeeded' }]]);
    expect(await supervise(options)).toBe('succeeded');
    expect(attempts.last?.ended).toMatchObject({
      outcome: 'succeeded',
      exitCode: null,
      reason: null,
    });
  });

  it('goes on from the last checkpoint after a failure that came after it', async () => {
    const { options, said, startedFrom } = setUp(
      [
        [RUNNING, FAILED],
        [RUNNING, { state: 'succeeded' }],
      ],
      {},
      [4, 4],
    );
    expect(await supervise(options)).toBe('succeeded');
    expect(startedFrom).toEqual([undefined, 4]);
    expect(said).toEqual([
      ...['began 1 from 0', 'failed 1: exit code 1: ValueError: boom', 'began 2 from 4'],
    ]);
  });

  it('is not started again without progress', async () => {
    const { options, said, startedFrom } = setUp([[FAILED]], {}, []);
    expect(await supervise(options)).toBe('failed');
    expect(startedFrom).toHaveLength(1);
    expect(said.at(-1)).toMatch(/no newer checkpoint/);
  });

  it('is started no more often than allowed', async () => {
    const { options, startedFrom, said } = setUp(
      [[FAILED], [FAILED], [FAILED]],
      { maxAttempts: 2 },
      [2, 4, 6],
    );
    expect(await supervise(options)).toBe('failed');
    expect(startedFrom).toEqual([undefined, 2]);
    expect(said.at(-1)).toBe('2 attempts were allowed');
  });

  it('is taken up where a killed supervisor left it', async () => {
    const { options, said, attempts, startedFrom } = setUp(
      [[RUNNING, FAILED], [{ state: 'succeeded' }]],
      {},
      [8, 8],
    );
    const at = '2026-01-01T00:00:00.000Z';
    const job = { kind: 'process', pid: 5, startedAt: null } as const;
    attempts.add({ event: 'started', attempt: 1, at, job, resumedFrom: 6, rewardUrl: null });
    expect(await supervise(options)).toBe('succeeded');
    expect(said[0]).toBe('found 1 from 6');
    expect(startedFrom).toEqual([8]);
  });

  it('stops its job on a signal, or leaves it running', async () => {
    for (const [onSignal, outcome, stops] of [
      ['stop', 'stopped', [1]],
      ['leave', 'left', []],
    ] as const) {
      const leaving = new AbortController();
      const { options, stopped, attempts } = setUp([[RUNNING]], {
        clock: fakeClock(() => leaving.abort()),
        signal: leaving.signal,
        onSignal: () => onSignal,
      });
      expect(await supervise(options)).toBe(outcome);
      expect(stopped).toEqual(stops);
      expect(attempts.last?.ended?.outcome).toBe(outcome === 'stopped' ? 'stopped' : undefined);
    }
  });

  it('that falls silent is stopped and counts as failed', async () => {
    const { options, said, stopped } = setUp(
      [[RUNNING], [{ state: 'succeeded' }]],
      { stall: STALL_RULE, pollMs: 60_000 },
      [2, 2],
    );
    expect(await supervise(options)).toBe('succeeded');
    expect(stopped).toEqual([1]);
    expect(said[1]).toContain('it reported nothing for 31 minutes');
  });

  it('is not silent while it waits for machines', async () => {
    const waiting: JobState = { state: 'running', isWaiting: true };
    const { options } = setUp(
      [[...Array.from({ length: 90 }, () => waiting), { state: 'succeeded' }]],
      {
        ...{ stall: STALL_RULE, pollMs: 60_000 },
      },
    );
    expect(await supervise(options)).toBe('succeeded');
  });

  it('outlasts a cluster that does not answer for a while, but not for ever', async () => {
    const away = new GeorError('engine', 'Ray does not answer');
    const short = setUp([[RUNNING, away, away, { state: 'succeeded' }]]);
    expect(await supervise(short.options)).toBe('succeeded');
    expect(short.said.slice(1)).toEqual(['Ray does not answer', 'Ray does not answer']);
    const long = setUp([[away]], { pollMs: 60_000 });
    await expect(supervise(long.options)).rejects.toThrow('Ray does not answer');
    expect(long.attempts.last?.ended).toBeUndefined();
  });
});

describe('silence', () => {
  it('is measured against five usual steps and ten minutes', () => {
    const minute = 60_000;
    const watch = new StallWatch(0);
    expect(watch.stalledMs(30 * minute)).toBeUndefined();
    expect(watch.stalledMs(30 * minute + 1)).toBe(30 * minute + 1);
    for (const at of [10, 14, 18, 22, 40]) watch.report(at * minute);
    expect(watch.allowedMs).toBe(20 * minute);
    expect(watch.stalledMs(60 * minute)).toBeUndefined();
    expect(watch.stalledMs(60 * minute + 1)).toBe(20 * minute + 1);
    const fast = new StallWatch(0);
    for (const at of [1, 2, 3]) fast.report(at * minute);
    expect(fast.allowedMs).toBe(10 * minute);
  });
});
