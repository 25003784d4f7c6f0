/**
 * Starts and finds the jobs of a run, by what its engine needs.
 * @module
 */
import { join } from 'node:path';
import { GeorError } from '../../core/index.ts';
import {
  type AttemptsFile,
  type Checkpoint,
  type Job,
  type Manifest,
  ProcessJob,
  planAttempt,
  RayJob,
  RayJobs,
  startProcess,
  submitRayJob,
} from '../../engines/index.ts';

/** How the jobs of a run are started. */
export interface JobSettings {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly attempts: AttemptsFile;
  readonly environment: NodeJS.ProcessEnv;
  /** Ray's address, for engines on a cluster. */
  readonly address: string;
  readonly rewardUrl: string | null;
}

/** A client of a cluster, with the token of the environment. */
export const rayAt = (address: string): RayJobs =>
  new RayJobs(address, process.env['RAY_AUTH_TOKEN']);

/** Starts an attempt. */
export async function startJob(
  { folder, manifest, environment, address, rewardUrl }: JobSettings,
  attempt: number,
  checkpoint: Checkpoint | undefined,
): Promise<Job> {
  const plan = planAttempt(manifest, { attempt, checkpoint, rewardUrl });
  if (manifest.launch.kind === 'process')
    return startProcess(plan, attempt, { folder, environment });
  const token = process.env['GEOR_REWARD_TOKEN'];
  const secrets = token ? { GEOR_REWARD_TOKEN: token } : {};
  return submitRayJob(
    rayAt(address),
    { ...plan, environment: { ...plan.environment, ...secrets } },
    { run: manifest.run, attempt, folder },
  );
}

/**
 * Finds the job of an attempt that was started before.
 *
 * @throws GeorError `internal` when there was no such attempt
 */
export function findJob(
  { folder, attempts }: Pick<JobSettings, 'folder' | 'attempts'>,
  attempt: number,
): Job {
  const reference = attempts.attempts.find(({ number }) => number === attempt)?.started.job;
  if (!reference) throw new GeorError('internal', `internal: there was no attempt ${attempt}`);
  return reference.kind === 'process'
    ? new ProcessJob(reference, attempt, folder)
    : new RayJob(
        rayAt(reference.address),
        reference,
        join(folder, 'logs', `attempt-${attempt}.log`),
      );
}
