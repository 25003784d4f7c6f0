/**
 * The reward service of a run, started for it and kept alive: a process of its own, so that it
 * outlives a killed launcher as the engine does.
 * @module
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { writeFileAtomic, writing } from '../../core/node/index.ts';
import { REWARDS_FILE } from '../follow/run-figures.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { AttemptsFile } from './attempts.ts';
import type { Clock } from './clock.ts';
import { lastLines } from './log-tail.ts';
import { isRunning, processStart, signalGroup } from './running-process.ts';

const announcement = z.object({ url: z.url(), pid: z.int().positive() });

const START_MS = 60_000;
const STOP_MS = 15_000;

/** What a service is started with. */
export interface RewardServiceOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly attempts: AttemptsFile;
  /** Program and arguments that run `geor serve`; flags are added. */
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Called when it had to be started again. */
  readonly onRestart: (reason: string) => void;
}

/** The service of a run, ours or one that an earlier launch left running. */
export class RewardService {
  readonly #options: RewardServiceOptions;
  readonly #log: string;
  #pid = 0;
  #startedAt: string | null = null;
  #url = '';

  private constructor(options: RewardServiceOptions) {
    this.#options = options;
    this.#log = join(options.folder, 'logs', 'reward-service.log');
  }

  /**
   * Starts the service on a free port of loopback, or finds the one that still runs.
   *
   * @throws GeorError `engine` when it does not come up
   */
  static async start(options: RewardServiceOptions): Promise<RewardService> {
    const service = new RewardService(options);
    const known = options.attempts.service;
    if (known && isRunning(known.pid, known.startedAt)) {
      service.#pid = known.pid;
      service.#startedAt = known.startedAt;
      service.#url = known.url;
    } else {
      // The same port as before: an engine that still runs asks there.
      await service.#launch(known ? new URL(known.url).port : '0');
    }
    return service;
  }

  /** Its base address. */
  get url(): string {
    return this.#url;
  }

  /**
   * Starts the service again when it has died; engines ask again until it answers.
   *
   * @throws GeorError `engine` when it does not come up
   */
  async tend(): Promise<void> {
    if (isRunning(this.#pid, this.#startedAt)) return;
    const [reason = 'no word'] = lastLines(this.#log, 1);
    this.#options.onRestart(reason);
    await this.#launch(new URL(this.#url).port);
  }

  /** Lets it answer what it has begun, then ends it. */
  async stop(): Promise<void> {
    const { clock } = this.#options;
    const until = clock.nowMs() + STOP_MS;
    if (!isRunning(this.#pid, this.#startedAt)) return;
    signalGroup(this.#pid, 'SIGTERM');
    while (isRunning(this.#pid, this.#startedAt) && clock.nowMs() < until) await clock.wait(50);
    if (isRunning(this.#pid, this.#startedAt)) signalGroup(this.#pid, 'SIGKILL');
  }

  async #launch(port: string): Promise<void> {
    const { folder, manifest, command, environment, attempts, clock } = this.#options;
    const configFile = join(folder, 'logs', 'reward-config.json');
    const announced = join(folder, 'logs', 'reward-service.json');
    const [output, errors] = writing(announced, () => {
      mkdirSync(join(folder, 'logs'), { recursive: true });
      writeFileAtomic(configFile, `${JSON.stringify(manifest.reward?.config)}\n`);
      return [openSync(announced, 'w'), openSync(this.#log, 'a')] as const;
    });
    const [program = '', ...first] = command;
    const flags = ['--port', port, '--json', '--rewards', configFile];
    const child = spawn(program, [...first, ...flags, '--log', join(folder, REWARDS_FILE)], {
      env: environment,
      detached: true,
      stdio: ['ignore', output, errors],
    });
    let failure: unknown;
    child.once('error', (error) => {
      failure = error;
    });
    closeSync(output);
    closeSync(errors);
    child.unref();
    const until = clock.nowMs() + START_MS;
    for (;;) {
      const found = readAnnouncement(announced);
      if (found) {
        this.#pid = child.pid!; // the leader of its group, also when workers answer
        this.#startedAt = processStart(this.#pid);
        this.#url = found.url.replace(/\/+$/, '');
        attempts.add({
          ...{ event: 'service', at: new Date(clock.nowMs()).toISOString(), url: this.#url },
          ...{ pid: this.#pid, startedAt: this.#startedAt },
        });
        return;
      }
      const isGone = failure !== undefined || child.exitCode !== null || child.signalCode !== null;
      if (isGone || clock.nowMs() > until) {
        if (!isGone) signalGroup(child.pid!, 'SIGKILL');
        throw new GeorError('engine', 'the reward service did not start', {
          hint:
            lastLines(this.#log, 5).join('\n') ||
            `${this.#log} is empty: ${failure ?? 'it took too long'}`,
          cause: failure,
        });
      }
      await clock.wait(50);
    }
  }
}

function readAnnouncement(path: string): z.infer<typeof announcement> | undefined {
  try {
    const [line = '', rest] = readFileSync(path, 'utf8').split('\n');
    return rest === undefined ? undefined : announcement.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
