/**
 * Follows a run that another process looks after: shows it, touches nothing.
 * @module
 */
import { type AttemptsFile, LaunchLock, type Manifest, systemClock } from '../../engines/index.ts';
import { RunView } from './run-view.ts';

const POLL_MS = 1000;

/** Shows the run until it has ended or the person leaves. */
export async function follow(
  folder: string,
  manifest: Manifest,
  attempts: AttemptsFile,
): Promise<void> {
  const view = new RunView(folder, manifest, attempts);
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  process.once('SIGINT', leave);
  process.once('SIGTERM', leave);
  view.note('another process looks after the run; this one only shows it');
  const lock = new LaunchLock(folder);
  let shown = 0;
  while (!leaving.signal.aborted) {
    attempts.refresh();
    const { last } = attempts;
    if (last && last.number !== shown) {
      shown = last.number;
      view.attempt(last.number, last.started.resumedFrom, true);
    }
    view.readFigures();
    // One that failed may be started again by the process that looks after it.
    if (last?.ended && (last.ended.outcome !== 'failed' || !lock.isHeld)) {
      view.done(`The run has ${last.ended.outcome}.`);
      return;
    }
    await systemClock.wait(POLL_MS, leaving.signal);
  }
  view.done('The run goes on.');
  process.exitCode = 130;
}
