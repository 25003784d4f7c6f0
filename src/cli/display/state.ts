/**
 * What the display shows, as a value; how events change it. Nothing here writes.
 * @module
 */
import { EMPTY_HISTORY, type History, withReport } from './history.ts';

/** A chain of named places with its coordinate; absent levels are absent. */
export interface DisplayChain {
  readonly country?: string | undefined;
  readonly region?: string | undefined;
  readonly city?: string | undefined;
  readonly coordinate?: { readonly lat: number; readonly lon: number } | undefined;
}

/** A held-out tile, its truth and what the model answers now. */
export interface DisplaySample {
  /** `sizePx * sizePx * 3` bytes of RGB, row by row. */
  readonly tile: Uint8Array;
  readonly sizePx: number;
  readonly truth: DisplayChain;
  readonly answer: DisplayChain;
  /** `null` when the answer holds no coordinate. */
  readonly distanceKm: number | null;
}

/** How far a stage is. */
export interface DisplayProgress {
  readonly done: number;
  readonly total: number;
  /** Current figures by name; the history of the first number is drawn as a line of blocks. */
  readonly fields?: Readonly<Record<string, number | string | null>>;
}

/** A stage of the run. */
export interface StageState {
  readonly title: string;
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
  readonly progress: DisplayProgress | undefined;
  /** When the first progress of this stage came in and how much was done by then. */
  readonly firstProgress: { readonly atMs: number; readonly done: number } | undefined;
  /** Past values of each numeric field. */
  readonly history: Readonly<Record<string, History>>;
  /** What is said beside a finished stage. */
  readonly remark: string | undefined;
}

/** Everything on the display. */
export interface DisplayState {
  readonly startedMs: number;
  readonly stages: readonly StageState[];
  readonly sample: DisplaySample | undefined;
}

const newStage = (title: string): StageState => ({
  title,
  startedMs: undefined,
  endedMs: undefined,
  progress: undefined,
  firstProgress: undefined,
  history: {},
  remark: undefined,
});

/** A display at its start, with the stages that are to come. */
export function startState(plan: readonly string[], nowMs: number): DisplayState {
  return { startedMs: nowMs, stages: plan.map(newStage), sample: undefined };
}

/** The stage that is running, if one is. */
export function runningStage(state: DisplayState): StageState | undefined {
  return state.stages.find(
    ({ startedMs, endedMs }) => startedMs !== undefined && endedMs === undefined,
  );
}

const changed = (
  state: DisplayState,
  change: (stage: StageState) => Partial<StageState> | undefined,
): DisplayState => ({
  ...state,
  stages: state.stages.map((stage) => ({ ...stage, ...change(stage) })),
});

/** Ends the running stage. */
export function endStage(state: DisplayState, nowMs: number, remark?: string): DisplayState {
  const running = runningStage(state);
  return changed(state, (stage) => (stage === running ? { endedMs: nowMs, remark } : undefined));
}

/** Begins a stage, planned or not, after ending the running one. */
export function beginStage(state: DisplayState, title: string, nowMs: number): DisplayState {
  const ended = endStage(state, nowMs);
  const planned = ended.stages.find(
    (stage) => stage.title === title && stage.startedMs === undefined,
  );
  if (planned) {
    return changed(ended, (stage) => (stage === planned ? { startedMs: nowMs } : undefined));
  }
  const at = ended.stages.findIndex(({ startedMs }) => startedMs === undefined);
  const stage = { ...newStage(title), startedMs: nowMs };
  return { ...ended, stages: ended.stages.toSpliced(at < 0 ? ended.stages.length : at, 0, stage) };
}

/** Takes in progress of the running stage; without one it changes nothing. */
export function takeProgress(
  state: DisplayState,
  progress: DisplayProgress,
  nowMs: number,
): DisplayState {
  const running = runningStage(state);
  return changed(state, (stage) => {
    if (stage !== running) return undefined;
    const history: Record<string, History> = { ...stage.history };
    for (const [name, value] of Object.entries(progress.fields ?? {})) {
      if (typeof value !== 'number' || !Number.isFinite(value)) continue;
      history[name] = withReport(history[name] ?? EMPTY_HISTORY, value);
    }
    return {
      progress,
      history,
      firstProgress: stage.firstProgress ?? { atMs: nowMs, done: progress.done },
    };
  });
}

/** Share done in [0, 1]. */
export function shareDone({ done, total }: DisplayProgress): number {
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
}

/**
 * Time left by the speed since the stage's first report, which leaves out the time of warming up;
 * `undefined` while there is nothing to go by.
 */
export function msLeft(stage: StageState, nowMs: number): number | undefined {
  const { progress, firstProgress } = stage;
  if (!progress || !firstProgress) return undefined;
  const advanced = progress.done - firstProgress.done;
  const elapsed = nowMs - firstProgress.atMs;
  if (advanced <= 0 || elapsed < 1000 || progress.done >= progress.total) return undefined;
  return (elapsed / advanced) * (progress.total - progress.done);
}
