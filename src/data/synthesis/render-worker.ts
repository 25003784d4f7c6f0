/**
 * A thread that writes rows: takes jobs by number, gives the lines back.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import { defaultGazetteer } from '../default-gazetteer.ts';
import { createRenderer, type RenderJob, type RenderOptions } from './render.ts';

/** A job on its way to a thread. */
export interface JobMessage {
  readonly number: number;
  readonly job: RenderJob;
}

const render = createRenderer(workerData as RenderOptions, defaultGazetteer());

parentPort?.on('message', ({ number, job }: JobMessage) => {
  const rendered = render(job);
  const lines = new Uint8Array(rendered.lines);
  parentPort?.postMessage({ number, rendered: { ...rendered, lines } }, [lines.buffer]);
});
