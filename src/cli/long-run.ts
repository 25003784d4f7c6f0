/**
 * What the commands share that train: a display on standard error, and two ways to stop. The first
 * Ctrl-C (or SIGTERM) asks for an end after the running step, a second one ends the process.
 * @module
 */
import { createDisplay, type Display } from './display/index.ts';

/** A display on standard error, as wide and high as the terminal is at the time. */
export function displayOnStderr(plan: readonly string[] = []): Display {
  const { stderr } = process;
  return createDisplay({
    stream: stderr,
    isTty: stderr.isTTY === true,
    columns: () => stderr.columns,
    rows: () => stderr.rows,
    now: () => performance.now(),
    plan,
  });
}

/**
 * Runs something long. The display ends with it, also after an error.
 *
 * @param plan - titles of the stages that are known before
 * @param work - is told by the signal to stop after its step
 */
export async function longRun(
  plan: readonly string[],
  work: (display: Display, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const display = displayOnStderr(plan);
  const stop = new AbortController();
  const interrupt = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    display.note('stopping after this step; press Ctrl-C again to stop at once');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    await work(display, stop.signal);
  } finally {
    display.done();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
