import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { geoRReward } from '../../rewards/index.ts';
import { createApp } from '../app.ts';
import { BODY_LIMIT_BYTES } from '../read-json.ts';
import { drain } from './drain.ts';
import { checkAddress, isLoopback, type Listening, listen } from './listen.ts';
import { openLogFile } from './log-file.ts';

const app = createApp({ version: '1', rewards: { reward: geoRReward(), config: 'c' } });
let service: Listening | undefined;
afterEach(async () => {
  if (service) await drain(service.server, AbortSignal.abort());
  service = undefined;
});

/** Opens a connection, writes, and gives all that comes back until it closes. */
async function exchange(port: number, ...pieces: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  for (const piece of pieces) socket.write(piece);
  let answer = '';
  for await (const piece of socket.setEncoding('utf8')) answer += piece;
  return answer;
}
const portOf = ({ url }: Listening): number => Number(new URL(url).port);

describe('listen', () => {
  it('keeps connections longer than clients do', async () => {
    service = await listen(app, { host: '127.0.0.1', port: 0 });
    const { headers } = await fetch(`${service.url}/health`);
    expect(headers.get('keep-alive')).toBe('timeout=75');
  });

  it('cuts off who sends headers or a body too slowly', async () => {
    service = await listen(app, {
      host: '127.0.0.1',
      port: 0,
      limits: { headersMs: 50, requestMs: 100, checkMs: 10 },
    });
    const port = portOf(service);
    expect(await exchange(port, 'POST /v1/rewards HTTP/1.1\r\nhost: x\r\n')).toContain(' 408 ');
    const head = 'POST /v1/rewards HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    expect(await exchange(port, `${head}content-length: 10\r\n\r\n{`)).toContain(' 408 ');
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
  });

  it('refuses a body that is too long before it comes, and one that turns out to be', async () => {
    service = await listen(app, { host: '127.0.0.1', port: 0 });
    const head =
      'POST /v1/rewards HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n';
    const length = `content-length: ${BODY_LIMIT_BYTES + 1}\r\n\r\n`;
    expect(await exchange(portOf(service), head + length)).toContain(' 413 ');
    const piece = Buffer.from(`100000\r\n${' '.repeat(0x100000)}\r\n`);
    const pieces = Array.from({ length: 17 }, () => piece);
    const chunked = `${head}transfer-encoding: chunked\r\n\r\n`;
    expect(await exchange(portOf(service), chunked, ...pieces)).toContain(' 413 ');
    expect((await fetch(`${service.url}/health`)).status).toBe(200);
  });

  it('says when an address is taken', async () => {
    service = await listen(app, { host: '127.0.0.1', port: 0 });
    const taken = { host: '127.0.0.1', port: portOf(service) };
    await expect(listen(app, taken)).rejects.toMatchObject({ code: 'usage' });
    await expect(checkAddress(taken)).rejects.toThrow('EADDRINUSE');
    expect(await checkAddress({ host: '127.0.0.1', port: 0 })).toBeGreaterThan(0);
  });

  it('knows its own addresses', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])
      expect(isLoopback(host), host).toBe(true);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.test', 'localhost.test'])
      expect(isLoopback(host), host).toBe(false);
  });
});

describe('drain', () => {
  it('lets what is under way be answered, and takes nothing new', async () => {
    let letGo = (): void => {};
    const gone = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const waiting = createApp({
      version: '1',
      rewards: {
        config: 'c',
        reward: async (batch) => {
          reached();
          await gone;
          return geoRReward()(batch);
        },
      },
    });
    let reached = (): void => {};
    const underWay = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const { server, url } = await listen(waiting, { host: '127.0.0.1', port: 0 });
    const sample = { id: 1, completion: '(1, 2)', target: { lat: 1, lon: 2 } };
    const answer = fetch(`${url}/v1/rewards`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ v: 1, samples: [sample] }),
    });
    await underWay;
    const drained = drain(server, new AbortController().signal);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    letGo();
    expect((await answer).status).toBe(200);
    expect(await drained).toBe(true);
  });

  it('cuts off at the end of its grace', async () => {
    const { server, url } = await listen(app, { host: '127.0.0.1', port: 0 });
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    socket.write('POST /v1/rewards HTTP/1.1\r\nhost: x\r\n');
    await once(server, 'connection');
    socket.on('error', () => {});
    expect(await drain(server, AbortSignal.abort())).toBe(false);
  });
});

describe('openLogFile', () => {
  it('adds whole lines, also behind half of one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'geor-log-'));
    const path = join(folder, 'deep', 'rewards.jsonl');
    const first = openLogFile(path);
    first.write({ a: 1 });
    first.close();
    writeFileSync(path, '{"a":1}\n{"a":');
    const second = openLogFile(path);
    second.write({ a: 2 });
    second.close();
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":\n{"a":2}\n');
    const third = openLogFile(path);
    third.write({ a: 3 });
    third.close();
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":\n{"a":2}\n{"a":3}\n');
    expect(() => openLogFile(folder)).toThrow('it is a folder');
    rmSync(folder, { recursive: true });
  });
});
