/**
 * The worker: tiles and the small model, loaded when they are first needed.
 * @module
 */
import { GeorError } from '../../../src/core/index.ts';
import { cutTile, type Earth, type Picture } from '../../../src/data/browser/index.ts';
import { growingTexts } from '../../../src/serve/locate/growing-texts.ts';
import type { LocateEvent, TileCut } from '../shared/events.ts';
import { loadEarth } from './load-files.ts';
import type { Addresses, FromWorker, ToWorker } from './protocol.ts';
import { loadSmallModel, type SmallModel } from './small-model.ts';

let addresses: Addresses | undefined;
let earth: Promise<Earth> | undefined;
let model: Promise<SmallModel> | undefined;
const running = new Map<number, AbortController>();

const send = (message: FromWorker): void => postMessage(message);

/** Loads once; a failure is forgotten, so that the next question tries again. */
function theEarth({ earth: address }: Addresses): Promise<Earth> {
  earth ??= loadEarth(address).catch((cause: unknown) => {
    earth = undefined;
    throw cause;
  });
  return earth;
}

function theModel(all: Addresses, tell: (words: string) => void): Promise<SmallModel> {
  model ??= loadSmallModel(all, tell).catch((cause: unknown) => {
    model = undefined;
    throw cause;
  });
  return model;
}

async function tileOf(all: Addresses, cut: TileCut, sizePx: number): Promise<Picture> {
  const data = cutTile(await theEarth(all), { ...cut, sizePx });
  return { width: sizePx, height: sizePx, data };
}

async function handle(message: Exclude<ToWorker, { kind: 'stop' }>): Promise<void> {
  if (message.kind === 'start') addresses = message.addresses;
  if (message.kind === 'start' || !addresses) return;
  const { id, cut } = message;
  const event = (one: LocateEvent): void => send({ kind: 'event', id, event: one });
  const { signal } = running.get(id) ?? new AbortController();
  if (signal.aborted) return;
  try {
    const tell = (words: string): void => send({ kind: 'loading', id, words });
    const loaded = await theModel(addresses, tell);
    tell('Reading the tile');
    const tile = await tileOf(addresses, cut, loaded.sizePx);
    event({ event: 'accepted' });
    const onText = growingTexts((sample, append) => event({ event: 'text', sample, append }));
    const { samples } = message;
    event({ event: 'answer', result: await loaded.locate(tile, { samples, signal, onText }) });
  } catch (cause) {
    event({ event: 'error', error: errorOf(cause) });
  } finally {
    running.delete(id);
  }
}

const errorOf = (cause: unknown): { code: string; message: string; hint: string } =>
  cause instanceof GeorError
    ? { code: cause.code, message: cause.message, hint: cause.hint ?? '' }
    : {
        code: 'internal',
        message: cause instanceof Error ? cause.message : String(cause),
        hint: 'Load the page again.',
      };

// One thing at a time; `stop` alone is heard at once, between two tokens.
let queue = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'stop') {
    running.get(data.id)?.abort();
    return;
  }
  if (data.kind === 'ask') running.set(data.id, new AbortController());
  queue = queue.then(() => handle(data));
});
