import { beforeAll, describe, expect, it } from 'vitest';
import { wholePhotograph } from '../../../test/support/hostile/index.ts';
import { talkingBackend } from '../../../test/support/talking-backend.ts';
import { type Backend, type LocateResult, locatePhoto } from '../../locate/index.ts';
import { createApp } from '../app.ts';
import { locateService } from '../node/locate-service.ts';
import type { LocateEvent } from './events.ts';
import { type LocateService, locatePart } from './locate-part.ts';

const BERGEN = 'Country: Norway\nState: Vestland\nCity: Bergen\nCoordinates: (60.39, 5.32)';

const appOf = (backend: Backend | undefined, more: Partial<LocateService> = {}) =>
  createApp({
    version: '1',
    parts: [locatePart({ service: backend && { ...locateService(backend), ...more } })],
  });

const ask = (app: ReturnType<typeof appOf>, body: object, headers: Record<string, string> = {}) =>
  app.request('/v1/locate', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const tile = { lat: 60.4, lon: 5.3 };

describe('POST /v1/locate', () => {
  let image = '';
  beforeAll(async () => {
    image = (await wholePhotograph()).toString('base64');
  });

  it('answers a picture in base64 down to the city, a tile to the point', async () => {
    const app = appOf(talkingBackend([BERGEN]));
    const picture = (await (await ask(app, { image, samples: 2 })).json()) as LocateResult;
    expect([picture.precision, picture.samples, picture.levels.at(-1)?.name]).toEqual([
      ...['city', [], 'Bergen'],
    ]);
    const cut = (await (await ask(app, { tile, samples: 2 })).json()) as LocateResult;
    expect([cut.precision, cut.point]).toEqual(['point', { lat: 60.39, lon: 5.32 }]);
  });

  it('has calibrated radii for what is asked the way its calibration was made for', async () => {
    const scope = {
      ...{ model: 'stub', contract: 'geo-r', condition: 'cor', samples: 2, temperature: 0.7 },
      ...{ method: 'reward', structured: 'auto' as const },
    };
    const calibration = { version: 1, n: 9, date: '', radii: { half: 3, most: 7 } } as const;
    const texts = [BERGEN, BERGEN.replace('60.39', '61.39')];
    const holdOf = async (samples: number, model: string) => {
      const made = { ...calibration, scope: { ...scope, model } };
      const answer = await ask(appOf(talkingBackend(texts), { calibration: made }), {
        tile,
        samples,
      });
      return ((await answer.json()) as LocateResult).radii?.hold;
    };
    expect(await holdOf(2, 'stub')).toBe('calibrated');
    expect(await holdOf(3, 'stub')).toBe('samples');
    expect(await holdOf(2, 'another')).toBe('samples');
  });

  it('takes a form, and the same picture gives the same answer', async () => {
    const app = appOf(talkingBackend([BERGEN]));
    const form = new FormData();
    form.append('image', new Blob([Buffer.from(image, 'base64')]), 'Reykjavik.jpg');
    form.append('samples', '3');
    form.append('precision', 'point');
    const response = await app.request('/v1/locate', { method: 'POST', body: form });
    const inJson = await ask(app, { image, samples: 3, precision: 'point' });
    expect(await response.json()).toEqual(await inJson.json());
  });

  it('tells what happens, a line each, and ends with what it would have answered', async () => {
    const app = appOf(talkingBackend([BERGEN]));
    const lines = await ask(app, { tile, samples: 2 }, { accept: 'application/jsonl' });
    expect(lines.headers.get('content-type')).toBe('application/jsonl');
    const events = (await lines.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LocateEvent);
    expect([...new Set(events.map(({ event }) => event))]).toEqual(['accepted', 'text', 'answer']);
    const texts = events.flatMap((one) =>
      one.event === 'text' && one.sample === 1 ? one.append : [],
    );
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.join('')).toBe(BERGEN);
    const last = events.at(-1)!;
    expect(last.event === 'answer' && last.result).toEqual(
      await (await ask(app, { tile, samples: 2 })).json(),
    );
  });

  it('refuses a photograph where the model reads tiles, and says what to do', async () => {
    const app = appOf({ ...talkingBackend([BERGEN]), reads: 'satellite-tiles' });
    const response = await ask(app, { image });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: { code: 'unread-kind', hint: expect.stringContaining('--backend') },
    });
    expect((await ask(app, { tile })).status).toBe(200);
  });

  it('has no room for more than its capacity, and room again afterwards', async () => {
    const waiting: (() => void)[] = [];
    const stub = talkingBackend([BERGEN]);
    const slow: Backend = {
      ...stub,
      ask: async (...given) => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return stub.ask(...given);
      },
    };
    const app = appOf(slow, { capacity: 2 });
    const first = [ask(app, { tile }), ask(app, { tile })];
    await expect.poll(() => waiting.length).toBe(2);
    const refused = await ask(app, { tile });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    for (const go of waiting.splice(0)) go();
    for (const response of await Promise.all(first)) expect(response.status).toBe(200);
    const again = ask(app, { tile }, { accept: 'application/jsonl' });
    await expect.poll(() => waiting.length).toBe(1);
    // a reader who leaves gives the room back as soon as the model lets go
    await (await again).body!.cancel();
    for (const go of waiting.splice(0)) go();
    await new Promise(setImmediate);
    const more = [ask(app, { tile }), ask(app, { tile })];
    await expect.poll(() => waiting.length).toBe(2);
    for (const go of waiting.splice(0)) go();
    for (const response of await Promise.all(more)) expect(response.status).toBe(200);
  });

  it('gives up after its time', async () => {
    const stuck: Backend = {
      ...talkingBackend([BERGEN]),
      ask: (_, __, { signal }) =>
        new Promise((resolve) => {
          signal!.addEventListener('abort', () =>
            resolve({ completions: [], failures: [{ reason: 'cancelled' }] }),
          );
        }),
    };
    const response = await ask(appOf(stuck, { timeLimitMs: 1 }), { tile });
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ error: { code: 'too-slow' } });
  });

  it('says that it has no model, and which it has', async () => {
    expect((await ask(appOf(undefined), { tile })).status).toBe(503);
    expect(await (await appOf(undefined).request('/v1/model')).json()).toEqual({});
    const cards = await (await appOf(talkingBackend([BERGEN])).request('/v1/model')).json();
    expect(cards).toEqual({
      server: { name: 'a talking stub', reads: 'photographs', isRemote: false },
    });
  });

  it('is described', async () => {
    const response = await appOf(talkingBackend([BERGEN])).request('/openapi.json');
    expect(await response.json()).toMatchObject({
      paths: { '/v1/locate': { post: {} }, '/v1/model': { get: {} } },
      components: { schemas: { LocateRequest: { properties: { image: {}, tile: {} } } } },
    });
  });

  it('answers as the library does', async () => {
    const backend = talkingBackend([BERGEN]);
    const service = locateService(backend);
    const { gazetteer } = service;
    const own = await locatePhoto(service.cutTile(tile), backend, { samples: 2, gazetteer });
    const over = await (await ask(appOf(backend), { tile, samples: 2 })).json();
    expect(over).toEqual(JSON.parse(JSON.stringify(own)));
  });
});
