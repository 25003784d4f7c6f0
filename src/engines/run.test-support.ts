/**
 * Runs for tests: a manifest to change, a folder that goes away, time that a test moves.
 * @module
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Clock } from './launch/clock.ts';
import type { Manifest } from './manifest/manifest.ts';

const sha256 = '0'.repeat(64);

/** A manifest of a TRL run in `root`. */
export function exampleManifest(root: string, changes: Partial<Manifest> = {}): Manifest {
  return {
    ...{ version: 1, geor: '0.1.0', run: 'tiny', stage: 'grpo', seed: 1, totalSteps: 6 },
    engine: { name: 'trl', version: '1.13.0' },
    recipe: { name: 'geo-r', variant: 'paper', condition: 'cor' },
    model: { path: 'tiny', preset: null, adaptation: 'lora', maxPixels: 12_544 },
    cluster: { nodes: 1, gpusPerNode: 0, processesPerNode: 2, root },
    reward: null,
    data: {
      train: { file: 'data/train.jsonl', rows: 8, sha256 },
      ...{ validation: null, images: { count: 8, sha256 } },
    },
    files: [],
    launch: {
      ...{ kind: 'process', command: ['true'], environment: {}, workingDirectory: 'engine' },
      ...{ resumeArguments: ['--resume', '{checkpoint}'], perNode: true },
    },
    metrics: { file: 'metrics/attempt-{attempt}.jsonl', format: 'trl' },
    checkpoints: { folder: 'checkpoints', latest: null },
    estimates: {},
    ...changes,
  };
}

/** A folder that is removed after the tests of the file, and a way to write into it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'geor-launch-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    write: (name: string, content: string): string => {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
  };
}

/** Time that moves only when somebody waits; `onWait` is called then. */
export function fakeClock(onWait: (nowMs: number) => void = () => undefined): Clock {
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    nowMs: () => nowMs,
    wait: async (ms) => {
      nowMs += ms;
      onWait(nowMs);
    },
  };
}
