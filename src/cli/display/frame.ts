/**
 * One frame of the display as lines of text: stages, the bar of the running one, its figures, and a
 * held-out tile with what the model says about it. State in, lines out.
 * @module
 */
import { terminalDuration, terminalNumber } from './quantity.ts';
import { sampleLines } from './sample.ts';
import { sparkline } from './sparkline.ts';
import { type DisplayState, msLeft, runningStage, type StageState, shareDone } from './state.ts';
import { type ColorDepth, cut, padded, plainText, toned, widthOf } from './terminal.ts';

/** What a frame is drawn for. */
export interface FrameOptions {
  readonly nowMs: number;
  readonly columns: number;
  /** Lines of the terminal; what does not fit is left out from the bottom. */
  readonly rows?: number | undefined;
  readonly depth: ColorDepth;
}

const INDENT = 4;
const WIDEST = 100;
/** Lines of figures at most: the curve's, and two of others; what does not fit is left out. */
const FIELD_LINES = 3;

/** A bar with eighths of a cell: full, part, rest. */
export function bar(share: number, width: number, depth: ColorDepth): string {
  const eighths = Math.round(share * width * 2) / 2;
  const full = Math.floor(eighths);
  const half = eighths > full ? '╸' : '';
  const rest = '─'.repeat(Math.max(0, width - full - half.length));
  return toned('━'.repeat(full) + half, 'accent', depth) + toned(rest, 'quiet', depth);
}

const stageLine = (stage: StageState, width: number, options: FrameOptions): string => {
  const { nowMs, depth } = options;
  const title = plainText(stage.title);
  if (stage.startedMs === undefined)
    return `  ${toned(cut(`· ${title}`, width - 2), 'quiet', depth)}`;
  const time = terminalDuration((stage.endedMs ?? nowMs) - stage.startedMs);
  const room = width - 4 - time.length - 1;
  const name = cut(title, room);
  const isDone = stage.endedMs !== undefined;
  const remark = stage.remark
    ? cut(`  ${plainText(stage.remark)}`, Math.max(0, room - widthOf(name)))
    : '';
  const blanks = ' '.repeat(Math.max(1, room - widthOf(name) - widthOf(remark) + 1));
  const mark = isDone ? toned('✓', 'good', depth) : toned('▸', 'accent', depth);
  return `  ${mark} ${isDone ? name : toned(name, 'strong', depth)}${toned(remark, 'quiet', depth)}${blanks}${toned(time, 'quiet', depth)}`;
};

const progressLine = (stage: StageState, width: number, options: FrameOptions): string => {
  const progress = stage.progress!;
  const left = msLeft(stage, options.nowMs);
  const percent = `${Math.floor(shareDone(progress) * 100)} %`.padStart(5);
  const count = `${terminalNumber(progress.done)}/${terminalNumber(progress.total)}`;
  // The field for the time left keeps its width, so the bar does not jump when it appears.
  const time = padded(left === undefined ? '' : `${terminalDuration(left)} left`, 16, 'right');
  const tail = `${percent}  ${count}${time}`;
  const barWidth = Math.max(4, width - INDENT - tail.length - 1);
  return `${' '.repeat(INDENT)}${bar(shareDone(progress), barWidth, options.depth)} ${cut(tail, width - INDENT - barWidth - 1)}`;
};

const fieldLines = (stage: StageState, width: number, options: FrameOptions): string[] => {
  const { depth } = options;
  const entries = Object.entries(stage.progress?.fields ?? {});
  const first = entries.find(([name]) => (stage.history[name]?.values.length ?? 0) > 0);
  const say = (value: number | string | null): string =>
    typeof value === 'string' ? plainText(value) : terminalNumber(value);
  const lines: string[] = [];
  if (first) {
    const [name, value] = first;
    const figure = ` ${say(value).padEnd(6)} `;
    const head = cut(plainText(name), width - INDENT - figure.length) + figure;
    const line = sparkline(
      stage.history[name]?.values ?? [],
      Math.min(48, width - INDENT - widthOf(head)),
    );
    lines.push(`${' '.repeat(INDENT)}${head}${toned(line, 'accent', depth)}`);
  }
  const others = entries.filter((entry) => entry !== first);
  let text = '';
  const quiet = (): void => {
    if (text !== '')
      lines.push(' '.repeat(INDENT) + toned(cut(text, width - INDENT), 'quiet', depth));
  };
  for (const [name, value] of others) {
    const item = `${plainText(name)} ${say(value)}`;
    const isFull = text !== '' && INDENT + widthOf(text) + 3 + widthOf(item) > width;
    if (isFull && lines.length === FIELD_LINES - 1) break;
    if (isFull) {
      quiet();
      text = '';
    }
    text += text === '' ? item : `   ${item}`;
  }
  quiet();
  return lines;
};

/** The lines of a frame, none wider than the terminal less one cell, where a line could wrap. */
export function frame(state: DisplayState, options: FrameOptions): string[] {
  const width = Math.max(20, Math.min(WIDEST, options.columns - 1));
  const running = runningStage(state);
  const lines = [''];
  for (const stage of state.stages) {
    lines.push(stageLine(stage, width, options));
    if (stage === running && stage.progress) {
      lines.push(progressLine(stage, width, options), ...fieldLines(stage, width, options));
    }
  }
  lines.push('');
  if (running && state.sample) {
    const sample = [...sampleLines(state.sample, width, options.depth), ''];
    if (options.rows === undefined || lines.length + sample.length < options.rows) {
      lines.push(...sample);
    }
  }
  return options.rows === undefined ? lines : lines.slice(0, Math.max(1, options.rows - 1));
}
