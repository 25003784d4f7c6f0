import { Hono } from 'hono';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GeorError } from '../core/index.ts';
import { geoRReward } from '../rewards/index.ts';
import { ApiError } from './api-error.ts';
import { type AppOptions, createApp } from './app.ts';
import type { AppPart } from './app-part.ts';
import { BODY_LIMIT_BYTES } from './read-json.ts';

const paris = { lat: 48.8566, lon: 2.3522 };
const sample = { id: 'a', completion: 'Country: France (48.8566, 2.3522)', target: paris };
const rewards = { reward: geoRReward(), config: 'sha256:c' };
const app = (options: Partial<AppOptions> = {}) => createApp({ version: '1', rewards, ...options });

const json = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = json) => ({
  method: 'POST',
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
/** Status, code and headers of an answer that should be an error. */
async function fault(answer: Response) {
  const body = (await answer.json()) as { error: Record<string, string> };
  expect(Object.keys(body)).toEqual(['error']);
  expect(Object.keys(body.error)).toEqual(['code', 'message', 'hint']);
  return { status: answer.status, ...body.error };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an app', () => {
  it('is ready, under its version and configuration', async () => {
    const answer = await app().request('/health');
    expect(await answer.json()).toEqual({ status: 'ready', version: '1', config: 'sha256:c' });
    const stopping = await app({ isStopping: () => true }).request('/health');
    expect(await fault(stopping)).toMatchObject({ status: 503, code: 'stopping' });
    expect(stopping.headers.get('retry-after')).toBe('1');
    expect(stopping.headers.get('connection')).toBe('close');
  });

  it('says what is not there, and which methods are', async () => {
    expect(await fault(await app().request('/v1/nothing'))).toMatchObject({ status: 404 });
    const answer = await app().request('/v1/rewards');
    expect(answer.headers.get('allow')).toBe('POST');
    expect(await fault(answer)).toMatchObject({ status: 405, code: 'wrong-method' });
    const other = await app().request('/health', { method: 'DELETE' });
    expect(other.headers.get('allow')).toBe('GET, HEAD');
    expect((await app().request('/health', { method: 'HEAD' })).status).toBe(200);
  });

  it('never lets a page of another origin in', async () => {
    const answer = await app().request('/v1/rewards', {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(405);
    const simple = await app().request(
      '/v1/rewards',
      post({ v: 1, samples: [sample] }, { 'content-type': 'text/plain' }),
    );
    expect(await fault(simple)).toMatchObject({ status: 415, code: 'not-json-type' });
    for (const { headers } of [answer, simple])
      expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('asks for its token on every route that is not public', async () => {
    const guarded = app({ token: 'secret', hosts: ['localhost'] });
    for (const path of ['/v1/rewards', '/openapi.json', '/v1/nothing']) {
      const answer = await guarded.request(path);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(await fault(answer)).toMatchObject({ status: 401, code: 'no-token' });
    }
    const withToken = (authorization: string) =>
      guarded.request('/openapi.json', { headers: { authorization } });
    for (const wrong of ['Bearer secre', 'Bearer secret2', 'Bearer SECRET', 'Bearer'])
      expect((await withToken(wrong)).status, wrong).toBe(401);
    const basic = (text: string) => withToken(`Basic ${Buffer.from(text).toString('base64')}`);
    for (const wrong of ['secret', 'secret:', 'any:secre', ':'])
      expect((await basic(wrong)).status, wrong).toBe(401);
    expect((await basic('any:secret')).status).toBe(200);
    expect((await withToken('bearer secret')).status).toBe(200);
    expect((await guarded.request('/health')).status).toBe(200);
  });

  it('answers only what is addressed to its hosts', async () => {
    const local = app({ hosts: ['localhost', '127.0.0.1', '[::1]'] });
    const to = async (host: string) =>
      (await local.request('/health', { headers: { host } })).status;
    for (const host of ['localhost', 'LocalHost:80', '127.0.0.1:8731', '[::1]:8731'])
      expect(await to(host), host).toBe(200);
    for (const host of ['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test:80', ''])
      expect(await to(host), host).toBe(403);
  });

  it('tells nobody but its own log what failed inside', async () => {
    const told: unknown[] = [];
    const failing = app({
      rewards: { ...rewards, reward: () => Promise.reject(new Error('/home/me/secret')) },
      onFault: (error) => told.push(error),
    });
    const answer = await failing.request('/v1/rewards', post({ v: 1, samples: [sample] }));
    const text = await answer.clone().text();
    expect(await fault(answer)).toMatchObject({ status: 500, code: 'internal' });
    expect(text).not.toContain('secret');
    expect(told).toEqual([new Error('/home/me/secret')]);
  });

  it('is put together from parts, with their errors in its shape', async () => {
    const routes = new Hono();
    routes.get('/busy', () => {
      throw new ApiError(429, 'busy', 'too much at once', 'wait', 7);
    });
    routes.get('/silent', () => {
      throw new GeorError('backend', 'the server does not answer', { hint: 'start it' });
    });
    routes.get('/usage', () => {
      throw new GeorError('usage', 'that makes no sense');
    });
    const part: AppPart = { routes, paths: { '/busy': { get: { summary: 'busy' } } } };
    const whole = app({ parts: [part], token: 't' });
    expect((await whole.request('/busy')).status).toBe(401);
    const headers = { authorization: 'Bearer t' };
    const busy = await whole.request('/busy', { headers });
    expect(busy.headers.get('retry-after')).toBe('7');
    expect(await fault(busy)).toMatchObject({ status: 429, code: 'busy', hint: 'wait' });
    expect(await fault(await whole.request('/silent', { headers }))).toMatchObject({
      status: 503,
      hint: 'start it',
    });
    expect((await whole.request('/usage', { headers })).status).toBe(422);
    const document = await (await whole.request('/openapi.json', { headers })).json();
    expect(document).toMatchObject({ paths: { '/busy': { get: { summary: 'busy' } } } });
    const open = app({ parts: [{ ...part, isPublic: true }], token: 't' });
    expect((await open.request('/busy')).status).toBe(429);
  });
});

describe('a JSON body', () => {
  const send = (init: RequestInit) => app().request('/v1/rewards', init);

  it('is of its type, not encoded, in UTF-8, and JSON', async () => {
    const body = { v: 1, samples: [sample] };
    expect(
      (await send(post(body, { 'content-type': 'application/json; charset=UTF-8' }))).status,
    ).toBe(200);
    const latin = { 'content-type': 'application/json; charset=latin1' };
    expect((await send(post(body, latin))).status).toBe(415);
    expect((await send(post(body, { ...json, 'content-encoding': 'gzip' }))).status).toBe(415);
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]);
    expect(await fault(await send({ method: 'POST', headers: json, body: bytes }))).toMatchObject({
      status: 400,
      code: 'not-utf-8',
    });
    for (const text of ['', '{', '{"v":1} x', '{"v": NaN}'])
      expect(await fault(await send(post(text))), text).toMatchObject({ status: 400 });
  });

  it('that is broken off is no fault of the service', async () => {
    const told: unknown[] = [];
    const body = new ReadableStream({
      start: (controller) => controller.error(new Error('aborted')),
    });
    const init = { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit;
    const answer = await app({ onFault: (error) => told.push(error) }).request('/v1/rewards', init);
    expect(await fault(answer)).toMatchObject({ status: 400, code: 'broken-off' });
    expect(told).toEqual([]);
  });

  it('is within the limit, whether it says its length or not', async () => {
    const long = JSON.stringify({ v: 1, samples: [], run: 'x'.repeat(BODY_LIMIT_BYTES) });
    const said = post(long, { ...json, 'content-length': String(long.length) });
    expect(await fault(await send(said))).toMatchObject({ status: 413, code: 'too-long' });
    expect((await send(post(long))).status).toBe(413);
    const padded = `${JSON.stringify({ v: 1, samples: [sample] })}${' '.repeat(1 << 20)}`;
    expect((await send(post(padded))).status).toBe(200);
  });
});
