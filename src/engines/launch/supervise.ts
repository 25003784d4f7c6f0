/**
 * Keeps a run going: starts it, watches it, starts it again from its last checkpoint.
 *
 * A failed attempt is followed by another one only when it got further than where it began: an error
 * that comes before the first checkpoint would come again. An attempt that says nothing for too long
 * counts as failed and is stopped.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import type { AttemptsFile } from './attempts.ts';
import type { Checkpoint } from './checkpoints.ts';
import type { Clock } from './clock.ts';
import { type Failure, findFailure } from './failure.ts';
import type { Job, JobState } from './job.ts';
import { type StallRule, StallWatch } from './stall.ts';

/** How a run or an attempt ended. */
export type Outcome = 'succeeded' | 'failed' | 'stopped';

/** What is told to whoever watches. */
export interface SuperviseObserver {
  /** An attempt began, or was found running. */
  attempt(number: number, resumedFrom: number, isFound: boolean): void;
  /** An attempt failed; `lines` is the end of its output. */
  failed(number: number, reason: string, failure: Failure, lines: readonly string[]): void;
  note(text: string): void;
}

/** What supervision is made of. */
export interface SuperviseOptions {
  readonly attempts: AttemptsFile;
  /** Starts an attempt. */
  readonly start: (attempt: number, checkpoint: Checkpoint | undefined) => Promise<Job>;
  /** The job of an attempt that was started before. */
  readonly find: (attempt: number) => Job;
  readonly lastCheckpoint: () => Checkpoint | undefined;
  /** Reads what the engine reported since the last call; whether there was something new. */
  readonly readFigures: () => boolean;
  /** Looks after what the engine needs, such as the reward service; called at every look. */
  readonly tend?: () => Promise<void>;
  readonly rewardUrl: string | null;
  /** Most attempts in this call, the one found running included. */
  readonly maxAttempts: number;
  readonly pollMs: number;
  /** `null`: never takes a run for stuck. */
  readonly stall: StallRule | null;
  readonly clock: Clock;
  readonly observer: SuperviseObserver;
  /** Given when a person wants to leave. */
  readonly signal: AbortSignal;
  /** What leaving means then: the job ends, or goes on without us. */
  readonly onSignal: () => 'stop' | 'leave';
}

/** How long the state of a job may stay unknown. */
const UNREACHABLE_MS = 600_000;
const LOG_LINES = 2000;
const SHOWN_LINES = 20;

/**
 * Runs or takes up a run until it ends.
 *
 * @returns how it ended; `left` when it goes on without us
 * @throws GeorError `engine` when an attempt cannot be started or nothing is heard of it
 */
export async function supervise(options: SuperviseOptions): Promise<Outcome | 'left'> {
  const { attempts, observer, signal } = options;
  for (let used = 1; ; used++) {
    const found = attempts.last && !attempts.last.ended ? attempts.last : undefined;
    const { number, job, resumedFrom } = found
      ? {
          number: found.number,
          job: options.find(found.number),
          resumedFrom: found.started.resumedFrom,
        }
      : await begin(options);
    observer.attempt(number, resumedFrom, found !== undefined);
    const end = await watch(job, options);
    if (end.state === 'left') return 'left';
    options.readFigures();
    const reason = end.state === 'failed' ? reasonOf(end) : null;
    attempts.add({
      ...{ event: 'ended', attempt: number, at: isoTime(options), outcome: end.state, reason },
      exitCode: end.state === 'failed' ? end.exitCode : null,
    });
    if (end.state !== 'failed') return end.state;
    const lines = await job.logTail(LOG_LINES).catch((error: unknown) => [String(error)]);
    observer.failed(number, reason!, findFailure(lines), lines.slice(-SHOWN_LINES));
    const reached = options.lastCheckpoint()?.step ?? 0;
    if (reached <= resumedFrom) {
      observer.note('there is no newer checkpoint, so it is not started again');
      return 'failed';
    }
    if (used >= options.maxAttempts) {
      observer.note(`${used} ${used === 1 ? 'attempt was' : 'attempts were'} allowed`);
      return 'failed';
    }
    if (signal.aborted) return 'stopped';
  }
}

const isoTime = ({ clock }: SuperviseOptions): string => new Date(clock.nowMs()).toISOString();

async function begin(options: SuperviseOptions) {
  const { attempts } = options;
  const number = (attempts.last?.number ?? 0) + 1;
  const checkpoint = options.lastCheckpoint();
  const job = await options.start(number, checkpoint);
  const resumedFrom = checkpoint?.step ?? 0;
  attempts.add({
    ...{ event: 'started', attempt: number, at: isoTime(options), job: job.reference },
    ...{ resumedFrom, rewardUrl: options.rewardUrl },
  });
  return { number, job, resumedFrom };
}

type Ended = Exclude<JobState, { state: 'running' }> | { state: 'left' };

async function watch(job: Job, options: SuperviseOptions): Promise<Ended> {
  const { clock, signal, observer } = options;
  const stall = options.stall && new StallWatch(clock.nowMs(), options.stall);
  let lastHeardMs = clock.nowMs();
  for (;;) {
    if (signal.aborted) {
      if (options.onSignal() === 'leave') return { state: 'left' };
      await job.stop();
      return { state: 'stopped' };
    }
    await options.tend?.();
    let now: JobState | undefined;
    try {
      now = await job.state();
      lastHeardMs = clock.nowMs();
    } catch (error) {
      if (clock.nowMs() - lastHeardMs > UNREACHABLE_MS) throw error;
      observer.note(error instanceof GeorError ? error.message : String(error));
    }
    if (now && now.state !== 'running') return now;
    if (options.readFigures()) stall?.report(clock.nowMs());
    else if (now?.isWaiting) stall?.waiting(clock.nowMs());
    const silentMs = stall?.stalledMs(clock.nowMs());
    if (silentMs !== undefined) {
      await job.stop();
      const minutes = Math.round(silentMs / 60_000);
      return {
        state: 'failed',
        exitCode: null,
        message: `it reported nothing for ${minutes} minutes`,
      };
    }
    await clock.wait(options.pollMs, signal);
  }
}

function reasonOf({ exitCode, message }: Extract<JobState, { state: 'failed' }>): string {
  const code = exitCode === null ? undefined : `exit code ${exitCode}`;
  return (
    [code, message].filter((part) => part !== undefined && part !== null).join(': ') || 'unknown'
  );
}
