/**
 * Something that runs an engine, here or on a cluster.
 * @module
 */
import type { JobReference } from './attempts.ts';

/** What has become of a job. */
export type JobState =
  /** `isWaiting`: accepted, but nothing runs yet. */
  | { readonly state: 'running'; readonly isWaiting: boolean }
  | { readonly state: 'succeeded' }
  | { readonly state: 'stopped' }
  | {
      readonly state: 'failed';
      /** Exit code, where one is known. */
      readonly exitCode: number | null;
      /** What the system says about it, where it says something. */
      readonly message: string | null;
    };

/** A job that was started or found again. */
export interface Job {
  readonly reference: JobReference;
  /**
   * Looks at the job.
   *
   * @throws GeorError `engine` when nothing can be learned about it now
   */
  state(): Promise<JobState>;
  /** Stops it, first kindly, and returns when it has ended. */
  stop(): Promise<void>;
  /** The end of its output, at most `lines` lines. */
  logTail(lines: number): Promise<string[]>;
}
