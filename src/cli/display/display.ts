/**
 * The display of a long command on stderr: a redrawn block on a terminal, plain lines elsewhere.
 *
 * Drawing is rate-limited; events only change a value, so reporting every step costs nothing.
 * @module
 */
import { onEnd, type ProcessEvents } from './cursor.ts';
import { frame } from './frame.ts';
import { liveBlock, type TextSink } from './live.ts';
import { progressSentence, stamped } from './plain.ts';
import { terminalDuration } from './quantity.ts';
import { sampleLines, sampleSentence } from './sample.ts';
import {
  beginStage,
  type DisplayProgress,
  type DisplaySample,
  endStage,
  runningStage,
  shareDone,
  startState,
  takeProgress,
} from './state.ts';
import { type ColorEnvironment, colorDepth, plainText } from './terminal.ts';
import { textTable } from './text-table.ts';

/** What a display is made with. */
export interface DisplayOptions {
  readonly stream: TextSink;
  readonly isTty: boolean;
  /** Columns of the terminal; a function follows a window that changes its size. */
  readonly columns: number | (() => number | undefined);
  /** Lines of the terminal, if known. */
  readonly rows?: number | (() => number | undefined);
  /** Milliseconds, from any start. */
  readonly now: () => number;
  /** Titles of the stages to come, shown from the beginning. */
  readonly plan?: readonly string[];
  /** Left out: `process.env`. */
  readonly environment?: ColorEnvironment;
  /** Least time between frames; left out: 100 ms. */
  readonly frameMs?: number;
  /** Least time between plain lines of progress; left out: 10 s. */
  readonly plainMs?: number;
  /** How often the clock is redrawn while nothing is reported; 0 never; left out: 1 s. */
  readonly tickMs?: number;
  /** Left out: `process`. */
  readonly events?: ProcessEvents;
}

/** What a command says while it runs. */
export interface Display {
  /** Begins a stage and ends the one before. */
  stage(title: string): void;
  /** Ends the running stage with a remark beside it. */
  endStage(remark?: string): void;
  progress(progress: DisplayProgress): void;
  /** A line that stays. */
  note(text: string): void;
  /** A table that stays; the first column is text, the others are numbers. */
  table(rows: readonly (readonly string[])[]): void;
  /** Shows what the model answers for a held-out tile, in place of the one before. */
  showSample(sample: DisplaySample): void;
  /** Shows what the finished model answers for a tile; it stays, and no passing sample is shown any more. */
  keepSample(sample: DisplaySample): void;
  /** Ends the display. Later calls do nothing. */
  done(summary?: string): void;
}

const current = <T>(value: T | (() => T | undefined), fallback: T): T =>
  typeof value === 'function' ? ((value as () => T | undefined)() ?? fallback) : value;

/** Makes a display. On a terminal call {@link Display.done} at the end, also after an error. */
export function createDisplay(options: DisplayOptions): Display {
  const { stream, isTty, now, frameMs = 100, plainMs = 10_000, tickMs = 1000 } = options;
  const depth = colorDepth(isTty, options.environment ?? process.env);
  const block = liveBlock(stream);
  let state = startState(options.plan ?? [], now());
  let lastDrawnMs = Number.NEGATIVE_INFINITY;
  let lastSampleMs = Number.NEGATIVE_INFINITY;
  let lastLogged: DisplayProgress | undefined;
  let isOver = false;

  const columns = (): number => current(options.columns, 80);
  const draw = (above: readonly string[] = []): void => {
    lastDrawnMs = now();
    const rows = options.rows === undefined ? undefined : current(options.rows, 24);
    const view = { nowMs: now(), columns: columns(), rows, depth };
    block.draw(frame(state, view), columns(), above);
  };
  const log = (text: string): void => {
    stream.write(`${stamped(now() - state.startedMs, text)}\n`);
  };
  const logProgress = (): void => {
    const running = runningStage(state);
    if (!running?.progress || running.progress === lastLogged) return;
    lastLogged = running.progress;
    log(progressSentence(running, now()));
  };
  const logEndOf = (title: string | undefined): void => {
    const stage = state.stages.findLast((one) => one.title === title && one.endedMs !== undefined);
    if (stage?.startedMs === undefined || stage.endedMs === undefined) return;
    const remark = stage.remark ? `: ${stage.remark}` : '';
    const isWhole = !stage.progress || shareDone(stage.progress) === 1;
    const duration = terminalDuration(stage.endedMs - stage.startedMs);
    log(`${stage.title} ${isWhole ? 'done in' : 'stopped after'} ${duration}${remark}`);
  };
  const stopListening = isTty
    ? onEnd(options.events ?? process, () => block.release())
    : () => undefined;
  const ticker =
    isTty && tickMs > 0
      ? setInterval(() => {
          if (now() - lastDrawnMs >= tickMs) draw();
        }, tickMs)
      : undefined;
  ticker?.unref();

  const end = (remark?: string): void => {
    const title = runningStage(state)?.title;
    if (title === undefined) return;
    if (!isTty) logProgress();
    state = endStage(state, now(), remark);
    if (!isTty) logEndOf(title);
  };
  const guarded =
    <A extends unknown[]>(action: (...values: A) => void) =>
    (...values: A): void => {
      if (!isOver) action(...values);
    };

  return {
    stage: guarded((title: string) => {
      end();
      state = beginStage(state, title, now());
      if (isTty) draw();
      else {
        lastDrawnMs = now();
        log(title);
      }
    }),
    endStage: guarded((remark?: string) => {
      end(remark);
      if (isTty) draw();
    }),
    progress: guarded((progress: DisplayProgress) => {
      state = takeProgress(state, progress, now());
      if (now() - lastDrawnMs < (isTty ? frameMs : plainMs)) return;
      if (isTty) draw();
      else {
        lastDrawnMs = now();
        logProgress();
      }
    }),
    note: guarded((text: string) => {
      if (isTty) draw([`  ${plainText(text)}`]);
      else log(text);
    }),
    table: guarded((rows: readonly (readonly string[])[]) => {
      const lines = textTable(rows, columns() - 1);
      if (isTty) draw(['', ...lines]);
      else stream.write(lines.map((line) => `${line}\n`).join(''));
    }),
    showSample: guarded((sample: DisplaySample) => {
      state = { ...state, sample };
      if (isTty) {
        if (now() - lastDrawnMs >= frameMs) draw();
      } else if (now() - lastSampleMs >= plainMs) {
        lastSampleMs = now();
        log(sampleSentence(sample));
      }
    }),
    keepSample: guarded((sample: DisplaySample) => {
      state = { ...state, sample: undefined };
      if (isTty) draw(['', ...sampleLines(sample, columns() - 1, depth, 'model')]);
      else log(sampleSentence(sample, 'located'));
    }),
    done: guarded((summary?: string) => {
      end();
      isOver = true;
      if (ticker) clearInterval(ticker);
      if (isTty) {
        draw();
        block.release();
        stopListening();
        if (summary) stream.write(`  ${plainText(summary)}\n\n`);
      } else if (summary) log(summary);
    }),
  };
}
