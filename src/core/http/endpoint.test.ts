import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type EndpointOptions,
  LONGEST_RETRY_AFTER_MS,
  LOST_AT_MOST,
  openEndpoint,
} from './endpoint.ts';
import { limiter } from './limiter.ts';
import { retryAfterMs } from './retry-after.ts';

const baseUrl = 'http://model.test/v1';
const schema = z.object({ ok: z.literal(true) });
const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status });

/** An endpoint whose answers come from a list; pauses are noted, not waited for. */
function scripted(answers: readonly (Response | Error)[], options: Partial<EndpointOptions> = {}) {
  const pauses: number[] = [];
  const requests: Request[] = [];
  const left = [...answers];
  const endpoint = openEndpoint({
    baseUrl,
    model: 'm',
    wait: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    fetch: async (url, init) => {
      requests.push(new Request(url, init));
      const answer = left.shift();
      if (!answer) throw new Error('the script is over');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...options,
  });
  const post = (signal?: AbortSignal) => endpoint.post('x', { a: 1 }, schema, { signal });
  return { post, endpoint, pauses, requests };
}
const lost = () =>
  new TypeError('fetch failed', {
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  });

describe('an endpoint', () => {
  it('sends JSON with the key and hands back what fits the schema', async () => {
    const { post, requests } = scripted([json({ ok: true })], { key: 'k', baseUrl: `${baseUrl}/` });
    expect(await post()).toEqual({ value: { ok: true } });
    expect(requests[0]?.url).toBe('http://model.test/v1/x');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer k');
    expect(await requests[0]?.json()).toEqual({ a: 1 });
  });

  it.each([429, 502, 503, 504])('tries %i again, pausing longer each time', async (status) => {
    const busy = () => json({}, status);
    const { post, pauses } = scripted([busy(), busy(), busy(), json({ ok: true })]);
    expect(await post()).toEqual({ value: { ok: true } });
    expect(pauses).toHaveLength(3);
    for (const [k, longest] of [500, 1000, 2000].entries()) {
      expect(pauses[k]).toBeGreaterThanOrEqual(longest / 2);
      expect(pauses[k]).toBeLessThan(longest);
    }
  });

  it('jitters by its seed', async () => {
    const run = async (seed: number) => {
      const { post, pauses } = scripted([lost(), lost(), json({ ok: true })], { seed });
      await post();
      return pauses;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it.each([400, 401, 404, 422, 500])(
    'fails %i at once, with what the server said',
    async (status) => {
      const said = new Response('no\n such   model k3y', { status });
      const { post, pauses } = scripted([said], { key: 'k3y' });
      expect(await post()).toEqual({
        failure: `${baseUrl} answered ${status}: no such model ***`,
        fault: 'refused',
        status,
        said: 'no\n such   model ***',
      });
      expect(pauses).toEqual([]);
    },
  );

  it('gives up after its retries and says how often it tried', async () => {
    const { post } = scripted([lost(), lost(), lost()], { retries: 2 });
    expect((await post()).failure).toBe(
      `${baseUrl} cannot be reached: ECONNREFUSED (tried 3 times)`,
    );
  });

  it('pauses as long as the server asks for, but not longer than a run can wait', async () => {
    const busy = (seconds: number) =>
      new Response('busy', { status: 429, headers: { 'retry-after': String(seconds) } });
    const { post, pauses } = scripted([busy(7), busy(0), json({ ok: true })]);
    expect(await post()).toEqual({ value: { ok: true } });
    expect(pauses[0]).toBe(7000);
    expect(pauses[1]).toBeGreaterThanOrEqual(500); // 0 s: our own pause
    const seconds = LONGEST_RETRY_AFTER_MS / 1000 + 1;
    const closed = scripted([busy(seconds)]);
    expect((await closed.post()).failure).toContain(`asks for ${seconds} s of silence`);
    expect(closed.pauses).toEqual([]);
  });

  it('ends when its caller gives up: before a try, and inside a pause', async () => {
    const cancelled = { failure: 'cancelled', fault: 'cancelled' };
    const respectful: typeof fetch = async (_, init) => {
      init?.signal?.throwIfAborted();
      return json({}, 503);
    };
    expect(await scripted([], { fetch: respectful }).post(AbortSignal.abort())).toEqual(cancelled);
    const caller = new AbortController();
    const wait = () => {
      caller.abort();
      return new Promise<never>(() => undefined);
    };
    const { post } = scripted([], { fetch: respectful, wait });
    expect(await post(caller.signal)).toEqual(cancelled);
  });

  it('asks with GET without a body', async () => {
    const { endpoint, requests } = scripted([json({ ok: true })]);
    expect(await endpoint.get('models', schema)).toEqual({ value: { ok: true } });
    expect(requests[0]?.method).toBe('GET');
    expect(requests[0]?.headers.has('content-type')).toBe(false);
  });

  it('does not follow a redirect to another host', async () => {
    const { post, requests } = scripted([
      new Response(null, { status: 302, headers: { location: 'http://elsewhere.test' } }),
    ]);
    expect((await post()).failure).toContain('answered 302');
    expect(requests[0]?.redirect).toBe('manual');
  });

  it.each([
    ['<html>busy</html>', 'answered no JSON: <html>busy</html>'],
    ['{"ok": tr', 'answered no JSON: {"ok": tr'],
    ['', 'answered no JSON: nothing'],
    ['{"ok": false}', 'answered other JSON: ok:'],
    ['x'.repeat(500), `answered no JSON: ${'x'.repeat(160)}...`],
  ])('reports an answer of %j', async (body, reason) => {
    expect((await scripted([new Response(body)]).post()).failure).toContain(reason);
  });

  it('stops retrying a server that is not there, and starts again when it answers', async () => {
    const dead = Array.from({ length: 2 * LOST_AT_MOST + 1 }, lost);
    const { post, pauses } = scripted(
      [...dead, json({ ok: true }), json({}, 503), json({ ok: true })],
      { retries: 1 },
    );
    for (let i = 0; i < LOST_AT_MOST; i++) await post();
    expect(pauses).toHaveLength(LOST_AT_MOST);
    expect((await post()).failure).toBe(`${baseUrl} cannot be reached: ECONNREFUSED`);
    expect(pauses).toHaveLength(LOST_AT_MOST);
    expect(await post()).toEqual({ value: { ok: true } });
    expect(await post()).toEqual({ value: { ok: true } });
    expect(pauses).toHaveLength(LOST_AT_MOST + 1);
  });

  it.each(['ftp://x', 'model', 'http://user:pass@x/v1'])('refuses the address %s', (address) => {
    expect(() => openEndpoint({ baseUrl: address, model: 'm' })).toThrow(/address/);
  });
});

describe('an endpoint on a real socket', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const serve = async (answer: RequestListener): Promise<string> => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const wait = async (): Promise<void> => undefined;

  it('ends a call that hangs', async () => {
    const url = await serve(() => undefined);
    const endpoint = openEndpoint({ baseUrl: url, model: 'm', timeoutMs: 40, wait });
    expect((await endpoint.post('x', {}, schema)).failure).toBe(
      `${url} did not answer within 0.04 s`,
    );
  });

  it('tries again when the connection breaks inside an answer', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '11' });
      if (calls++ > 0) response.end('{"ok":true}');
      else response.write('{"ok"', () => response.destroy());
    });
    const endpoint = openEndpoint({ baseUrl: url, model: 'm', wait });
    expect(await endpoint.post('x', {}, schema)).toEqual({ value: { ok: true } });
    expect(calls).toBe(2);
  });

  it('names a port where nobody listens', async () => {
    const url = await serve(() => undefined);
    server?.close();
    const endpoint = openEndpoint({ baseUrl: url, model: 'm', retries: 0, wait });
    expect((await endpoint.post('x', {}, schema)).failure).toContain('ECONNREFUSED');
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('Wed, 21 Oct 2015 07:28:00 GMT');
  it.each([
    [null, undefined],
    ['120', 120_000],
    [' 0 ', 0],
    ['Wed, 21 Oct 2015 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2015 07:00:00 GMT', 0],
    ['-5x', undefined],
    ['soon', undefined],
  ])('reads %j as %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('limiter', () => {
  it('runs as many at once as allowed, in order, also when some fail', async () => {
    const run = limiter(2);
    let running = 0;
    let most = 0;
    const started: number[] = [];
    const results = await Promise.allSettled(
      Array.from({ length: 7 }, (_, i) =>
        run(async () => {
          started.push(i);
          most = Math.max(most, ++running);
          await Promise.resolve();
          running--;
          if (i % 3 === 0) throw new Error('no');
          return i;
        }),
      ),
    );
    expect(most).toBe(2);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
      ...[false, true, true, false, true, true, false],
    ]);
  });

  it.each([0, 1.5, Number.NaN])('refuses %f calls at once', (concurrency) => {
    expect(() => limiter(concurrency)).toThrow('calls at once');
  });
});
