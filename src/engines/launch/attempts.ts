/**
 * What happened to a run: `attempts.jsonl` in its folder, one event a line, only ever appended to.
 *
 * It is all that a `geor launch` needs to take up a run that another one left, killed or not.
 * @module
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GeorError } from '../../core/index.ts';
import { writing } from '../../core/node/index.ts';

/** Name of the file in the run's folder. */
export const ATTEMPTS_FILE = 'attempts.jsonl';

const jobReference = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('process'),
    pid: z.int().positive(),
    /** When the operating system says it began: numbers of processes are used again. */
    startedAt: z.string().nullable(),
  }),
  z.object({ kind: z.literal('ray-job'), address: z.string(), submissionId: z.string() }),
]);

/** Where to find what was started. */
export type JobReference = z.infer<typeof jobReference>;

const attempt = z.int().positive();
const at = z.iso.datetime();
const event = z.discriminatedUnion('event', [
  z.object({
    ...{ event: z.literal('started'), attempt, at, job: jobReference },
    /** Steps done at the checkpoint it goes on from; 0 from the start. */
    resumedFrom: z.int().nonnegative(),
    /** The reward service's address. */
    rewardUrl: z.string().nullable(),
  }),
  z.object({
    ...{ event: z.literal('ended'), attempt, at },
    outcome: z.enum(['succeeded', 'failed', 'stopped']),
    exitCode: z.int().nullable(),
    /** Why, in a sentence. */
    reason: z.string().nullable(),
  }),
  z.object({
    ...{ event: z.literal('service'), at, url: z.string(), pid: z.int().positive() },
    startedAt: z.string().nullable(),
  }),
]);

/** A line of the file. */
export type AttemptEvent = z.infer<typeof event>;

/** An attempt to run the engine. */
export interface Attempt {
  readonly number: number;
  readonly started: Extract<AttemptEvent, { event: 'started' }>;
  /** Absent while it runs, or when nobody saw it end. */
  readonly ended: Extract<AttemptEvent, { event: 'ended' }> | undefined;
}

/** The file, read and added to. */
export class AttemptsFile {
  readonly path: string;
  #events: AttemptEvent[];

  /**
   * @param folder - of the run
   * @throws GeorError `data` when a line is not an event; a torn last line is left out
   */
  constructor(folder: string) {
    this.path = join(folder, ATTEMPTS_FILE);
    this.#events = this.#read();
  }

  #read(): AttemptEvent[] {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch {
      return [];
    }
    const events: AttemptEvent[] = [];
    for (const [i, line] of text.split('\n').slice(0, -1).entries()) {
      try {
        events.push(event.parse(JSON.parse(line)));
      } catch (cause) {
        throw new GeorError('data', `${this.path}:${i + 1} is not an event of a run`, {
          hint: 'remove the line',
          cause,
        });
      }
    }
    return events;
  }

  /** Writes an event at the end. */
  add(added: AttemptEvent): void {
    writing(this.path, () => appendFileSync(this.path, `${JSON.stringify(added)}\n`));
    this.#events.push(added);
  }

  /** Reads again what another process may have added. */
  refresh(): void {
    this.#events = this.#read();
  }

  /** All attempts, the first one first. */
  get attempts(): Attempt[] {
    return this.#events
      .filter((one) => one.event === 'started')
      .map((started) => ({
        number: started.attempt,
        started,
        ended: this.#events.find(
          (one) => one.event === 'ended' && one.attempt === started.attempt,
        ) as Attempt['ended'],
      }));
  }

  /** The attempt that began last. */
  get last(): Attempt | undefined {
    return this.attempts.at(-1);
  }

  /** The reward service that was started last for this run. */
  get service(): Extract<AttemptEvent, { event: 'service' }> | undefined {
    return this.#events.findLast((one) => one.event === 'service');
  }
}
