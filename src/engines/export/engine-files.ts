/**
 * What the writer of an engine gives: its files, and how the run is started and followed.
 * @module
 */
import type { Manifest } from '../manifest/manifest.ts';
import type { Plan } from './plan.ts';

/** A text file of a run, by its path in the run's folder. */
export interface TextFile {
  readonly path: string;
  readonly content: string;
  readonly executable?: boolean;
}

/** The part of a run that is written in an engine's words. */
export interface EngineFiles extends Pick<Manifest, 'launch' | 'metrics' | 'checkpoints'> {
  readonly files: readonly TextFile[];
  /** Names of the Python files that go along, from the package's `assets/adapters/`. */
  readonly adapters: readonly string[];
  /** Environment variables that `launch.sh` says it needs, with what they are. */
  readonly needs: Readonly<Record<string, string>>;
}

/** Where the files of a run are, from its folder. */
export const PATHS = {
  engine: 'engine',
  trainRows: (end: string) => `data/train.${end}`,
  validationRows: (end: string) => `data/validation.${end}`,
  checkpoints: 'checkpoints',
  metrics: 'metrics/attempt-{attempt}.jsonl',
} as const;

/** Writes a plan in the words of an engine. */
export interface EngineWriter {
  /** Versions that there are templates for, the one to use first. */
  readonly versions: readonly string[];
  /** Format and ending of its files of rows. */
  readonly rows: { readonly format: 'messages' | 'verl' | 'trl'; readonly end: string };
  write(plan: Plan): EngineFiles;
}
