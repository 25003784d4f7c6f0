/**
 * What is started for an attempt: the manifest's command with its placeholders filled.
 * @module
 */
import { posix } from 'node:path';
import type { Manifest } from '../manifest/manifest.ts';
import type { Checkpoint } from './checkpoints.ts';

/** A command ready to run. */
export interface LaunchPlan {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** As the engine's machines see it. */
  readonly workingDirectory: string;
  /** The file that this attempt's figures go to, relative to the run's folder. */
  readonly metricsFile: string;
  /** Where its output goes, relative to the run's folder. */
  readonly logFile: string;
}

/** What differs from attempt to attempt. */
export interface AttemptSettings {
  /** From 1. */
  readonly attempt: number;
  readonly checkpoint: Checkpoint | undefined;
  /** Base address of the reward service; `null` without rewards. */
  readonly rewardUrl: string | null;
}

/** Fills the placeholders; `{root}` is the run's folder as the engine's machines see it. */
export function planAttempt(
  manifest: Manifest,
  { attempt, checkpoint, rewardUrl }: AttemptSettings,
): LaunchPlan {
  const { root } = manifest.cluster;
  const fill = (text: string): string =>
    text
      .replaceAll('{root}', root)
      .replaceAll('{attempt}', String(attempt))
      .replaceAll('{checkpoint}', checkpoint ? posix.join(root, checkpoint.path) : '');
  const { launch } = manifest;
  const resume = checkpoint ? launch.resumeArguments : [];
  return {
    command: [...launch.command, ...resume].map(fill),
    environment: {
      ...Object.fromEntries(
        Object.entries(launch.environment).map(([name, value]) => [name, fill(value)]),
      ),
      GEOR_ATTEMPT: String(attempt),
      ...(rewardUrl !== null && { GEOR_REWARD_URL: rewardUrl }),
    },
    workingDirectory: posix.join(root, launch.workingDirectory),
    metricsFile: fill(manifest.metrics.file),
    logFile: `logs/attempt-${attempt}.log`,
  };
}

/** A command line that a person can paste into a shell. */
export function shellLine(plan: LaunchPlan): string {
  const quoted = (text: string): string =>
    /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const variables = Object.entries(plan.environment).map(
    ([name, value]) => `${name}=${quoted(value)}`,
  );
  return [`cd ${quoted(plan.workingDirectory)} &&`, ...variables, ...plan.command.map(quoted)].join(
    ' ',
  );
}
