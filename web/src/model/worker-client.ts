/**
 * The page's end of the worker.
 * @module
 */
import type { Answerer, LocateEvent } from '../shared/events.ts';
import type { Addresses, FromWorker, ToWorker } from './protocol.ts';

/** The worker as the page uses it. */
export interface ModelWorker {
  /** The small model in this browser; told what it is loading. */
  answerer(onLoading: (words: string) => void): Answerer;
}

/** Starts the worker; it loads nothing until it is asked. */
export function startWorker(addresses: Addresses): ModelWorker {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const listeners = new Map<number, (message: FromWorker) => void>();
  const failures = new Map<number, (words: string) => void>();
  let lastId = 0;
  const tell = (message: ToWorker): void => worker.postMessage(message);
  tell({ kind: 'start', addresses });
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    listeners.get(data.id)?.(data);
  });
  worker.addEventListener('error', ({ message }) => {
    for (const fail of failures.values()) fail(message || 'the worker of this page broke');
  });

  return {
    answerer: (onLoading) => ({
      async *ask({ cut }, { samples }, signal) {
        if (!cut) throw new Error('the small model reads tiles');
        const id = ++lastId;
        const waiting: LocateEvent[] = [];
        let wake: () => void = () => {};
        const push = (event: LocateEvent): void => {
          waiting.push(event);
          wake();
        };
        failures.set(id, (message) =>
          push({
            event: 'error',
            error: { code: 'internal', message, hint: 'Load the page again.' },
          }),
        );
        listeners.set(id, (message) => {
          if (message.kind === 'loading') onLoading(message.words);
          else if (message.kind === 'event') push(message.event);
        });
        const stop = (): void => {
          tell({ kind: 'stop', id });
          wake();
        };
        signal.addEventListener('abort', stop);
        tell({ kind: 'ask', id, cut, samples });
        try {
          while (!signal.aborted) {
            const event = waiting.shift();
            if (!event) {
              await new Promise<void>((resolve) => {
                wake = resolve;
              });
              continue;
            }
            yield event;
            if (event.event === 'answer' || event.event === 'error') return;
          }
        } finally {
          signal.removeEventListener('abort', stop);
          listeners.delete(id);
          failures.delete(id);
        }
      },
    }),
  };
}
