/**
 * Stops a run, whoever looks after it.
 * @module
 */
import { GeorError } from '../../core/index.ts';
import { type AttemptsFile, LaunchLock, systemClock } from '../../engines/index.ts';
import { findJob } from './start-job.ts';

const WAIT_MS = 60_000;

/**
 * Asks the process that looks after the run to end it; without one, ends it itself.
 *
 * @throws GeorError `usage` when nothing runs
 */
export async function stopRun(folder: string, attempts: AttemptsFile): Promise<void> {
  const { last } = attempts;
  if (!last || last.ended)
    throw new GeorError('usage', 'the run is not going', {
      hint: last ? `it has ${last.ended?.outcome}` : 'it was not started yet',
    });
  const lock = new LaunchLock(folder);
  const supervisor = lock.take();
  if (supervisor !== undefined) {
    process.kill(supervisor, 'SIGTERM');
    const until = systemClock.nowMs() + WAIT_MS;
    while (systemClock.nowMs() < until) {
      attempts.refresh();
      if (attempts.last?.ended) {
        process.stderr.write(`Stopped attempt ${last.number}.\n`);
        return;
      }
      await systemClock.wait(200);
    }
    throw new GeorError('engine', `process ${supervisor} did not stop the run`, {
      hint: 'end that process and try again',
    });
  }
  try {
    await findJob({ folder, attempts }, last.number).stop();
    attempts.add({
      ...{ event: 'ended', attempt: last.number, at: new Date().toISOString() },
      ...{ outcome: 'stopped', exitCode: null, reason: null },
    });
    process.stderr.write(`Stopped attempt ${last.number}.\n`);
  } finally {
    lock.release();
  }
}
