/**
 * An engine on a Ray cluster.
 * @module
 */
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/node/index.ts';
import type { JobReference } from './attempts.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Job, JobState } from './job.ts';
import { type LaunchPlan, shellLine } from './launch-plan.ts';
import { readableLines } from './log-tail.ts';
import type { RayJobs } from './ray-jobs.ts';

/** How long a job may take to stop before nobody waits for it any longer. */
const STOP_MS = 120_000;

/**
 * Submits an attempt. The command changes into its folder itself: the folder lies on storage that
 * all machines share, so Ray need not copy it.
 *
 * @throws GeorError `engine` when Ray does not take it
 */
export async function submitRayJob(
  ray: RayJobs,
  plan: LaunchPlan,
  { run, attempt, folder }: { run: string; attempt: number; folder: string },
): Promise<RayJob> {
  const submissionId = submissionIdOf(run, attempt);
  await ray.submit({
    entrypoint: shellLine({ ...plan, environment: {} }),
    submissionId,
    environment: plan.environment,
    metadata: { geor_run: run, geor_attempt: String(attempt) },
  });
  const reference: JobReference = { kind: 'ray-job', address: ray.address, submissionId };
  return new RayJob(ray, reference, join(folder, plan.logFile));
}

/** Name of an attempt's submission. */
export const submissionIdOf = (run: string, attempt: number): string => `geor-${run}-a${attempt}`;

/** A submitted job, ours or found again. */
export class RayJob implements Job {
  readonly reference: Extract<JobReference, { kind: 'ray-job' }>;
  readonly #ray: RayJobs;
  readonly #log: string;
  readonly #clock: Clock;

  constructor(
    ray: RayJobs,
    reference: Extract<JobReference, { kind: 'ray-job' }>,
    log: string,
    clock = systemClock,
  ) {
    this.#ray = ray;
    this.reference = reference;
    this.#log = log;
    this.#clock = clock;
  }

  async state(): Promise<JobState> {
    const details = await this.#ray.details(this.reference.submissionId);
    const message = details?.message ?? null;
    switch (details?.status) {
      case undefined:
        return {
          state: 'failed',
          exitCode: null,
          message: 'the cluster does not know the job any more',
        };
      case 'PENDING':
        return { state: 'running', isWaiting: true };
      case 'RUNNING':
        return { state: 'running', isWaiting: false };
      case 'SUCCEEDED':
        return { state: 'succeeded' };
      case 'STOPPED':
        return { state: 'stopped' };
      case 'FAILED':
        return { state: 'failed', exitCode: details?.driver_exit_code ?? null, message };
    }
  }

  async stop(): Promise<void> {
    await this.#ray.stop(this.reference.submissionId);
    const until = this.#clock.nowMs() + STOP_MS;
    while (this.#clock.nowMs() < until && (await this.state()).state === 'running')
      await this.#clock.wait(1000);
  }

  /** Also keeps the whole log in the run's folder. */
  async logTail(lines: number): Promise<string[]> {
    const text = await this.#ray.logs(this.reference.submissionId);
    writeFileAtomic(this.#log, text);
    return readableLines(text, lines);
  }
}
