/**
 * The display where nobody watches: one plain line now and then, with the time since the start.
 * @module
 */
import { terminalDuration, terminalNumber } from './quantity.ts';
import { msLeft, type StageState, shareDone } from './state.ts';
import { plainText } from './terminal.ts';

/** A line of the log: elapsed time, then text. */
export function stamped(elapsedMs: number, text: string): string {
  return `[${terminalDuration(elapsedMs).padStart(12)}] ${plainText(text)}`;
}

/** What a log says about a stage in progress. */
export function progressSentence(stage: StageState, nowMs: number): string {
  const { progress } = stage;
  if (!progress) return stage.title;
  const fields = Object.entries(progress.fields ?? {}).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : terminalNumber(value)}`,
  );
  const left = msLeft(stage, nowMs);
  return [
    `${stage.title} ${progress.done}/${progress.total} (${Math.floor(shareDone(progress) * 100)} %)`,
    ...fields,
    ...(left === undefined ? [] : [`${terminalDuration(left)} left`]),
  ].join(', ');
}
