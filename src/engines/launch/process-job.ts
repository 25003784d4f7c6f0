/**
 * An engine on this machine: a process group of its own, its output in a file, its exit code in
 * another, so that it outlives whoever started it and can be found again. Its processes are marked
 * in their environment, so that none is left when the engine is over.
 * @module
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GeorError } from '../../core/index.ts';
import { writing } from '../../core/node/index.ts';
import type { JobReference } from './attempts.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Job, JobState } from './job.ts';
import type { LaunchPlan } from './launch-plan.ts';
import { lastLines } from './log-tail.ts';
import {
  isRunning,
  killProcess,
  processesMarked,
  processStart,
  signalGroup,
} from './running-process.ts';

/**
 * The shell stays behind to write the exit code down. It must not die of the signals that end the
 * command; a trap that does something is not passed on to the command, unlike one that ignores.
 */
const SCRIPT = `trap : INT TERM HUP
exit_file=$1; shift
"$@"
code=$?
printf '%s\\n' "$code" > "$exit_file.partial" && mv "$exit_file.partial" "$exit_file"
exit "$code"`;

/** How long a group may take to end itself. */
const GRACE_MS = 30_000;

/** A signal that comes while the shell has not begun the command yet is lost, so it is repeated. */
const REPEAT_MS = 5000;

/** What a process job needs beside its plan. */
export interface ProcessJobOptions {
  /** The run's folder as this machine sees it. */
  readonly folder: string;
  /** The environment that the plan's is added to. */
  readonly environment: NodeJS.ProcessEnv;
  readonly clock?: Clock;
}

/** The variable that marks every process of an attempt. */
const MARK = 'GEOR_JOB';

const markOf = (folder: string, attempt: number): string => `${folder}#${attempt}`;

const exitFile = (folder: string, attempt: number): string =>
  join(folder, 'logs', `attempt-${attempt}.exit`);

/**
 * Starts a command in a group of its own.
 *
 * @throws GeorError `data` when its files cannot be written, `engine` when there is no shell
 */
export async function startProcess(
  plan: LaunchPlan,
  attempt: number,
  { folder, environment, clock = systemClock }: ProcessJobOptions,
): Promise<ProcessJob> {
  const log = join(folder, plan.logFile);
  const exit = exitFile(folder, attempt);
  const output = writing(log, () => {
    mkdirSync(dirname(log), { recursive: true });
    mkdirSync(dirname(join(folder, plan.metricsFile)), { recursive: true });
    rmSync(exit, { force: true });
    return openSync(log, 'a');
  });
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'geor-launch', exit, ...plan.command], {
    cwd: plan.workingDirectory,
    env: { ...environment, ...plan.environment, [MARK]: markOf(folder, attempt) },
    detached: true,
    stdio: ['ignore', output, output],
  });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  } catch (cause) {
    throw new GeorError('engine', `cannot start in ${plan.workingDirectory}: ${cause}`, {
      hint: 'the folder must be there and /bin/sh must be allowed to run',
      cause,
    });
  } finally {
    closeSync(output);
  }
  child.unref();
  const pid = child.pid!;
  const reference: JobReference = { kind: 'process', pid, startedAt: processStart(pid) };
  return new ProcessJob(reference, attempt, folder, plan.logFile, clock);
}

/** A process group, ours or found again. */
export class ProcessJob implements Job {
  readonly reference: Extract<JobReference, { kind: 'process' }>;
  readonly #exit: string;
  readonly #mark: string;
  readonly #log: string;
  readonly #clock: Clock;

  constructor(
    reference: Extract<JobReference, { kind: 'process' }>,
    attempt: number,
    folder: string,
    logFile = `logs/attempt-${attempt}.log`,
    clock = systemClock,
  ) {
    this.reference = reference;
    this.#exit = exitFile(folder, attempt);
    this.#mark = markOf(folder, attempt);
    this.#log = join(folder, logFile);
    this.#clock = clock;
  }

  async state(): Promise<JobState> {
    const { pid, startedAt } = this.reference;
    const isAlive = isRunning(pid, startedAt); // asked first: the file is written before the end
    if (existsSync(this.#exit)) {
      const exitCode = Number(readFileSync(this.#exit, 'utf8').trim());
      if (exitCode === 0) return { state: 'succeeded' };
      this.#killStrays();
      return { state: 'failed', exitCode, message: exitMeaning(exitCode) };
    }
    if (isAlive) return { state: 'running', isWaiting: false };
    this.#killStrays();
    return { state: 'failed', exitCode: null, message: 'it was killed, or the machine went down' };
  }

  async stop(): Promise<void> {
    const { pid, startedAt } = this.reference;
    const begin = this.#clock.nowMs();
    let signals = 0;
    while (isRunning(pid, startedAt) && this.#clock.nowMs() < begin + GRACE_MS) {
      if (this.#clock.nowMs() >= begin + signals * REPEAT_MS) {
        signalGroup(pid, 'SIGTERM');
        signals++;
      }
      await this.#clock.wait(50);
    }
    if (processStart(pid) === startedAt || processStart(pid) === null) signalGroup(pid, 'SIGKILL');
    this.#killStrays();
    while (isRunning(pid, startedAt)) await this.#clock.wait(50);
  }

  /** Ends what has lost its leader: it would go on writing into the same folder. */
  #killStrays(): void {
    for (const pid of processesMarked(MARK, this.#mark)) killProcess(pid);
  }

  async logTail(lines: number): Promise<string[]> {
    return lastLines(this.#log, lines);
  }
}

/** What an exit code says beside its number. */
function exitMeaning(code: number): string | null {
  if (code === 127) return 'the program was not found';
  if (code === 126) return 'the program is not allowed to run';
  if (code === 137) return 'it was killed, most often because the memory of the machine ran out';
  return code > 128 ? `it was ended by signal ${code - 128}` : null;
}
