/**
 * The figures of a run, step by step, from everything in its folder: what the engine reported in
 * each attempt and what the reward service recorded.
 * @module
 */
import { join } from 'node:path';
import type { Attempt } from '../launch/attempts.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type JoinedStep, JoinedSteps } from './joined-steps.ts';
import { LineFollower } from './line-follower.ts';
import { parseMetricsLine } from './metrics-line.ts';
import { parseRewardsLine, rewardFigures } from './rewards-line.ts';

/** Name of the reward service's record in a run's folder. */
export const REWARDS_FILE = 'rewards.jsonl';

/** Reads the figures of a run as they grow. */
export class RunFigures {
  readonly #folder: string;
  readonly #manifest: Manifest;
  readonly #steps = new JoinedSteps();
  readonly #files = new Map<string, LineFollower>();
  readonly #rewards: LineFollower;
  /** By attempt, then by step. */
  readonly #parts = new Map<number, Map<number, Record<string, number>>>();
  #totalSteps: number;

  /**
   * @param folder - of the run, as this machine sees it
   */
  constructor(folder: string, manifest: Manifest) {
    this.#folder = folder;
    this.#manifest = manifest;
    this.#rewards = new LineFollower(join(folder, REWARDS_FILE));
    this.#totalSteps = manifest.totalSteps;
  }

  /** Steps the run will have: what the engine says, else what was estimated. */
  get totalSteps(): number {
    return this.#totalSteps;
  }

  /**
   * Reads what is new.
   *
   * @returns whether the engine reported anything
   */
  read(attempts: readonly Attempt[]): boolean {
    let isNew = false;
    for (const { number, started } of attempts) {
      this.#steps.begin(number, started.resumedFrom);
      const path = this.#manifest.metrics.file.replaceAll('{attempt}', String(number));
      // A file that all attempts share is read on under the number of the attempt that runs.
      if (path === this.#manifest.metrics.file && number !== attempts.at(-1)?.number) continue;
      const file = this.#files.get(path) ?? new LineFollower(join(this.#folder, path));
      this.#files.set(path, file);
      for (const text of file.read()) {
        const line = parseMetricsLine(this.#manifest.metrics.format, text);
        if (!line) continue;
        isNew = true;
        this.#totalSteps = line.totalSteps ?? this.#totalSteps;
        this.#steps.add(line, number);
      }
    }
    for (const text of this.#rewards.read()) {
      const line = parseRewardsLine(text);
      if (!line || line.step === null || line.split !== 'train') continue;
      const steps = this.#parts.get(line.attempt) ?? new Map<number, Record<string, number>>();
      this.#parts.set(line.attempt, steps.set(line.step, rewardFigures(line)));
    }
    return isNew;
  }

  /** All steps that count, ascending, each with the parts of its reward. */
  get steps(): JoinedStep[] {
    return this.#steps.steps.map((step) => ({
      ...step,
      values: { ...step.values, ...this.#parts.get(step.attempt)?.get(step.step) },
    }));
  }
}
