/**
 * Where rows are written: in this thread, or in others.
 *
 * A thread costs half a second and more than 100 MB for its own gazetteer before its first row. The
 * bytes are the same either way.
 * @module
 */
import { Worker } from 'node:worker_threads';
import { GeorError } from '../../core/index.ts';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { createRenderer, type Rendered, type RenderJob, type RenderOptions } from './render.ts';

/** Writes batches of rows; several can be under way, each answers for itself. */
export interface RenderPool {
  /** How many jobs can be under way to keep every thread busy. */
  readonly depth: number;
  render(job: RenderJob): Promise<Rendered>;
  close(): Promise<void>;
}

/** Writes in this thread. */
export function inlinePool(options: RenderOptions): RenderPool {
  const render = createRenderer(options, defaultGazetteer());
  return {
    depth: 1,
    render: async (job) => render(job),
    close: async () => {},
  };
}

/** The thread's program, built; from sources there is none. */
const program = new URL('./render-worker.js', import.meta.url);

/** Whether other threads can be used: they run the built package only. */
export const hasThreads: boolean = import.meta.url.endsWith('.js');

interface Answer {
  readonly number: number;
  readonly rendered: Rendered;
}

interface Waiting {
  readonly resolve: (rendered: Rendered) => void;
  readonly reject: (error: Error) => void;
}

/** Writes in `threads` other threads. */
export function threadPool(options: RenderOptions, threads: number): RenderPool {
  const waiting = new Map<number, Waiting>();
  let failure: Error | undefined;
  const fail = (cause: unknown): void => {
    failure ??= new GeorError('internal', `internal: a writing thread stopped: ${String(cause)}`, {
      cause,
    });
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(program, { workerData: options });
    worker.on('message', ({ number, rendered }: Answer) => {
      waiting.get(number)?.resolve(rendered);
      waiting.delete(number);
    });
    worker.on('error', fail);
    worker.on('exit', (code) => {
      if (waiting.size > 0) fail(`exit code ${code}`);
    });
    return worker;
  });
  let next = 0;
  return {
    depth: threads * 3,
    render: (job) =>
      new Promise((resolve, reject) => {
        if (failure) {
          reject(failure);
          return;
        }
        const number = next++;
        waiting.set(number, { resolve, reject });
        const transfer = [job.lats.buffer as ArrayBuffer, job.lons.buffer as ArrayBuffer];
        workers[number % threads]!.postMessage({ number, job }, transfer);
      }),
    close: async () => {
      waiting.clear();
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
