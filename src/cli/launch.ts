/**
 * `geor launch`: starts an exported run, follows it, starts it again from its last checkpoint.
 * @module
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { GeorError } from '../core/index.ts';
import {
  AttemptsFile,
  checkFolder,
  LaunchLock,
  lastCheckpoint,
  type Manifest,
  planAttempt,
  RewardService,
  readManifest,
  shellLine,
  supervise,
  systemClock,
} from '../engines/index.ts';
import { checkEngine, engineEnvironment } from './launch/engine-environment.ts';
import { type LaunchFlags, launchCommand } from './launch/flags.ts';
import { follow } from './launch/follow.ts';
import { RunView } from './launch/run-view.ts';
import { findJob, type JobSettings, rayAt, startJob } from './launch/start-job.ts';
import { stopRun } from './launch/stop.ts';

const POLL_MS = { process: 500, 'ray-job': 5000 } as const;

/** The command with its flags and its action. */
export function command(): Command {
  return launchCommand().action(run);
}

async function run(path: string, flags: LaunchFlags): Promise<void> {
  const folder = resolve(path);
  const manifest = readManifest(folder);
  const attempts = new AttemptsFile(folder);
  if (flags.dryRun) return printPlan(folder, manifest, attempts, flags);
  if (flags.stop) return stopRun(folder, attempts);
  const lock = new LaunchLock(folder);
  const supervisor = lock.take();
  if (supervisor !== undefined) {
    if (flags.attach) return follow(folder, manifest, attempts);
    throw new GeorError('usage', `process ${supervisor} looks after this run already`, {
      hint: `follow it with: geor launch ${path} --attach`,
    });
  }
  try {
    await superviseRun(folder, manifest, attempts, flags);
  } finally {
    lock.release();
  }
}

async function superviseRun(
  folder: string,
  manifest: Manifest,
  attempts: AttemptsFile,
  flags: LaunchFlags,
): Promise<void> {
  const { last } = attempts;
  const isRunning = last !== undefined && !last.ended;
  if (flags.attach && !isRunning)
    throw new GeorError(
      'usage',
      last ? `the run has ${last.ended?.outcome}` : 'the run was not started yet',
      {
        hint: `start it${last ? ' again' : ''} with: geor launch ${folder}`,
      },
    );
  if (last?.ended?.outcome === 'succeeded') {
    process.stderr.write(`The run is finished. Next: geor merge ${folder}\n`);
    return;
  }
  const isLocal = manifest.launch.kind === 'process';
  const environment = engineEnvironment(flags.python);
  const view = new RunView(folder, manifest, attempts);
  if (!isRunning) {
    for (const odd of checkFolder(folder, manifest)) view.note(odd);
    if (isLocal) {
      refuseManyMachines(folder, manifest);
      const { python } = flags;
      view.note(await checkEngine(manifest, { python, isAnyVersion: flags.anyVersion === true }));
    } else view.note(`Ray ${await rayAt(flags.address!).version()} at ${flags.address}`);
  }

  const stopper = new AbortController();
  let wantsStop = false;
  const leave = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (stopper.signal.aborted) process.exit(130);
    wantsStop ||= signal === 'SIGTERM' || isLocal;
    view.note(wantsStop ? 'stopping; Ctrl-C again to leave at once' : 'leaving it to the cluster');
    stopper.abort();
  };
  process.on('SIGINT', leave);
  process.on('SIGTERM', leave);

  const service = await rewardService(folder, manifest, attempts, flags, view);
  const settings: JobSettings = {
    ...{ folder, manifest, attempts, environment, address: flags.address! },
    rewardUrl: rewardUrl(manifest, flags) ?? service?.url ?? null,
  };
  try {
    const outcome = await supervise({
      ...{ attempts, observer: view, readFigures: view.readFigures, clock: systemClock },
      start: (attempt, checkpoint) => startJob(settings, attempt, checkpoint),
      find: (attempt) => findJob(settings, attempt),
      lastCheckpoint: () => lastCheckpoint(manifest, folder),
      ...(service && { tend: () => service.tend() }),
      rewardUrl: settings.rewardUrl,
      maxAttempts: flags.attempts,
      pollMs: POLL_MS[manifest.launch.kind],
      stall:
        flags.stallMinutes === 0
          ? null
          : { leastMs: flags.stallMinutes * 60_000, startMs: flags.stallMinutes * 180_000 },
      signal: stopper.signal,
      onSignal: () => (wantsStop ? 'stop' : 'leave'),
    });
    finish(folder, manifest, attempts, view, outcome, flags);
    if (outcome !== 'left') await service?.stop();
  } catch (error) {
    view.done('Nobody looks after the run any more.');
    if (attempts.last?.ended) await service?.stop();
    throw error;
  } finally {
    process.off('SIGINT', leave);
    process.off('SIGTERM', leave);
  }
}

/** Says how it ended, and what comes next. */
function finish(
  folder: string,
  manifest: Manifest,
  attempts: AttemptsFile,
  view: RunView,
  outcome: 'succeeded' | 'failed' | 'stopped' | 'left',
  flags: LaunchFlags,
): void {
  const next = {
    succeeded: `Finished after ${view.step} steps. Next: geor merge ${folder}`,
    failed: `Failed. Start it again with: geor launch ${folder}`,
    stopped: `Stopped. Go on with: geor launch ${folder}`,
    left: `It goes on without us. Follow it with: geor launch ${folder} --attach; end it with --stop`,
  }[outcome];
  view.done(next);
  process.exitCode = { succeeded: 0, failed: 3, stopped: 130, left: 130 }[outcome];
  if (!flags.json) return;
  const result = {
    run: manifest.run,
    outcome,
    step: view.step,
    checkpoint: lastCheckpoint(manifest, folder) ?? null,
    attempts: attempts.attempts.map(({ number, started, ended }) => ({
      number,
      resumedFrom: started.resumedFrom,
      outcome: ended?.outcome ?? 'running',
      exitCode: ended?.exitCode ?? null,
      reason: ended?.reason ?? null,
    })),
    report: view.reportPath,
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}

const rewardUrl = (manifest: Manifest, flags: LaunchFlags): string | undefined =>
  manifest.reward === null ? undefined : (flags.rewardUrl ?? manifest.reward.url ?? undefined);

/** Starts the run's reward service where it needs one and none is named. */
async function rewardService(
  folder: string,
  manifest: Manifest,
  attempts: AttemptsFile,
  flags: LaunchFlags,
  view: RunView,
): Promise<RewardService | undefined> {
  if (manifest.reward === null || rewardUrl(manifest, flags) !== undefined) return undefined;
  if (manifest.launch.kind === 'ray-job' && !isLoopback(flags.address!))
    throw new GeorError('usage', 'a cluster cannot reach a reward service on this machine', {
      hint: 'run geor serve where the cluster can reach it, and name it with --reward-url',
    });
  const service = await RewardService.start({
    ...{ folder, manifest, attempts, environment: process.env, clock: systemClock },
    command: [process.execPath, process.argv[1]!, 'serve'],
    onRestart: (reason) => view.note(`the reward service died and is started again (${reason})`),
  });
  view.note(`reward service at ${service.url}`);
  return service;
}

const isLoopback = (address: string): boolean =>
  ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);

function refuseManyMachines(folder: string, { cluster, launch }: Manifest): void {
  if (cluster.nodes === 1 || !launch.perNode) return;
  throw new GeorError(
    'usage',
    `the run is for ${cluster.nodes} machines; launch starts this one only`,
    {
      hint: `run ${folder}/launch.sh on every machine, as it says at its head`,
    },
  );
}

function printPlan(
  folder: string,
  manifest: Manifest,
  attempts: AttemptsFile,
  flags: LaunchFlags,
): void {
  const checkpoint = lastCheckpoint(manifest, folder);
  const attempt = (attempts.last?.number ?? 0) + 1;
  const url = rewardUrl(manifest, flags) ?? (manifest.reward ? 'http://127.0.0.1:PORT' : null);
  const plan = planAttempt(manifest, { attempt, checkpoint, rewardUrl: url });
  const where =
    manifest.launch.kind === 'process' ? 'on this machine' : `as a Ray job at ${flags.address}`;
  process.stderr.write(
    `Attempt ${attempt} of ${manifest.run}, ${manifest.engine.name} ${manifest.engine.version}, ${where}` +
      `${checkpoint ? `, from step ${checkpoint.step}` : ''}:\n`,
  );
  process.stdout.write(`${shellLine(plan)}\n`);
}
