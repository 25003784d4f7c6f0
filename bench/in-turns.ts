/**
 * Two trainers that make their steps in turns, and what their times say.
 * @module
 */
import type { StageContext, StageResult } from '../src/train/index.ts';
import { median } from './median.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Milliseconds of a step, whole and by part. */
export interface StepTime {
  readonly milliseconds: number;
  readonly parts: Readonly<Record<string, number>>;
}

/** A trainer that makes a step when it is asked to. */
export interface Side {
  step(): Promise<StepTime>;
  end(): Promise<void>;
}

const deferred = (): { readonly promise: Promise<void>; readonly resolve: () => void } => {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
};

/** A stage of `train/` as a side. Its first step, which compiles, is made at once. */
export async function stageInTurns(
  stopwatch: Stopwatch,
  run: (context: Pick<StageContext, 'onStep' | 'signal'>) => Promise<StageResult>,
): Promise<Side> {
  const controller = new AbortController();
  let made = deferred();
  let asked = deferred();
  const whole = run({
    signal: controller.signal,
    onStep: () => {
      asked = deferred();
      made.resolve();
      return asked.promise;
    },
  });
  await Promise.race([made.promise, whole]);
  return {
    async step() {
      made = deferred();
      stopwatch.taken();
      const start = performance.now();
      asked.resolve();
      await Promise.race([made.promise, whole]);
      const milliseconds = performance.now() - start;
      return { milliseconds, parts: Object.fromEntries(stopwatch.taken()) };
    },
    async end() {
      controller.abort();
      asked.resolve();
      await whole;
    },
  };
}

/** Steps of both sides, one after the other. */
export async function inTurns(
  ours: Side,
  theirs: Side,
  rounds: number,
): Promise<{ readonly ours: StepTime[]; readonly theirs: StepTime[] }> {
  const times: { ours: StepTime[]; theirs: StepTime[] } = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    times.theirs.push(await theirs.step());
    times.ours.push(await ours.step());
  }
  return times;
}

/** Median milliseconds of the parts, the longest first. */
export function partsOf(steps: readonly StepTime[]): string {
  const names = [...new Set(steps.flatMap(({ parts }) => Object.keys(parts)))];
  const rest = steps.map(({ milliseconds, parts }) =>
    Object.values(parts).reduce((left, part) => left - part, milliseconds),
  );
  const medians: (readonly [string, number])[] = [
    ...names.map((name) => [name, median(steps.map(({ parts }) => parts[name] ?? 0))] as const),
    ['the rest', median(rest)],
  ];
  return medians
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, milliseconds]) => `${name} ${milliseconds.toFixed(0)}`)
    .join(', ');
}
