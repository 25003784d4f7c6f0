/**
 * One supervisor a run: two would start it twice.
 * @module
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writing } from '../../core/node/index.ts';
import { isRunning, processStart } from './running-process.ts';

const holder = z.object({ pid: z.int().positive(), startedAt: z.string().nullable() });

/** The lock of a run's folder. */
export class LaunchLock {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, 'launch.lock');
  }

  /** Takes the lock; otherwise the number of the process that has it. One that died has it no more. */
  take(): number | undefined {
    for (let tries = 0; tries < 2; tries++) {
      const self = { pid: process.pid, startedAt: processStart(process.pid) };
      try {
        writeFileSync(this.#path, `${JSON.stringify(self)}\n`, { flag: 'wx' });
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
          return writing(this.#path, () => {
            throw error;
          });
      }
      const other = this.#holder();
      if (other && isRunning(other.pid, other.startedAt)) return other.pid;
      rmSync(this.#path, { force: true });
    }
    return this.#holder()?.pid ?? 0;
  }

  /** Whether a living process has the lock. */
  get isHeld(): boolean {
    const other = this.#holder();
    return other !== undefined && isRunning(other.pid, other.startedAt);
  }

  /** Gives the lock back. */
  release(): void {
    rmSync(this.#path, { force: true });
  }

  #holder(): z.infer<typeof holder> | undefined {
    try {
      return holder.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch {
      return undefined;
    }
  }
}
