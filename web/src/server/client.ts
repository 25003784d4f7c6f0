/**
 * The server the page came from: which model it has, and its answers line by line.
 * @module
 */
import type { LocateError, ModelCards } from '../../../src/serve/locate/events.ts';
import type { Answerer, LocateEvent } from '../shared/events.ts';

/** Asks which models there are. */
export async function loadModels(): Promise<ModelCards> {
  const response = await fetch('v1/model', {
    headers: { accept: 'application/json', ...authorization() },
  });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return (await response.json()) as ModelCards;
}

/** Objects of a stream of JSON lines. */
export async function* jsonLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line.trim()) yield JSON.parse(line);
      if (done) break;
    }
    if (rest.trim()) yield JSON.parse(rest);
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** Asks the server: a photograph as its bytes without a name, a tile as its place. */
export const serverAnswerer: Answerer = {
  async *ask({ photo, cut }, { samples, precision }, signal) {
    let body: FormData | string;
    if (photo) {
      body = new FormData();
      body.append('samples', String(samples));
      body.append('precision', precision);
      body.append('image', photo, 'image');
    } else body = JSON.stringify({ tile: { lat: cut?.lat, lon: cut?.lon }, samples, precision });
    let response: Response;
    try {
      response = await fetch('v1/locate', {
        method: 'POST',
        headers: {
          accept: 'application/jsonl',
          ...(photo ? {} : { 'content-type': 'application/json' }),
          ...authorization(),
        },
        body,
        signal,
      });
    } catch (cause) {
      if (signal.aborted) return;
      throw cause;
    }
    if (!response.ok || !response.body) {
      yield { event: 'error', error: await errorOf(response) };
      return;
    }
    try {
      for await (const line of jsonLines(response.body)) yield line as LocateEvent;
    } catch (cause) {
      if (!signal.aborted) throw cause;
    }
  },
};

async function errorOf(response: Response): Promise<LocateError> {
  const { error } = (await response.json().catch(() => ({}))) as { error?: Partial<LocateError> };
  const { code, message, hint } = error ?? {};
  return {
    code: code ?? 'backend',
    message: message ?? `The server answered ${response.status}.`,
    hint: response.status === 401 ? 'Open this page as …/#token=YOUR-TOKEN.' : (hint ?? ''),
  };
}

/** The token of a service that asks for one: behind `#token=` in the page's address, never sent in it. */
function authorization(): Record<string, string> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  return token ? { authorization: `Bearer ${token}` } : {};
}
